"""Measure the loop as the learner meets it: save a file, wait for the verdict.

Both ways run real pytest-watch on a pseudo-terminal, in one temporary copy of the
checkout, with the same tests and the same plugin:
    warm  as the course is set up: the spare interpreter, this course's spool
    cold  as pytest-watch comes: `python -m pytest` at each save, a spool of 200 ms
"""

import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from katas.dojo.bench.pseudo_terminal import Terminal
from katas.dojo.course import index, stubs
from katas.dojo.store import paths
from katas.dojo.warm import registry

COMMANDS = {
    "warm": ["ptw"],
    "cold": ["ptw", "--runner", "python -m pytest", "--spool", "200"],
}
KINDS = ("blank", "solved")
PAUSE = 1.5  # s after a verdict, in which a cold run ends


@contextlib.contextmanager
def copy_of_checkout():
    """A temporary copy of what a learner has, to be written in."""
    with tempfile.TemporaryDirectory(prefix="katas-") as place:
        root = Path(place).resolve()
        hidden = shutil.ignore_patterns("__pycache__")
        for name in ("katas", "solutions", "notes"):
            if (paths.root() / name).exists():
                shutil.copytree(paths.root() / name, root / name, ignore=hidden)
        for name in (".pytest.ini", "pyproject.toml"):
            shutil.copy(paths.root() / name, root / name)
        yield root


def surroundings(root, **more):
    """The environment of a program that works in a copy of the checkout."""
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    inherited.pop("KATAS_PTW", None)
    own = {"KATAS_ROOT": str(root), "PYTHONPATH": str(root), "PATH": path}
    return {"TERM": "xterm-256color", **inherited, **own, **more}


def sources(day):
    """What stands in a day's two files, blank and solved: {kind: {name: text}}."""
    topic, quiz = day.file.name, day.quiz.name
    return {
        "blank": {topic: stubs.stub_text(day), quiz: stubs.quiz_text(day)},
        "solved": {
            topic: day.solution.read_text("utf-8"),
            quiz: day.solution_quiz.read_text("utf-8"),
        },
    }


def write(root, day, texts):
    """Write a day's two files, the topic last: its save starts the run that counts."""
    for name, text in reversed(texts.items()):
        (root / "katas" / day.name / name).write_text(text, "utf-8")


class Loop:
    """One pytest-watch at work in a copy of the checkout."""

    def __init__(self, way, root, day):
        self.root = root
        self.lay_out(day, sources(day)["blank"])
        began = time.monotonic()
        self.terminal = Terminal(COMMANDS[way], root, surroundings(root))
        self.first = self._verdict(day, 0) - began  # s from the start of ptw
        self.megabytes = []

    def lay_out(self, day, texts):
        """Make a day today's and write its files; return when the last was saved."""
        (self.root / ".dojo").mkdir(exist_ok=True)
        today = json.dumps({"today": day.number})
        (self.root / ".dojo" / "state.json").write_text(today)
        write(self.root, day, texts)
        return time.monotonic()

    def save(self, day, texts):
        """Seconds from a save to its verdict."""
        start = len(self.terminal.text)
        saved = self.lay_out(day, texts)
        return self._verdict(day, start) - saved

    def _verdict(self, day, start):
        pattern = rf"day {day.number:02d}\b.*?\d+ of \d+ passed"
        return self.terminal.wait_for(pattern, 240, start)[1]

    def rest(self, way):
        """Wait as a typing learner does, until the next save can be answered."""
        self.terminal.read(PAUSE)
        while way == "warm" and not (spare := self._spare()):
            self.terminal.read(0.2)
        if way == "warm":
            self.megabytes.append(memory(spare))

    def _spare(self):
        folder = Path(registry.folder(str(self.root)))
        for path in folder.glob(f"{self.terminal.pid}-*.json"):
            with contextlib.suppress(OSError, ValueError):
                record = json.loads(path.read_text())
                if record.get("ready"):
                    return record["pid"]
        return None


def memory(pid):
    """Resident memory of a process [MB]."""
    said = subprocess.run(
        ["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True
    )
    return int(said.stdout) / 1024


def loop(days, repeat, tell=print):
    """Measure some days; return what `bench loop --json` prints."""
    seconds = {}  # {(day, kind, way): [s]}
    first, megabytes = {}, []
    with copy_of_checkout() as root:
        for day in index.built_days():  # a day is learnt when those before are solved
            write(root, day, sources(day)["solved"])
        for way in COMMANDS:
            running = Loop(way, root, days[0])
            with running.terminal:
                first[way] = running.first
                for day in days:
                    for kind, texts in sources(day).items():
                        took = seconds[day.name, kind, way] = []
                        for _ in range(repeat):
                            running.rest(way)
                            took.append(running.save(day, texts))
                        tell(f"{way} {day.name} {kind:6} {_listed(took)}")
                megabytes += running.megabytes
    return _summary(days, seconds, first, megabytes)


def _listed(took):
    return "  ".join(f"{s:.2f} s" for s in took)


def _summary(days, seconds, first, megabytes):
    median = {key: statistics.median(took) for key, took in seconds.items()}
    table, all_rows = {}, []
    for day in days:
        rows = {
            kind: _row(median[day.name, kind, "warm"], median[day.name, kind, "cold"])
            for kind in KINDS
        }
        all_rows += rows.values()
        table[day.name] = {**_middle(rows.values()), **rows}
    return {
        "median": _middle(all_rows),
        "blank": _middle([table[day.name]["blank"] for day in days]),
        "days": table,
        "first": _row(first["warm"], first["cold"]),
        "spare_mb": round(max(megabytes)),
    }


def _row(warm, cold):
    ratio, warm, cold = round(cold / warm, 2), round(warm, 3), round(cold, 3)
    return {"ratio": ratio, "warm_s": warm, "cold_s": cold}


def _middle(rows):
    names = ("ratio", "warm_s", "cold_s")
    return {n: round(statistics.median(row[n] for row in rows), 3) for n in names}

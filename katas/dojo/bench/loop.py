"""Measure the loop of a learner: save a file, wait for the result.

Both ways run real pytest-watch on a pseudo-terminal, in one temporary copy of the
checkout, with the same tests and the same plugin:
    warm  as the course is set up: the warm worker, this course's spool
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
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from katas.dojo.bench.pseudo_terminal import Terminal
from katas.dojo.course import index, stubs
from katas.dojo.course.index import Day
from katas.dojo.store import paths
from katas.dojo.warm import registry

COMMANDS = {
    "warm": ["ptw"],
    "cold": ["ptw", "--runner", "python -m pytest", "--spool", "200"],
}
KINDS = ("blank", "solved")
PAUSE = 1.5  # s after a result, in which a cold run ends


@dataclass(frozen=True)
class Row:
    """The time from save to result, warm against cold."""

    ratio: float
    warm_s: float
    cold_s: float

    @classmethod
    def compare(cls, warm: float, cold: float) -> "Row":
        return cls(round(cold / warm, 2), round(warm, 3), round(cold, 3))

    @classmethod
    def median(cls, rows: Iterable["Row"]) -> "Row":
        columns = zip(
            *((row.ratio, row.warm_s, row.cold_s) for row in rows), strict=True
        )
        return cls(*(round(statistics.median(column), 3) for column in columns))


@dataclass(frozen=True)
class Results:
    """What the bench has measured."""

    days: dict[str, dict[str, Row]]  # name of a day: kind: row
    first: Row  # from the start of ptw to its first result
    worker_mb: int

    @property
    def median(self) -> Row:
        return Row.median(row for rows in self.days.values() for row in rows.values())

    def to_json(self) -> dict[str, object]:
        """The object that `--json` prints."""
        return {
            "median": asdict(self.median),
            "blank": asdict(Row.median(rows["blank"] for rows in self.days.values())),
            "days": {
                name: {
                    **asdict(Row.median(rows.values())),
                    **{kind: asdict(row) for kind, row in rows.items()},
                }
                for name, rows in self.days.items()
            },
            "first": asdict(self.first),
            "worker_mb": self.worker_mb,
        }


@contextlib.contextmanager
def copy_of_checkout() -> Iterator[Path]:
    """A temporary copy of a learner's checkout, to be written in."""
    with tempfile.TemporaryDirectory(prefix="katas-") as folder:
        root = Path(folder).resolve()
        hidden = shutil.ignore_patterns("__pycache__")
        for name in ("katas", "solutions", "notes"):
            if (paths.root() / name).exists():
                shutil.copytree(paths.root() / name, root / name, ignore=hidden)
        for name in (".pytest.ini", "pyproject.toml"):
            shutil.copy(paths.root() / name, root / name)
        yield root


def environment(root: Path, **more: str) -> dict[str, str]:
    """The environment variables of a program that works in a copy of the checkout."""
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    inherited.pop("KATAS_PTW", None)
    own = {"KATAS_ROOT": str(root), "PYTHONPATH": str(root), "PATH": path}
    return {"TERM": "xterm-256color", **inherited, **own, **more}


def sources(day: Day) -> dict[str, dict[str, str]]:
    """The texts of a day's two files, blank and solved: {kind: {name: text}}."""
    topic, quiz = day.file.name, day.quiz.name
    return {
        "blank": {topic: stubs.stub_text(day), quiz: stubs.quiz_text(day)},
        "solved": {
            topic: day.solution.read_text("utf-8"),
            quiz: day.solution_quiz.read_text("utf-8"),
        },
    }


def write(root: Path, day: Day, texts: dict[str, str]) -> None:
    """Write a day's two files, the topic last: its save starts the run that counts."""
    for name, text in reversed(texts.items()):
        (root / "katas" / day.name / name).write_text(text, "utf-8")


class Watch:
    """One pytest-watch at work in a copy of the checkout.

    Attributes
        first         the time from its start to its first result [s]
        worker_sizes  the memory of each worker it waited for [MB]
    """

    def __init__(self, way: str, root: Path, day: Day) -> None:
        self.way, self.root = way, root
        self._write(day, sources(day)["blank"])
        start = time.monotonic()
        self.terminal = Terminal(COMMANDS[way], root, environment(root))
        self.first = self._wait_for_result(day, 0) - start
        self.worker_sizes: list[float] = []

    def save(self, day: Day, texts: dict[str, str]) -> float:
        """The time from a save to its result [s]."""
        position = len(self.terminal.text)
        start = self._write(day, texts)
        return self._wait_for_result(day, position) - start

    def _write(self, day: Day, texts: dict[str, str]) -> float:
        """Make a day today's and write its files; return the time of the last save."""
        (self.root / ".dojo").mkdir(exist_ok=True)
        today = json.dumps({"today": day.number})
        (self.root / ".dojo" / "state.json").write_text(today)
        write(self.root, day, texts)
        return time.monotonic()

    def _wait_for_result(self, day: Day, position: int) -> float:
        pattern = rf"day {day.number:02d}\b.*?\d+ of \d+ passed"
        return self.terminal.wait_for(pattern, 240, position)[1]

    def pause(self) -> None:
        """Wait, as while a learner types, until everything is ready for a save."""
        self.terminal.read(PAUSE)
        if self.way == "warm":
            while not (pid := self._ready_worker()):
                self.terminal.read(0.2)
            self.worker_sizes.append(memory_mb(pid))

    def _ready_worker(self) -> int | None:
        for path in registry.record_paths(self.terminal.pid, str(self.root)):
            with contextlib.suppress(OSError, ValueError):
                if pid := registry.read_record(path).pid:
                    return pid
        return None


def memory_mb(pid: int) -> float:
    """Resident memory of a process [MB]."""
    command = ["ps", "-o", "rss=", "-p", str(pid)]
    return int(subprocess.run(command, capture_output=True, text=True).stdout) / 1024


def measure(days: list[Day], repeat: int, report: Callable[[str], None]) -> Results:
    """Measure some days, each with `repeat` saves of both kinds in both ways."""
    medians: dict[str, dict[tuple[str, str], float]] = defaultdict(dict)
    first, worker_sizes = {}, []
    with copy_of_checkout() as root:
        for day in index.built_days():  # a day builds on those before it
            write(root, day, sources(day)["solved"])
        for way in COMMANDS:
            watch = Watch(way, root, days[0])
            with watch.terminal:
                first[way] = watch.first
                for day in days:
                    for kind, texts in sources(day).items():
                        seconds = []
                        for _ in range(repeat):
                            watch.pause()
                            seconds.append(watch.save(day, texts))
                        medians[way][day.name, kind] = statistics.median(seconds)
                        listed = "  ".join(f"{s:.2f} s" for s in seconds)
                        report(f"{way} {day.name} {kind:6} {listed}")
            worker_sizes += watch.worker_sizes
    warm, cold = medians["warm"], medians["cold"]
    rows = {
        day.name: {
            kind: Row.compare(warm[day.name, kind], cold[day.name, kind])
            for kind in KINDS
        }
        for day in days
    }
    memory = round(max(worker_sizes))
    return Results(rows, Row.compare(first["warm"], first["cold"]), memory)

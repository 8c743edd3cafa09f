"""A desk with one tiny day and plain pytest, on which the warm runner is tried.

Its spares warm pytest alone (KATAS_WARM=light), so that each test takes a moment.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from katas.dojo.bench import loop
from katas.dojo.store import paths
from katas.dojo.warm import processes, registry

SETTINGS = """\
[pytest]
addopts = --import-mode=importlib --assert=plain -p katas.dojo.warm.ptw
    -p no:cacheprovider -p no:xdist
pythonpath = .
"""
TOPIC = "def double(x):\n    return 2 * x\n"
TEST = """\
import os
from katas.day01.topic import double

def test_twice_two_is_four():
    print("by", os.getpid())
    assert double(2) == 4
"""


def until(true, seconds=60):
    """Wait until `true()` is; return what it returned last."""
    end = time.monotonic() + seconds
    while not (found := true()) and time.monotonic() < end:
        time.sleep(0.02)
    return found


class Desk:
    """A small checkout, and a process that stands in for its pytest-watch."""

    def __init__(self, root):
        self.root = Path(root)
        self.day = self.root / "katas" / "day01"
        self.day.mkdir(parents=True)
        for name in ("__init__.py", "course.toml"):
            shutil.copy(paths.root() / "katas" / name, self.root / "katas" / name)
        hidden = shutil.ignore_patterns("__pycache__")
        dojo = self.root / "katas" / "dojo"
        shutil.copytree(paths.root() / "katas" / "dojo", dojo, ignore=hidden)
        ini = (paths.root() / ".pytest.ini").read_text()
        watch = "[pytest-watch]" + ini.split("[pytest-watch]", 1)[1]
        (self.root / ".pytest.ini").write_text(f"{SETTINGS}\n{watch}")
        self.write(topic=TOPIC, test_topic=TEST)
        self.ptws = []
        self.ptw = self.another_ptw()

    def another_ptw(self):
        sleep = "import time; time.sleep(600)"
        self.ptws.append(subprocess.Popen([sys.executable, "-c", sleep]))
        return self.ptws[-1].pid

    def close(self):
        for ptw in self.ptws:
            ptw.kill()
            ptw.wait()

    def write(self, **texts):
        for name, text in texts.items():
            (self.day / f"{name}.py").write_text(text)

    def environment(self, **more):
        own = {"KATAS_WARM": "light", "KATAS_PTW": str(self.ptw)}
        own["PYTHONDONTWRITEBYTECODE"] = "1"  # two saves within one second
        return {**loop.surroundings(self.root), **own, **more}

    def start(self, *args, **more):
        """A run as ptw starts it: a Popen whose output is piped."""
        return subprocess.Popen(
            [sys.executable, "-m", "katas.dojo.warm", *(args or ["katas/day01", "-s"])],
            cwd=self.root,
            env=self.environment(**more),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *args, **more):
        """The same, to its end: (exit code, what it printed)."""
        with self.start(*args, **more) as process:
            text, _ = process.communicate("", timeout=60)
        return process.returncode, text

    @property
    def place(self):
        """The folder of its spares."""
        return Path(registry.folder(str(self.root)))

    def spares(self, ptw):
        """The records of waiting spares that are ready, as dicts."""
        found = []
        for path in self.place.glob(f"{ptw}-*.json"):
            try:
                found.append(json.loads(path.read_text()))
            except (OSError, ValueError):
                continue
        return [record for record in found if record.get("ready")]

    def spare(self, ptw=None, **more):
        """The process number of the spare that waits, started where none does."""
        ptw = str(ptw or self.ptw)
        start = (
            "from katas.dojo.warm import client, registry;"
            f"client.top_up(registry.folder(), {ptw})"
        )
        subprocess.run(
            [sys.executable, "-c", start],
            cwd=self.root,
            env=self.environment(KATAS_PTW=ptw, **more),
            check=True,
        )
        found = until(lambda: self.spares(ptw))
        assert found, "no spare became ready"
        return found[0]["pid"]

    def left(self, ptw=None):
        """The files that the spares of a ptw have there."""
        names = os.listdir(self.place)
        return [name for name in names if name.startswith(f"{ptw or self.ptw}-")]


def ends(pid, seconds=60):
    """True when a process has ended, or does within some seconds."""
    gone = processes.watch(pid)
    return until(gone, seconds)

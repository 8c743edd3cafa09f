"""A workspace with one tiny day and plain pytest, on which the warm runner is tried.

Its workers warm pytest alone (KATAS_WARM=light), so that each test takes a moment.
"""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from katas.dojo.bench import loop
from katas.dojo.store import paths
from katas.dojo.supervision.exit_check import exit_check
from katas.dojo.warm import registry

SETTINGS = """\
[pytest]
addopts = --import-mode=importlib --assert=plain -p katas.dojo.supervision.plugin
    -p katas.dojo.warm.ptw -p no:cacheprovider -p no:xdist
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


def wait_until(condition, seconds=60):
    """Call `condition()` until it is true; return its last result."""
    deadline = time.monotonic() + seconds
    while not (result := condition()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return result


def ends(pid, seconds=60):
    """True when a process has ended, or does within some seconds."""
    return wait_until(exit_check(pid), seconds)


class SmallWorkspace:
    """A small checkout, and a process in the role of its pytest-watch."""

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
        """Write modules of the day; delete those whose text is None."""
        for name, text in texts.items():
            file = self.day / f"{name}.py"
            file.unlink() if text is None else file.write_text(text)

    def environment(self, **more):
        own = {"KATAS_WARM": "light", "KATAS_PTW": str(self.ptw)}
        own["PYTHONDONTWRITEBYTECODE"] = "1"  # two saves within one second
        return {**loop.environment(self.root), **own, **more}

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
        """The same, to its end: (exit code, output)."""
        with self.start(*args, **more) as process:
            text, _ = process.communicate("", timeout=60)
        return process.returncode, text

    @property
    def worker_folder(self):
        return Path(registry.folder(str(self.root)))

    def ready_workers(self, ptw):
        """The records of waiting workers that are ready."""
        records = []
        for path in registry.record_paths(ptw, str(self.root)):
            try:
                records.append(registry.read_record(path))
            except (OSError, ValueError):
                continue
        return [record for record in records if record.pid]

    def worker(self, ptw=None, **more):
        """The process number of the worker that waits, started where none does."""
        ptw = int(ptw or self.ptw)
        start = (
            "from katas.dojo.warm import launcher, registry;"
            f"launcher.ensure_worker(registry.folder(), {ptw})"
        )
        subprocess.run(
            [sys.executable, "-c", start],
            cwd=self.root,
            env=self.environment(KATAS_PTW=str(ptw), **more),
            check=True,
        )
        ready = wait_until(lambda: self.ready_workers(ptw))
        assert ready, "no worker became ready"
        return ready[0].pid

    def files_of_workers(self, ptw=None):
        """The names of the files that the workers of a ptw have there."""
        names = os.listdir(self.worker_folder)
        return [name for name in names if name.startswith(f"{ptw or self.ptw}-")]

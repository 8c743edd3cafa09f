"""Day 23's chief and workers leave nothing behind: no process, no port, no file."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from katas.day23 import workers
from katas.dojo.store import paths
from tests.test_workers import free, runs

OWNER = """
import sys
from katas.dojo.course import targets
from katas.day23 import workers

targets.install("solutions")
workers.search(sys.argv[1], trials=100_000)
"""
CREW = 4  # the first process, the chief, two workers
linux = pytest.mark.skipif(sys.platform != "linux", reason="it reads /proc")


@pytest.fixture(autouse=True)
def reference(monkeypatch):
    monkeypatch.setattr(workers, "target", lambda: "solutions")


def children(number):
    """The processes that a process has started, and those that these have."""
    found = []
    for task in Path(f"/proc/{number}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found += [child, *children(child)]
    return found


def ports(numbers):
    """The ports at which one of the processes listens."""
    lines = [Path("/proc/net", kind).read_text() for kind in ("tcp", "tcp6")]
    rows = [row.split() for text in lines for row in text.splitlines()[1:]]
    at = {f"socket:[{r[9]}]": int(r[1].split(":")[1], 16) for r in rows if r[3] == "0A"}
    held = []
    for file in (f for n in numbers for f in Path(f"/proc/{n}/fd").iterdir()):
        with contextlib.suppress(FileNotFoundError):  # closed in the meantime
            held.append(os.readlink(file))
    return {at[name] for name in held if name in at}


def until(condition, seconds=60):
    """What `condition()` returns once it is true, or after so many seconds."""
    end = time.monotonic() + seconds
    while not (found := condition()) and time.monotonic() < end:
        time.sleep(0.05)
    return found


def searching(folder):
    """(owner, crew, port) of a search that is under way and has no end."""
    results, temporary = folder / "search", folder / "tmp"
    results.mkdir()
    temporary.mkdir()
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(results)],
        stderr=subprocess.DEVNULL,
        cwd=paths.root(),
        env={**os.environ, "TMPDIR": str(temporary)},
    )
    begun = until(lambda: {*"".join(f.read_text() for f in results.rglob("who.txt"))})
    assert begun, "no trial was begun"
    crew = children(owner.pid)
    (port,) = until(lambda: ports(crew))
    return owner, crew, port


def nothing_is_left(crew, port, folder):
    assert until(lambda: not [n for n in crew if runs(n)], 20)
    assert until(lambda: free(port))
    assert [path.name for path in (folder / "tmp").iterdir()] == []


@linux
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_search_leaves_nothing_behind_however_its_owner_ends(tmp_path, how):
    owner, crew, port = searching(tmp_path)
    assert len(crew) == CREW
    owner.send_signal(how)
    owner.wait(30)
    nothing_is_left(crew, port, tmp_path)


@linux
@pytest.mark.parametrize("which", range(CREW))
def test_one_that_is_killed_ends_the_search_and_all_the_others(tmp_path, which):
    owner, crew, port = searching(tmp_path)
    os.kill(crew[which], signal.SIGKILL)
    assert owner.wait(30) == 1
    nothing_is_left(crew, port, tmp_path)


def test_two_searches_run_beside_each_other(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def whole():
        with tempfile.TemporaryDirectory() as folder:
            return workers.search(folder)

    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(whole) for _ in range(2)]
        for who in both:
            assert len(who.result()) == 6
            assert {*who.result()} == {"tuner0", "tuner1"}
    assert [path.name for path in tmp_path.iterdir()] == []

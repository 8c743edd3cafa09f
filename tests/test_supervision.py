"""No process outlives the run that started it, and no run ends without a result."""

import os
import re
import subprocess
import sys

import pytest

from tests import small_course as small
from tests.small_workspace import ends, wait_until

pytestmark = pytest.mark.skipif(os.name == "nt", reason="tried on POSIX only")

PYTEST = [sys.executable, "-m", "pytest", "katas/day01"]
WARM = [sys.executable, "-m", "katas.dojo.warm"]
DONE = [sys.executable, "-m", "katas.dojo.cli", "done", "1", "--no-commit"]
WAYS = {"pytest": PYTEST, "warm": WARM, "done": DONE}
CHILDREN = """\
import multiprocessing, os, subprocess, sys, time
import numpy as np

def note(pid):
    with open(os.environ["PIDS"], "a") as file:
        file.write(f"{pid}\\n")

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]

def start_children():
    note(subprocess.Popen(SLEEP).pid)
    note(subprocess.Popen(SLEEP, start_new_session=True).pid)
    if not (child := os.fork()):
        time.sleep(600)
    note(child)
    process = multiprocessing.get_context("fork").Process(target=time.sleep, args=(600,))
    process.start()
    note(process.pid)
    if not os.fork():  # a daemon: its parent ends at once
        os.setsid()
        note(subprocess.Popen(SLEEP).pid)
        os._exit(0)

def double(x):
    {children}
    {then}
    return 2 * np.asarray(x)

def halve(x):
    return np.asarray(x) / 2
"""
HANGS = {
    "C code": "import hashlib; hashlib.pbkdf2_hmac('sha256', b'', b'', 2**31 - 1)",
    "C code with the GIL": "import re; re.match('(a+)+b', 'a' * 60)",
    "bare except": """while True:
        try:
            while True: pass
        except BaseException: pass""",
}


class Course:
    """A small course, and the processes that its learner's code has started."""

    def __init__(self, folder):
        self.root = small.make(folder / "course")
        self.pids = folder / "pids"
        self.file = self.root / "katas/day01/doubling.py"
        small.solve(self.root, 1)

    def write(self, then, children="start_children()"):
        text = CHILDREN.replace("{then}", then).replace("{children}", children)
        self.file.write_text(text)

    def start(self, command, **more):
        variables = {"KATAS_WARM": "light", "PIDS": str(self.pids), **more}
        return subprocess.Popen(
            command,
            cwd=self.root,
            env=small.environment(self.root, **variables),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def children(self, count=5):
        """The process numbers of the children, once all have started."""

        def numbers():
            text = self.pids.read_text() if self.pids.exists() else ""
            return len(text.split()) >= count and [*map(int, text.split())]

        assert wait_until(numbers), "no child was started"
        return numbers()


@pytest.fixture
def course(tmp_path):
    return Course(tmp_path)


def end_of(course, command, **more):
    """The output of a command, once it has ended."""
    with course.start(command, **more) as run:
        try:
            return run.communicate(timeout=90)[0]
        finally:
            run.kill()


@pytest.mark.parametrize("way", WAYS)
def test_the_children_of_a_run_end_with_it(course, way):
    course.write(then="pass")
    text = end_of(course, WAYS[way])
    assert "day 01" in text
    assert all(ends(pid, 10) for pid in course.children())


@pytest.mark.parametrize("way", ["pytest", "warm"])
@pytest.mark.parametrize("what", HANGS)
def test_what_python_cannot_interrupt_is_stopped_explained_and_counted(
    course, what, way
):
    course.write(then=HANGS[what], children="pass")
    text = end_of(course, WAYS[way], KATAS_TIMEOUT_FACTOR="0.1")
    place = next(
        number
        for number, line in enumerate(course.file.read_text().splitlines(), 1)
        if re.search(r"hashlib|re\.match|while True: pass", line)
    )
    assert "2 of 3 passed" in text, text
    assert "Is there a loop that never ends?" in text
    assert f"katas/day01/doubling.py:{place}" in text
    assert small.state(course.root)["days"]["day01"]["attempts"] == 1

"""No process outlives the run that started it, and no run ends without a result."""

import contextlib
import itertools
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from katas.dojo.supervision import run_log, supervisor
from tests import small_course as small
from tests.small_workspace import ends, wait_until

if os.name == "nt":
    pytest.skip("a pseudo-terminal needs POSIX", allow_module_level=True)

from katas.dojo.bench.pseudo_terminal import Terminal

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
    course.write(
        then="note(os.fork() or os.getpid())"
    )  # this child goes on with pytest
    text = end_of(course, WAYS[way])
    assert text.count("day 01") == 1, text
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


BIN = os.path.dirname(sys.executable)
COMMANDS = {
    "ptw": [f"{BIN}/ptw"],
    "pytest": [f"{BIN}/pytest"],
    "pytest katas/day01": [f"{BIN}/pytest", "katas/day01"],
}


def on_terminal(course, command, **more):
    """A command on a terminal of its own, as a learner types it."""
    variables = {"KATAS_WARM": "light", "PIDS": str(course.pids), "TERM": "xterm"}
    environment = small.environment(course.root, **variables, **more)
    environment["PATH"] = os.pathsep.join([BIN, environment["PATH"]])
    return Terminal(command, course.root, environment)


@pytest.mark.parametrize("command", COMMANDS)
def test_an_infinite_loop_is_explained_and_counted(course, command):
    try_infinite_loop(course, command, factor="0.1")


def try_infinite_loop(course, command, factor):
    course.write(then="while True: pass", children="pass")
    with on_terminal(course, COMMANDS[command], KATAS_TIMEOUT_FACTOR=factor) as screen:
        screen.wait_for(r"next\W[^\n]*\n", seconds=150)
    assert re.search(r"Stopped after \d+ s. Is there a loop", screen.text), screen.text
    assert re.search(r"katas/day01/doubling.py:\d+", screen.text)
    assert "2 of 3 passed" in screen.text
    assert small.state(course.root)["days"]["day01"]["attempts"] == 1


@pytest.mark.deep
@pytest.mark.parametrize("command", COMMANDS)
def test_an_infinite_loop_ends_after_the_limit_of_20_s(course, command):
    began = time.monotonic()
    try_infinite_loop(course, command, factor="1")
    assert time.monotonic() - began > 20


ENDS = ("by itself", "Ctrl-C", "Ctrl-\\", "hang-up", "SIGTERM", "SIGKILL", "session")
LOOPS = {
    "returns": "pass",
    "loops": "while True: pass",
    "sleeps": "time.sleep(600)",
    "C code": HANGS["C code"],
    "C code with the GIL": HANGS["C code with the GIL"],
}
TYPED = {"Ctrl-C": "\x03", "Ctrl-\\": "\x1c"}
SIGNALS = {"SIGTERM": signal.SIGTERM, "SIGKILL": signal.SIGKILL}


def end_run(screen, how, session):
    """End a run in one of the ways of ENDS; `session` is the process of the tests."""
    if how in TYPED:
        screen.type(TYPED[how])
    elif how in SIGNALS:
        screen.kill(SIGNALS[how])
    elif how == "hang-up":
        os.close(screen.screen)
        screen.screen = os.open(os.devnull, os.O_RDONLY)
    elif how == "session":
        with contextlib.suppress(psutil.NoSuchProcess):
            session.kill()


def run_and_end(course, command, loop, how):
    """One run on a terminal that ends in some way; nothing of it may be left."""
    course.pids.unlink(missing_ok=True)
    course.write(then=LOOPS[loop])
    with on_terminal(course, COMMANDS[command], KATAS_TIMEOUT_FACTOR="0.1") as screen:
        try:
            children = course.children()
        except AssertionError:
            screen.read(0.1)
            raise AssertionError((command, loop, how, screen.text)) from None
        session = psutil.Process(children[0])
        with contextlib.suppress(psutil.NoSuchProcess):
            session = session.parent() or session
        end_run(screen, how, session)
        if how in ("by itself", "session"):
            screen.wait_for(r"next\W[^\n]*\n")
        if command == "ptw":
            screen.kill()
        screen.wait(30)
    left = [pid for pid in course.children() if not ends(pid, 20)]
    assert not left, (command, loop, how, left, screen.text)


def traces(course):
    """What a run could leave: processes of this course, files of runs and of workers."""
    root, processes = str(course.root), []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.environ().get("KATAS_ROOT") == root:
                processes.append(process.cmdline())
    temporary = [*Path(course.root.parent / "tmp").iterdir()]
    warm = course.root / ".dojo" / "warm"
    return processes + temporary + ([*warm.iterdir()] if warm.exists() else [])


def try_runs(course, monkeypatch, runs):
    temporary = course.root.parent / "tmp"
    temporary.mkdir()
    small.write(course.root / ".dojo" / "state.json", '{"today": 1}')  # once green, too
    monkeypatch.setenv("TMPDIR", str(temporary))
    for run in runs:
        run_and_end(course, *run)
    assert wait_until(lambda: not traces(course), 20), traces(course)


RUNS = [
    (command, loop, how)
    for how in ENDS
    for loop in LOOPS
    for command in ("ptw", "pytest katas/day01")
    if (how != "by itself" or "sleeps" not in loop)
    and not (how == "session" and loop == "returns")
]


def test_nothing_is_left_of_ten_runs_whatever_ends_them(course, monkeypatch):
    try_runs(course, monkeypatch, RUNS[:: len(RUNS) // 10])


@pytest.mark.deep
@pytest.mark.parametrize("part", range(4))
def test_nothing_is_left_of_200_runs_whatever_ends_them(course, monkeypatch, part):
    """Fifty runs in each part, or as many as three minutes allow."""
    began, runs = time.monotonic(), itertools.cycle(RUNS)
    runs = itertools.islice(runs, 50 * part, 50 * (part + 1))
    bounded = itertools.takewhile(lambda run: time.monotonic() - began < 180, runs)
    try_runs(course, monkeypatch, bounded)


def test_a_run_that_died_for_good_fails_and_names_where_it_died_first(capsys):
    first = run_log.Death("katas/day01/test_x.py::test_a", run_log.EXITED)
    last = run_log.Death("katas/day01/test_x.py::test_z", run_log.EXITED)
    assert supervisor._exit_code(0, None, [first, last]) == 1
    assert "test_a" in (text := capsys.readouterr().out)
    assert "test_z" not in text
    assert supervisor._exit_code(0, None, []) == 0
    assert supervisor._exit_code(0, 5, []) == 5


def test_what_a_killed_run_left_is_removed_by_the_next_one(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left = tmp_path / f"katas-run-{ended.pid}-x"
    running = tmp_path / f"katas-run-{os.getpid()}-y"
    for path in (left, running):
        path.write_text("running\n")
    new = Path(run_log.create())
    assert {*tmp_path.iterdir()} == {running, new}

"""No command, and no kill of one, loses a byte that a learner wrote."""

import itertools
import signal
import subprocess
import sys

import pytest

from tests import small_course as small
from tests.small_course import kata, solve, write

MINE = b"# mine \xc3\xa4\r\ndef double(x):\r\n    return x + x\t\r\n"
QUIZ = b"answer = 5 # mine\n"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return small.make(tmp_path_factory.mktemp("keep") / "course", git=False)


@pytest.fixture
def desk(course):
    """Day 1 as a learner filled it, in bytes that no tool would write."""
    file, quiz = course / "katas/day01/doubling.py", course / "katas/day01/quiz.py"
    file.write_bytes(MINE)
    quiz.write_bytes(QUIZ)
    return course


def texts(root):
    """The bytes of each file on the desk, in the notes and among the kept copies."""
    folders = (root / "katas/day01", root / ".dojo/kept", root / "notes")
    return [f.read_bytes() for d in folders for f in d.rglob("*") if f.is_file()]


def own(root):
    return [(root / "katas/day01" / n).read_bytes() for n in ("doubling.py", "quiz.py")]


@pytest.mark.parametrize("command", ["reset", "adopt"])
def test_a_changed_file_is_kept_named_and_brought_back(desk, command):
    said = kata(desk, command, 1)
    kept = [line.split()[1] for line in said.splitlines() if line.startswith("kept")]
    assert [(desk / name).read_bytes() for name in kept] == [MINE, QUIZ]
    changed = own(desk)
    assert MINE not in changed
    kata(desk, "back", 1)
    assert own(desk) == [MINE, QUIZ]
    kata(desk, "back", 1)  # what stood there before is a copy too
    assert own(desk) == changed


def test_reset_writes_the_derived_stub_and_adopt_the_reference(desk):
    kata(desk, "reset", 1)
    stub, quiz = own(desk)
    assert b'raise NotImplementedError("day 01: return every number twice' in stub
    assert quiz.startswith(b"answer = ...")
    assert "is blank already" in kata(desk, "reset", 1)
    kata(desk, "adopt", 1)
    assert own(desk)[0] == (desk / "solutions/day01/doubling.py").read_bytes()


def test_a_named_copy_comes_back_alone(desk):
    kata(desk, "reset", 1)
    listed = kata(desk, "back", 1, "--list")
    copies = [line.split()[-1] for line in listed.splitlines()]
    mine = next(
        c for c in copies if (desk / ".dojo/kept/day01" / c).read_bytes() == MINE
    )
    before = own(desk)[1]
    kata(desk, "back", 1, mine)
    assert own(desk) == [MINE, before]
    assert "No kept copy" in kata(desk, "back", 1, "nothing.py", code=2)


def test_without_the_state_the_newest_other_copies_come_back(desk):
    kata(desk, "reset", 1)
    (desk / ".dojo/state.json").write_text("{broken", "utf-8")
    kata(desk, "back", 1)
    assert own(desk) == [MINE, QUIZ]


def test_a_new_round_is_undone_with_its_record(desk):
    solve(desk, 1)
    write(desk / ".dojo/state.json", "{}")
    assert "never green" in kata(desk, "again", 1, code=2)
    record = '{"days": {"day01": {"green_at": 1.0, "attempts": 7, "seconds": 600}}}'
    write(desk / ".dojo/state.json", record)
    solved = own(desk)
    said = kata(desk, "again", 1)
    assert "10 min, 7 runs" in said
    assert "day 3 builds on a blank" in said
    assert "attempts" not in small.state(desk)["days"]["day01"]
    kata(desk, "back", 1)
    assert own(desk) == solved
    assert small.state(desk)["days"]["day01"]["attempts"] == 7


def test_a_read_only_folder_is_one_sentence(desk):
    (desk / ".dojo").rename(desk / "away") if (desk / ".dojo").exists() else None
    (desk / ".dojo").write_text("a file in the way", "utf-8")
    said = kata(desk, "reset", 1, code=2)
    (desk / ".dojo").unlink()
    assert len(said.splitlines()) <= 2
    assert own(desk) == [MINE, QUIZ]


# Ends itself before the n-th file gets its name, or with half of it written.
KILLER = """
import os, signal, sys
from katas.dojo.cli import entry
steps = [int(sys.argv.pop(1))]
def counted(function):
    def inner(*args, **kwargs):
        steps[0] -= 1
        if steps[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*args, **kwargs)
    return inner
os.replace, os.fsync = counted(os.replace), counted(os.fsync)
entry.main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("command", ["reset", "adopt", "again", "back"])
def test_a_kill_in_mid_write_loses_no_byte(desk, command):
    if command == "back":
        kata(desk, "reset", 1)
    before, green = own(desk), '{"days": {"day01": {"green_at": 1.0}}}'
    for step in itertools.count(0, 3):
        write(desk / ".dojo/state.json", green)
        for file, text in zip(("doubling.py", "quiz.py"), before, strict=True):
            (desk / "katas/day01" / file).write_bytes(text)
        done = subprocess.run(
            [sys.executable, "-c", KILLER, str(step), command, "1"],
            cwd=desk,
            env=small.environment(desk),
            capture_output=True,
            check=False,
        )
        assert {MINE, QUIZ, *before} <= {*texts(desk)}
        assert small.state(desk)["days"]["day01"]
        if done.returncode == 0:
            break
        assert done.returncode == -signal.SIGKILL
    assert step >= 4

"""No command, and no kill of one, loses a byte that a learner wrote."""

import itertools
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests import small_course as small
from tests.small_course import kata, solve, write

MINE = b"# mine \xc3\xa4\r\ndef double(x):\r\n    return x + x\t\r\n"
QUIZ = b"answer = 5 # mine\n"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return small.make(tmp_path_factory.mktemp("keep") / "course", git=False)


@pytest.fixture
def workspace(course):
    """Day 1 as a learner filled it, in bytes that no tool would write."""
    file, quiz = course / "katas/day01/doubling.py", course / "katas/day01/quiz.py"
    file.write_bytes(MINE)
    quiz.write_bytes(QUIZ)
    return course


def texts(root):
    """The bytes of each file of the day, of the notes and of the kept copies."""
    folders = (root / "katas/day01", root / ".dojo/kept", root / "notes")
    return [f.read_bytes() for d in folders for f in d.rglob("*") if f.is_file()]


def owned_texts(root):
    return [(root / "katas/day01" / n).read_bytes() for n in ("doubling.py", "quiz.py")]


@pytest.mark.parametrize("command", ["reset", "adopt"])
def test_a_changed_file_is_kept_named_and_brought_back(workspace, command):
    output = kata(workspace, command, 1)
    kept = [line.split()[1] for line in output.splitlines() if line.startswith("kept")]
    assert [(workspace / name).read_bytes() for name in kept] == [MINE, QUIZ]
    changed = owned_texts(workspace)
    assert MINE not in changed
    kata(workspace, "back", 1)
    assert owned_texts(workspace) == [MINE, QUIZ]
    kata(workspace, "back", 1)  # what stood there before is a copy too
    assert owned_texts(workspace) == changed


def test_reset_writes_the_derived_stub_and_adopt_the_reference(workspace):
    kata(workspace, "reset", 1)
    stub, quiz = owned_texts(workspace)
    assert b'raise NotImplementedError("day 01: return every number twice' in stub
    assert quiz.startswith(b"answer = ...")
    assert "is blank already" in kata(workspace, "reset", 1)
    kata(workspace, "adopt", 1)
    assert (
        owned_texts(workspace)[0]
        == (workspace / "solutions/day01/doubling.py").read_bytes()
    )


def test_a_named_copy_comes_back_alone(workspace):
    kata(workspace, "reset", 1)
    listed = kata(workspace, "back", 1, "--list")
    copies = [line.split()[-1] for line in listed.splitlines()]
    mine = next(
        c for c in copies if (workspace / ".dojo/kept/day01" / c).read_bytes() == MINE
    )
    before = owned_texts(workspace)[1]
    kata(workspace, "back", 1, mine)
    assert owned_texts(workspace) == [MINE, before]
    assert "No kept copy" in kata(workspace, "back", 1, "nothing.py", code=2)


def test_without_the_state_the_newest_other_copies_come_back(workspace):
    kata(workspace, "reset", 1)
    (workspace / ".dojo/state.json").write_text("{broken", "utf-8")
    kata(workspace, "back", 1)
    assert owned_texts(workspace) == [MINE, QUIZ]


def test_a_new_round_is_undone_with_its_record(workspace):
    solve(workspace, 1)
    write(workspace / ".dojo/state.json", "{}")
    assert "never green" in kata(workspace, "again", 1, code=2)
    record = '{"days": {"day01": {"green_at": 1.0, "attempts": 7, "seconds": 600}}}'
    write(workspace / ".dojo/state.json", record)
    solved = owned_texts(workspace)
    output = kata(workspace, "again", 1)
    assert "10 min, 7 runs" in output
    assert "day 3 builds on a blank" in output
    assert "attempts" not in small.state(workspace)["days"]["day01"]
    kata(workspace, "back", 1)
    assert owned_texts(workspace) == solved
    assert small.state(workspace)["days"]["day01"]["attempts"] == 7


def test_a_read_only_folder_gives_one_line(workspace):
    if (workspace / ".dojo").exists():
        (workspace / ".dojo").rename(workspace / "away")
    (workspace / ".dojo").write_text("a file in the way", "utf-8")
    output = kata(workspace, "reset", 1, code=2)
    (workspace / ".dojo").unlink()
    assert len(output.splitlines()) <= 2
    assert owned_texts(workspace) == [MINE, QUIZ]


links = pytest.mark.skipif(os.name == "nt", reason="a link needs a privilege there")


def move_behind_a_link(path, place):
    """Move a file or a folder to another place, and put a link to it in its old one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.mkdir()
    place.parent.mkdir(parents=True, exist_ok=True)
    path.rename(place)
    path.symlink_to(place, target_is_directory=place.is_dir())


@links
@pytest.mark.parametrize("linked", ["katas/day01/doubling.py", "katas/day01", "notes"])
def test_a_link_is_followed_and_stays_whatever_command_writes(tmp_path, linked):
    root = small.make(tmp_path / "course")
    path, place = root / linked, tmp_path / "elsewhere" / linked
    move_behind_a_link(path, place)
    kata(root, "adopt", 1)
    output = kata(root, "done", 1)
    assert "green" in output
    assert "git follows no links" in output
    assert "committed" in output
    kata(root, "reset", 1)
    kata(root, "back", 1)
    assert path.is_symlink()
    reference = (root / "solutions/day01/doubling.py").read_bytes()
    assert (root / "katas/day01/doubling.py").read_bytes() == reference
    assert (root / "notes/day01.md").exists()
    if linked == "notes":
        assert (place / "README.md").exists()


@links
@pytest.mark.parametrize("linked", ["katas/day02/sums.py", "katas/day02"])
def test_an_update_follows_a_link_and_leaves_it(tmp_path, linked):
    course = small.make(tmp_path / "course")
    root = tmp_path / "clone"
    small.sh(tmp_path, "git", "clone", "-q", str(course), str(root), KATAS_ROOT="")
    small.sh(root, "git", "config", "user.name", "A learner")
    small.sh(root, "git", "config", "user.email", "learner@example.org")
    move_behind_a_link(root / linked, tmp_path / "elsewhere" / linked)
    for place in ("katas", "solutions"):
        file = course / place / "day02/sums.py"
        write(file, file.read_text("utf-8").replace("each row", "every row"))
    small.commit(course, "a newer stub")
    kata(root, "update")
    assert (root / linked).is_symlink()
    stub = (course / "katas/day02/sums.py").read_bytes()
    assert (root / "katas/day02/sums.py").read_bytes() == stub
    solve(root, 2)
    mine = (root / "katas/day02/sums.py").read_bytes()
    kata(root, "update", "--undo")
    assert (root / linked).is_symlink()
    assert (root / "katas/day02/sums.py").read_bytes() == mine


@links
def test_a_link_that_leads_nowhere_is_named_and_left(workspace, tmp_path):
    file = workspace / "katas/day01/doubling.py"
    away = tmp_path / "a disk that is not there/doubling.py"
    for target in (away, file):  # the second one is a link to itself
        file.unlink()
        file.symlink_to(target)
        output = kata(workspace, "reset", 1, code=2)
        assert len(output.splitlines()) == 1
        assert f"is a link to {target}, which is missing" in output
        assert f"is a link to {target}, which is missing" in kata(
            workspace, "doctor", code=1
        )
        assert os.readlink(file) == str(target)
    file.unlink()
    file.symlink_to(tmp_path / "mine.py")  # its folder exists
    kata(workspace, "reset", 1)
    assert b"day 01" in (tmp_path / "mine.py").read_bytes()
    file.unlink()


@pytest.mark.skipif(os.name == "nt", reason="the null device is no file there")
def test_a_device_is_written_to_and_stays_one(workspace):
    kata(workspace, "grade", "--csv", os.devnull, code=1)
    assert not Path(os.devnull).is_file()
    assert "name of a file" in kata(workspace, "grade", "--csv", ".", code=2)


def test_what_a_killed_write_left_is_swept_and_nothing_else(workspace):
    folder = workspace / "katas/day01"
    old, fresh = ".doubling.py.katas-a1b2c3d4.tmp", ".quiz.py.katas-a1b2c3d4.tmp"
    mine = [".doubling.py.a1b2c3d4", ".doubling.py.original", "doubling.py.tmp", ".tmp"]
    for name in (old, fresh, *mine):
        (folder / name).write_bytes(MINE)
        if name != fresh:  # which may be a command's that runs now
            os.utime(folder / name, (1, 1))
    kata(workspace, "reset", 1)
    assert not (folder / old).exists()
    for name in (fresh, *mine):
        assert (folder / name).read_bytes() == MINE
        (folder / name).unlink()


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
def test_a_kill_in_mid_write_loses_no_byte(workspace, command):
    if command == "back":
        kata(workspace, "reset", 1)
    before, green = owned_texts(workspace), '{"days": {"day01": {"green_at": 1.0}}}'
    for step in itertools.count(0, 3):
        write(workspace / ".dojo/state.json", green)
        for file, text in zip(("doubling.py", "quiz.py"), before, strict=True):
            (workspace / "katas/day01" / file).write_bytes(text)
        done = subprocess.run(
            [sys.executable, "-c", KILLER, str(step), command, "1"],
            cwd=workspace,
            env=small.environment(workspace),
            capture_output=True,
            check=False,
        )
        assert {MINE, QUIZ, *before} <= {*texts(workspace)}
        assert small.state(workspace)["days"]["day01"]
        if done.returncode == 0:
            break
        assert done.returncode == -signal.SIGKILL
    assert step >= 4

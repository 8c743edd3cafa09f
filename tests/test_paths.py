"""Folders with spaces, users with any name, files saved by any editor."""

import contextlib
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from katas.dojo.warm import registry
from tests import small_course as small
from tests.small_course import (
    commit,
    environment,
    kata,
    kata_process,
    run_day,
    sh,
    solve,
)
from tests.small_workspace import SmallWorkspace

USERS = ["Zoë Müller", "Łukasz 山田", "o'neill & co (1)"]
BOM = b"\xef\xbb\xbf"
SAVED = {
    "windows": lambda text: text.replace(b"\n", b"\r\n"),
    "windows, marked": lambda text: BOM + text.replace(b"\n", b"\r\n"),
    "mixed": lambda text: text.replace(b"\n", b"\r\n", 3),
    "no last line end": lambda text: text.rstrip(b"\n"),
    "form feed": lambda text: text.replace(b"\n\n\ndef", b"\n\n\x0c\ndef"),
}


@pytest.fixture(params=USERS)
def workspace(request, tmp_path):
    """A course in the home folder of such a user, in a folder with a space."""
    home = tmp_path / request.param
    return small.make(home / "my katas" / "workspace")


@pytest.fixture
def plain(tmp_path):
    return small.make(tmp_path / "course")


def at_home(root):
    """The user's environment; the terminal's encoding is the system's choice."""
    home = str(root.parent.parent)
    return {
        **{"HOME": home, "USERPROFILE": home, "USER": root.parent.parent.name},
        **{"LC_ALL": "C", "PYTHONUTF8": "0", "GIT_CONFIG_NOSYSTEM": "1"},
    }


def save(root, number, how):
    """Save a day's two files as another editor does."""
    folder = root / "katas" / f"day{number:02d}"
    for file in (folder / f"{small.TOPICS[number]}.py", folder / "quiz.py"):
        file.write_bytes(SAVED[how](file.read_bytes()))
    return folder / f"{small.TOPICS[number]}.py"


def test_a_whole_day_in_a_folder_of_any_name(workspace):
    home = at_home(workspace)
    assert "today" in kata_process(workspace, **home)
    run_day(workspace, 1)
    assert "hint 1 of 3" in kata_process(workspace, "hint", **home)
    solve(workspace, 1, "# größer: 山\n")
    assert "day 01 is green" in kata_process(workspace, "done", 1, **home)
    assert "notes/day01.md" in sh(workspace, "git", "show", "--name-only", "--format=")
    assert "the same as the reference" in kata_process(workspace, "diff", 1, **home)
    kata_process(workspace, "reset", 1, **home)
    kata_process(workspace, "back", 1, **home)
    assert "größer: 山" in (workspace / "katas/day01/doubling.py").read_text("utf-8")
    assert "1 of 1 green" in kata_process(workspace, "verify", 1, **home)
    assert str(workspace.name) in kata_process(workspace, "doctor", **home)
    kata_process(workspace, "finish", "--anyway", code=1, **home)
    assert "Twice as much" in (workspace / "notes/course.html").read_text("utf-8")
    assert "simulat" in kata_process(workspace, "data", **home)


def test_the_course_is_updated_and_graded_in_a_folder_of_any_name(workspace, tmp_path):
    course = tmp_path / "the course, kept elsewhere"
    sh(tmp_path, "git", "clone", "-q", str(workspace), str(course), KATAS_ROOT="")
    sh(course, "git", "config", "user.name", "The course")
    sh(course, "git", "config", "user.email", "course@example.org")
    (course / "LICENSE").write_text("MIT\n", "utf-8")
    commit(course, "newer")
    solve(workspace, 1, "# in words of my own\n")
    kata_process(workspace, "update", course, **at_home(workspace))
    assert (workspace / "LICENSE").exists()
    table = tmp_path / "Übung" / "grades of all.csv"
    kata_process(workspace, "grade", workspace, "--csv", table, **at_home(workspace))
    assert "green" in table.read_text("utf-8")


@pytest.mark.skipif(os.name == "nt", reason="the warm worker is tried on POSIX only")
@pytest.mark.parametrize("user", USERS)
def test_a_worker_serves_a_folder_of_any_name(user):
    with tempfile.TemporaryDirectory(prefix="d-") as place:
        root = Path(place) / user / "my katas"
        root.mkdir(parents=True)
        with contextlib.closing(SmallWorkspace(root)) as workspace:
            waiting = workspace.worker()
            code, text = workspace.run()
            assert code == 0, text
            assert int(re.search(r"by (\d+)", text)[1]) == waiting


@pytest.mark.skipif(os.name == "nt", reason="Windows has pipes instead of sockets")
def test_a_sockets_path_is_measured_in_bytes(tmp_path):
    short = "/tmp/" + "山" * 20  # 25 characters, 65 bytes
    assert registry.folder(short + "/desk") == f"/tmp/katas-{os.getuid()}"


@pytest.mark.parametrize("how", SAVED)
def test_a_file_saved_by_any_editor_counts_the_same(plain, how):
    stub = save(plain, 1, how)
    output = run_day(plain, 1)
    assert "blank" in output
    assert "Traceback" not in output
    assert "hint 1 of 3, for double" in kata(plain, "hint")
    assert "3 not started" in kata(plain, "grade")
    solve(plain, 1)
    file = save(plain, 1, how)
    text = file.read_bytes()
    assert "day 01 is green" in kata(plain, "done", 1)
    assert "the same as the reference" in kata(plain, "diff", 1)
    assert file.read_bytes() == text
    kata(plain, "again", 1)
    assert stub.read_bytes() != text
    kata(plain, "back", 1)
    assert file.read_bytes() == text
    assert "1 of 1 green" in kata(plain, "verify", 1)


def test_a_note_with_windows_line_ends_keeps_them(plain):
    solve(plain, 1)
    kata(plain, "done", 1)
    note = plain / "notes/day01.md"
    note.write_bytes(note.read_bytes().replace(b"\n", b"\r\n"))
    kata(plain, "reset", 1)
    kata(plain, "back", 1)
    kata(plain, "done", 1)
    text = note.read_bytes()
    assert text.count(b"\r\n") == text.count(b"\n") > 3


def test_a_file_in_another_encoding_gets_one_message(plain):
    solve(plain, 1)
    file = plain / "katas/day01/doubling.py"
    strange = 'SIZE = "größer"\n'.encode("latin-1")
    file.write_bytes(file.read_bytes() + strange)
    output = run_day(plain, 1)
    assert "Traceback" not in output
    assert "utf-8" in output.lower()
    assert "interrupted" not in output
    assert "doubling.py" in output
    for command in ("diff", "hint", "done", "verify"):
        more = ["--anyway"] if command == "diff" else []
        arguments = [] if command == "hint" else [1, *more]
        codes = {"diff": 2, "hint": 0}
        kata(plain, command, *arguments, code=codes.get(command, 1))
    kata(plain, "grade", code=1)
    kata(plain, "reset", 1)
    kata(plain, "back", 1)
    assert file.read_bytes().endswith(strange)


def test_pytest_is_run_from_any_folder_of_the_course(workspace):
    solve(workspace, 2)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "."],
        cwd=workspace / "katas" / "day02",
        env=environment(workspace, **at_home(workspace)),
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr

"""`kata update` with real remotes: a newer course, and not a byte of the learner's."""

import json
import os
import shlex
import signal
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from katas.dojo.store import git, paths
from katas.dojo.update import journal
from tests import small_course as small
from tests.small_course import commit, kata, kata_process, sh, solve, write

MINE = "\n# mine: \u00e4\u00f6\u00fc, and a tab\there\r\n"


@pytest.fixture
def course(tmp_path):
    """The course as its authors keep it."""
    return small.make(tmp_path / "course", days=(1, 2))


@pytest.fixture
def workspace(course, tmp_path):
    """A learner's clone of it, in a folder with a space and an umlaut."""
    workspace = tmp_path / "Übung eins" / "workspace"
    workspace.parent.mkdir()
    sh(tmp_path, "git", "clone", "-q", str(course), str(workspace), KATAS_ROOT="")
    sh(workspace, "git", "config", "user.name", "A learner")
    sh(workspace, "git", "config", "user.email", "learner@example.org")
    small.write(workspace.parent / "stand_in" / "keras.py", small.ANYTHING)
    small.write(workspace.parent / "stand_in" / "tensorflow.py", small.ANYTHING)
    return workspace


def a_newer_course(course):
    """Another test in day 1, a new stub in day 2, a new day 3, a new tool file."""
    text = (course / "katas/day01/test_doubling.py").read_text("utf-8")
    write(course / "katas/day01/test_doubling.py", text + "\n# one property more\n")
    for place in ("katas", "solutions"):
        file = course / place / "day02" / "sums.py"
        write(file, file.read_text("utf-8").replace("each row", "every row"))
    write(course / "katas/course.toml", small.INDEX)
    small.write_day(course, 3, "steps")
    write(course / "katas/dojo/new_tool.py", '"""New."""\n')
    (course / "LICENSE").write_text("MIT\n", "utf-8")
    commit(course, "the course, newer")


def bytes_of(root):
    """Every file of a checkout outside .git and .dojo."""
    files = [f for f in root.rglob("*") if f.is_file()]
    parts = {f: f.relative_to(root) for f in files}
    return {
        p.as_posix(): f.read_bytes()
        for f, p in parts.items()
        if p.parts[0] not in (".git", ".dojo") and "__pycache__" not in p.parts
    }


def the_same_but_for_owned(workspace, course, owned):
    mine, theirs = bytes_of(workspace), bytes_of(course)
    for path in {*mine, *theirs} - {*owned}:
        assert mine.get(path) == theirs.get(path), path


def test_a_clone_nobody_worked_in_becomes_the_new_course(course, workspace):
    a_newer_course(course)
    output = kata(workspace, "update")
    assert bytes_of(workspace) == bytes_of(course)
    assert sh(workspace, "git", "rev-parse", "HEAD") == sh(
        course, "git", "rev-parse", "HEAD"
    )
    assert sh(workspace, "git", "status", "--porcelain") == ""
    assert "day 3" in output
    assert "changed in day 1" in output
    assert "up to date" in kata(workspace, "update")


def test_filled_days_notes_and_own_files_keep_every_byte(course, workspace):
    solve(workspace, 1, MINE)
    (workspace / "notes").mkdir(exist_ok=True)
    (workspace / "notes/day01.md").write_bytes(b"mine\r\n\xff\xfe")
    write(workspace / "scratch.py", "print('mine')\n")
    commit(workspace, "my day 1")
    solve(workspace, 2, MINE)  # not committed
    write(workspace / "katas/day02/tryout.py", "x = 1\n")
    before = bytes_of(workspace)
    a_newer_course(course)
    output = kata(workspace, "update")
    after = bytes_of(workspace)
    mine = [p for p in before if "day0" in p and "test_" not in p and "README" not in p]
    mine = [p for p in mine if p.startswith(("katas", "notes"))] + ["scratch.py"]
    assert {p: after.get(p) for p in mine} == {p: before[p] for p in mine}
    the_same_but_for_owned(workspace, course, mine)
    assert "katas/day02/sums.py stays; its stub changed" in output
    assert "katas/day03/steps.py" in after
    status = sh(workspace, "git", "status", "--porcelain").splitlines()
    assert [line[3:] for line in status] == [
        "katas/day02/quiz.py",
        "katas/day02/sums.py",
        "katas/day02/tryout.py",
    ]
    parents = sh(workspace, "git", "log", "-1", "--format=%P").split()
    assert len(parents) == 2
    assert "up to date" in kata(workspace, "update")


def test_an_edited_course_file_is_replaced_and_its_copy_named(course, workspace):
    test = workspace / "katas/day01/test_doubling.py"
    test.write_text("# I changed the test\n", "utf-8")
    write(workspace / "LICENSE", "mine\n")  # unknown to git, and about to come
    write(workspace / "pyproject.toml", "# mine, and the course leaves it\n")
    commit(workspace, "my pyproject")
    sh(workspace, "git", "reset", "-q", "--soft", "HEAD^")
    sh(workspace, "git", "reset", "-q", "--", "LICENSE", "katas")
    sh(workspace, "git", "commit", "-q", "-m", "mine")
    a_newer_course(course)
    output = kata(workspace, "update")
    kept = [line.split(": ", 1)[1] for line in output.splitlines() if "your " in line]
    texts = {(workspace / path.strip()).read_text("utf-8") for path in kept}
    assert texts == {"# I changed the test\n", "mine\n"}
    assert test.read_bytes() == (course / "katas/day01/test_doubling.py").read_bytes()
    assert "mine" in (workspace / "pyproject.toml").read_text("utf-8")


def test_undo_brings_the_old_course_and_the_edits_back(course, workspace):
    solve(workspace, 1, MINE)
    commit(workspace, "my day 1")
    (workspace / "katas/day01/test_doubling.py").write_text("# changed\n", "utf-8")
    before, head = bytes_of(workspace), sh(workspace, "git", "rev-parse", "HEAD")
    a_newer_course(course)
    kata(workspace, "update")
    kata(workspace, "update", "--undo")
    now = bytes_of(workspace)
    assert {p for p in {*now, *before} if now.get(p) != before.get(p)} == set()
    assert sh(workspace, "git", "rev-parse", "HEAD") == head
    assert "No update" in kata(workspace, "update", "--undo", code=2)
    kata(workspace, "update")
    assert (workspace / "katas/dojo/new_tool.py").exists()


def test_undo_after_more_work_takes_back_the_course_alone(course, workspace):
    old = bytes_of(workspace)
    a_newer_course(course)
    kata(workspace, "update")
    solve(workspace, 3, MINE)
    solve(workspace, 1, MINE)
    sh(workspace, "git", "add", "katas/day01")
    sh(workspace, "git", "commit", "-q", "-m", "my day 1")
    before = bytes_of(workspace)
    kata(workspace, "update", "--undo")
    after = bytes_of(workspace)
    mine = ["katas/day01/doubling.py", "katas/day01/quiz.py", "katas/day03/steps.py"]
    mine.append("katas/day03/quiz.py")
    assert {p: after.get(p) for p in mine} == {p: before[p] for p in mine}
    assert {p: t for p, t in after.items() if p not in mine} == {
        p: t for p, t in old.items() if p not in mine
    }
    kata(workspace, "update")
    assert {p: bytes_of(workspace).get(p) for p in mine} == {p: before[p] for p in mine}
    assert (workspace / "katas/dojo/new_tool.py").exists()


def test_work_moves_along_with_a_renamed_and_a_renumbered_day(course, workspace):
    for number in (1, 2):
        solve(workspace, number, f"# mine {number}\n")
    write(workspace / "notes/day01.md", "my note 1\n")
    commit(workspace, "my days 1 and 2")
    write(workspace / "katas/day02/quiz.py", "answer = 4  # mine, not committed\n")
    before = bytes_of(workspace)
    for place in ("katas", "solutions"):  # days 1 and 2 change places
        one, two = (course / place / name for name in ("day01", "day02"))
        one.rename(course / "between")
        two.rename(one)
        (course / "between").rename(two)
    index = small.INDEX.replace("number = 1", "number = 9").replace(
        "number = 2", "number = 1"
    )
    index = index.replace("number = 9", "number = 2").replace('"sums"', '"totals"')
    write(course / "katas/course.toml", index.split('[[phase]]\nname = "Steps"')[0])
    commit(course, "days 1 and 2 change places")
    sh(course, "git", "mv", "katas/day01/sums.py", "katas/day01/totals.py")
    sh(course, "git", "mv", "solutions/day01/sums.py", "solutions/day01/totals.py")
    sh(course, "git", "mv", "katas/day01/test_sums.py", "katas/day01/test_totals.py")
    commit(course, "and sums is totals")
    output = kata(workspace, "update")
    after = bytes_of(workspace)
    assert after["katas/day02/doubling.py"] == before["katas/day01/doubling.py"]
    assert after["katas/day02/quiz.py"] == before["katas/day01/quiz.py"]
    assert "katas/day01/doubling.py" not in after
    assert "katas/day01/doubling.py -> katas/day02/doubling.py" in output
    assert after["notes/day02.md"] == b"my note 1\n"
    kept = {f.read_bytes() for f in (workspace / ".dojo/kept").rglob("*.py")}
    assert before["katas/day02/sums.py"] in {*after.values(), *kept}
    assert before["katas/day02/quiz.py"] in {*after.values(), *kept}
    kata(workspace, "update", "--undo")
    now = bytes_of(workspace)
    assert {p for p in {*now, *before} if now.get(p) != before.get(p)} == set()


def test_a_checkout_with_windows_line_ends_is_no_edit(course, workspace):
    sh(workspace, "git", "config", "core.autocrlf", "true")
    sh(workspace, "git", "rm", "-q", "-r", "--cached", ".")
    sh(workspace, "git", "reset", "-q", "--hard")
    test = workspace / "katas/day01/test_doubling.py"
    assert b"\r\n" in test.read_bytes()
    solve(workspace, 2, MINE)
    before = bytes_of(workspace)["katas/day02/sums.py"]
    a_newer_course(course)
    output = kata(workspace, "update")
    assert "your " not in output
    assert bytes_of(workspace)["katas/day02/sums.py"] == before
    assert b"# one property more\r\n" in test.read_bytes()
    status = sh(workspace, "git", "status", "--porcelain").split()
    assert status == ["M", "katas/day02/quiz.py", "M", "katas/day02/sums.py"]


def test_a_copy_without_history_finds_its_place_in_the_course(course, workspace):
    sh(workspace, "git", "checkout", "-q", "--orphan", "fresh")
    sh(workspace, "git", "commit", "-q", "-m", "from a template")
    solve(workspace, 1, MINE)
    commit(workspace, "my day 1")
    before = bytes_of(workspace)
    a_newer_course(course)
    kata(workspace, "update")
    after = bytes_of(workspace)
    assert after["katas/day01/doubling.py"] == before["katas/day01/doubling.py"]
    assert after["katas/dojo/new_tool.py"]


def test_an_update_that_cannot_start_gives_its_reason_in_one_line(
    course, workspace, tmp_path
):
    write(workspace / "katas/day01/doubling.py", "mine\n")
    before = bytes_of(workspace)
    output = kata(workspace, "update", str(tmp_path / "nowhere"), code=2)
    assert "Nothing came from" in output
    sh(workspace, "git", "remote", "remove", "origin")
    assert "kata update ADDRESS" in kata(workspace, "update", code=2)
    assert "up to date" in kata(workspace, "update", str(course))
    (workspace / ".git").rename(tmp_path / "away")
    assert "git clone" in kata(
        workspace, "update", code=2, GIT_CEILING_DIRECTORIES=str(workspace)
    )
    now = bytes_of(workspace)
    assert {p for p in {*now, *before} if now.get(p) != before.get(p)} == set()


def branch_file(root):
    return root / ".git/refs/heads/main"


def break_index(root):
    (root / ".git/index").write_bytes(b"half an index")


def break_configuration(root):
    with (root / ".git/config").open("a") as file:
        file.write("[half\n")


# {what is broken: (how, git's reason, the line that mends it)}
BROKEN = {
    "somebody else's folder": (None, "dubious ownership", "--add safe.directory"),
    "a bare repository": (
        lambda root: sh(root, "git", "config", "core.bare", "true"),
        "must be run in a work tree",
        "git config core.bare false",
    ),
    "HEAD": (
        lambda root: (root / ".git/HEAD").write_bytes(b"\0\0\0"),
        "HEAD is damaged",
        "echo 'ref: refs/heads/main' > ",
    ),
    "the branch": (
        lambda root: branch_file(root).write_bytes(b""),
        "refs/heads/main is damaged",
        "git update-ref refs/heads/main ",
    ),
    "the index": (break_index, "index file", "rm .git/index && git reset"),
    "the configuration": (break_configuration, "bad config line", "mend that line of"),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_repository_that_git_refuses_gets_gits_reason_and_the_cure(
    course, workspace, broken
):
    solve(workspace, 1)
    head = sh(workspace, "git", "rev-parse", "HEAD").strip()
    how, reason, fix = BROKEN[broken]
    more = {} if how else {"GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"}
    if how:
        how(workspace)
    update = kata(workspace, "update", code=2, **more)
    assert len(update.splitlines()) == 1
    for output in (
        update,
        kata(workspace, "done", 1, **more),
        kata(workspace, "doctor", code=1, **more),
    ):
        assert reason in output, output
        assert fix in output
        assert "not a git repository" not in output
    if broken == "the branch":
        line = update.split("is damaged: ")[1].strip()
        sh(workspace, "bash", "-c", line)
        assert sh(workspace, "git", "rev-parse", "HEAD").strip() == head
        assert "committed" in kata(workspace, "done", 1)


def test_a_lock_that_a_killed_git_left_behind_is_named_with_its_cure(workspace):
    solve(workspace, 1)
    lock = workspace / ".git/index.lock"
    lock.touch()
    output = kata(workspace, "done", 1)
    assert "not committed: git add: " in output
    assert "index.lock': File exists" in output
    assert f"rm {shlex.quote(str(lock))}" in output
    assert "rm .git/index.lock" in kata(workspace, "doctor", code=1)
    lock.unlink()
    assert "committed" in kata(workspace, "done", 1)


def test_where_git_is_missing_each_command_names_the_installer(workspace, tmp_path):
    solve(workspace, 1)
    path = {"PATH": str(tmp_path / "empty")}
    for command, code in ((["update"], 2), (["done", 1], 0), (["doctor"], 1)):
        output = kata(workspace, *command, code=code, **path)
        assert "git is not installed" in output
        assert git.INSTALL.get(sys.platform, "sudo apt install git") in output


def test_a_commit_on_a_detached_head_says_so(course, workspace):
    sh(workspace, "git", "checkout", "-q", "--detach")
    assert "git switch -c NAME" in kata_process(workspace, "doctor")
    solve(workspace, 1)
    output = kata(workspace, "done", 1)
    assert "on no branch (detached HEAD): git switch -c NAME keeps it" in output
    a_newer_course(course)
    output = kata(workspace, "update")
    assert "branch" in output
    assert "git switch -c NAME" in output


class Refusing(BaseHTTPRequestHandler):
    """A server that lets nobody in, as for a private repository."""

    def do_GET(self):
        self.send_response(401)
        self.send_header("WWW-Authenticate", 'Basic realm="private"')
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such terminal")
def test_gits_question_for_a_password_stands_alone_on_its_line(workspace):
    from katas.dojo.bench.pseudo_terminal import Terminal

    server = ThreadingHTTPServer(("127.0.0.1", 0), Refusing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/course.git"
    command = [sys.executable, "-m", "katas.dojo.cli", "update", address]
    without_helpers = {"GIT_CONFIG_NOSYSTEM": "1", "HOME": str(workspace.parent)}
    variables = small.environment(workspace, TERM="xterm", **without_helpers)
    for name in ("SSH_ASKPASS", "http_proxy", "HTTP_PROXY"):
        variables.pop(name, None)
    with Terminal(command, workspace, variables, columns=120) as terminal:
        terminal.wait_for("Username for")
        asked = len(terminal.text)
        terminal.read(0.5)  # a spinner would turn meanwhile
        assert terminal.text[asked:].strip(" ':/.0123456789htp") == ""
        terminal.type("anna\n")
        terminal.wait_for("Password for")
        terminal.type("secret\n")
        terminal.wait_for("Nothing came from .*Authentication failed")
    output = kata(workspace, "update", address, code=2, **without_helpers)
    assert len(output.splitlines()) == 1
    server.shutdown()
    server.server_close()


PAGE = "notes/README.md"


def ship_notes(course, text="# Notes\n\nWhat a note is for.\n"):
    """The course gets a page of notes of its own, or another version of it."""
    write(course / PAGE, text)
    commit(course, "the page of notes")
    return text.encode()


def test_a_workspace_without_a_page_of_notes_gets_the_courses(course, workspace):
    shipped = ship_notes(course)
    kata(workspace, "update")
    assert (workspace / PAGE).read_bytes() == shipped
    assert sh(workspace, "git", "status", "--porcelain") == ""


@pytest.mark.parametrize("how", ["committed", "not committed", "ignored by git"])
@pytest.mark.parametrize("had", ["the course's page", "no page"])
def test_a_learners_own_page_of_notes_keeps_every_byte(course, workspace, had, how):
    if had == "the course's page":
        ship_notes(course)
        kata(workspace, "update")
    mine = b"# My notes\r\n\xe4 no text that a tool would write"
    (workspace / "notes").mkdir(exist_ok=True)
    (workspace / PAGE).write_bytes(mine)
    if how == "committed":
        commit(workspace, "my notes")
    elif how == "ignored by git":
        write(workspace / ".git/info/exclude", "notes/\n")
    ship_notes(course, "# Notes\n\nA newer page.\n")
    kata(workspace, "update")
    assert (workspace / PAGE).read_bytes() == mine
    assert "up to date" in kata(workspace, "update")
    kata(workspace, "update", "--undo")
    assert (workspace / PAGE).read_bytes() == mine


def test_an_unchanged_page_of_notes_is_updated(course, workspace):
    ship_notes(course)
    kata(workspace, "update")
    newer = ship_notes(course, "# Notes\n\nA newer page.\n")
    kata(workspace, "update")
    assert (workspace / PAGE).read_bytes() == newer
    assert sh(workspace, "git", "status", "--porcelain") == ""


# Ends itself before the n-th change of a file, of the index or of the branch.
KILLER = """
import os, signal, sys
from katas.dojo.cli import entry
from katas.dojo.store import files, git
from katas.dojo.update import checkout
steps = [int(sys.argv.pop(1))]
def counted(function):
    def inner(*args, **kwargs):
        changes = args and args[0] in ("checkout", "update-index", "update-ref")
        if function is not run or changes:
            steps[0] -= 1
            if steps[0] < 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return function(*args, **kwargs)
    return inner
run = git.run
git.run = counted(git.run)
os.replace = counted(os.replace)
os.unlink = counted(os.unlink)
entry.main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_kill_at_any_step_loses_nothing_and_the_next_update_ends_it(
    course, workspace
):
    solve(workspace, 1, MINE)
    commit(workspace, "my day 1")
    solve(workspace, 2, MINE)
    write(workspace / "katas/day01/test_doubling.py", "# I changed the test\n")
    mine = bytes_of(workspace)
    start = sh(workspace, "git", "rev-parse", "HEAD").strip()
    a_newer_course(course)
    owned = [p for p in mine if p.startswith("katas/day0") and "test_" not in p]
    owned = [p for p in owned if "README" not in p]
    for step in (1, 5, 7, 8, 9):
        done = subprocess.run(
            [sys.executable, "-c", KILLER, str(step), "update"],
            cwd=workspace,
            env=small.environment(workspace),
            capture_output=True,
            check=False,
        )
        after = bytes_of(workspace)
        kept = {f.read_bytes() for f in (workspace / ".dojo").rglob("*") if f.is_file()}
        assert {p: after.get(p) for p in owned} == {p: mine[p] for p in owned}, step
        assert mine["katas/day01/test_doubling.py"] in {*after.values(), *kept}, step
        assert done.returncode == -signal.SIGKILL, done.stderr.decode()
        kata(workspace, "update")
        the_same_but_for_owned(workspace, course, owned)
        sh(workspace, "git", "update-ref", "HEAD", start)
        sh(workspace, "git", "reset", "-q")
        for path, text in mine.items():
            (workspace / path).write_bytes(text)
        for path in {*bytes_of(workspace)} - {*mine}:
            os.unlink(workspace / path)
        (workspace / ".dojo/update.json").unlink(missing_ok=True)


def test_an_update_begun_by_an_older_version_can_be_read_and_resumed(course):
    text = {
        **{"stage": "begun", "old": "a", "new": "b", "base": "c", "commit": "d"},
        "moved": [["katas/day01/quiz.py", "katas/day02/quiz.py"]],
        "days": [[1, 2]],
        "vacated": ["katas/day01/quiz.py"],
        "kept": {"katas/day01/quiz.py": ".dojo/kept/quiz.py"},
    }
    with paths.acting_on(course):
        write(journal.file(), json.dumps(text))
        update = journal.read()
        assert update.stage == journal.Stage.BEGUN
        assert update.days == {1: 2}
        update.write()
        assert json.loads(journal.file().read_text("utf-8")) == text
        write(journal.file(), "{}")
        assert journal.read() is None

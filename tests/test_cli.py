"""The commands in real processes: what they say, what they change, how they end."""

import datetime
import json
import os
import signal
import subprocess
import sys
import time

import pytest

from tests import small_course as small
from tests.small_course import kata, run_day, sh, solve, write
from tests.small_desk import until

DAY = 86400


@pytest.fixture
def desk(tmp_path):
    return small.make(tmp_path / "course")


@pytest.fixture(scope="module")
def still(tmp_path_factory):
    """A course for commands that change nothing."""
    return small.make(tmp_path_factory.mktemp("still") / "course", git=False)


def remember(root, **days):
    write(root / ".dojo/state.json", json.dumps({"days": days}))


def test_from_blank_to_committed(desk):
    assert "run yet" in kata(desk, "hint", code=2)
    run_day(desk, 1)
    said = kata(desk, "hint")
    assert "hint 1 of 3, for double" in said
    assert "mild hint of double" in said
    assert "pointed hint" in kata(desk, "hint")
    kata(desk, "hint")
    said = kata(desk, "hint")
    assert "That was all" in said
    assert "kata diff 1 --anyway" in said
    assert small.state(desk)["days"]["day01"]["hints"] == {"double": 3}
    board = kata(desk)
    assert "at work" in board
    assert "three doubled is six" in board
    assert "not green yet" in kata(desk, "diff", 1, code=2)

    solve(desk, 1, "# mine\n")
    (desk / "katas/day02/quiz.py").write_text("answer = 4\n", "utf-8")
    write(desk / "notes/README.md", "# Mine\r\n\nwords\n")
    said = kata(desk, "done", 1)
    assert "day 01 is green: 3 of 3 true" in said
    assert "next: day 02, Sums of rows" in said
    assert "lacks the lines" in said  # a README without markers stays as it is
    assert (desk / "notes/README.md").read_bytes() == b"# Mine\r\n\nwords\n"
    files = sh(desk, "git", "show", "--name-only", "--format=%s", "HEAD").split("\n")
    assert files[0] == "Day 01: Twice as much"
    own = ["katas/day01/doubling.py", "katas/day01/quiz.py"]
    assert [f for f in files[1:] if f] == [*own, "notes/README.md", "notes/day01.md"]
    assert "day02/quiz.py" in sh(desk, "git", "status", "--porcelain")
    (desk / "notes/README.md").unlink()
    runs = small.state(desk)["days"]["day01"]["attempts"]
    assert "committed" in kata(desk, "done", 1)
    listed = (desk / "notes/README.md").read_text("utf-8")
    assert "- [x] 01 [Twice as much](day01.md)" in listed
    assert "- [ ] 02 Sums of rows" in listed
    assert "nothing to commit" in kata(desk, "done")
    assert small.state(desk)["days"]["day01"]["attempts"] == runs

    said = kata(desk, "diff", 1)
    assert "the same as the reference" in said
    assert " ms" in said  # the time of a call, yours and the reference's
    solve(desk, 1, "\ndouble = None\n")
    assert "changed" in kata(desk)
    said = kata(desk, "verify", code=1)
    assert "1 of 3 true" in said or "2 of 3 true" in said
    assert "pytest katas/day01" in said
    assert "0 of 3 green" in kata(desk)


def test_a_red_day_is_not_done(desk):
    head = sh(desk, "git", "rev-parse", "HEAD")
    said = kata(desk, "done", 2, code=1)
    assert "day 02 is not green: 0 of 2 true" in said
    assert "pytest katas/day02" in said
    write(desk / "katas/day02/sums.py", "import os\nos._exit(3)\n")
    assert "without a verdict (exit code 3)" in kata(desk, "done", 2, code=1)
    assert sh(desk, "git", "rev-parse", "HEAD") == head


def test_done_without_git_and_without_a_name_says_so_in_one_line(desk):
    solve(desk, 1)
    sh(desk, "git", "config", "--unset", "user.name")
    sh(desk, "git", "config", "user.useConfigOnly", "true")
    home = {"HOME": str(desk.parent), "GIT_CONFIG_NOSYSTEM": "1"}
    said = kata(desk, "done", 1, **home)
    assert "not committed: git has no name for you" in said
    (desk / ".git").rename(desk.parent / "away")
    said = kata(desk, "done", 1, GIT_CEILING_DIRECTORIES=str(desk.parent))
    assert "is not a git repository" in said


def test_the_board_fits_80_columns_and_has_no_escape_where_it_is_piped(still):
    remember(still, day01={"attempts": 30, "seconds": 3 * 3600, "green_at": 1.0})
    for more in ({}, {"NO_COLOR": "1"}, {"PYTHONIOENCODING": "ascii"}):
        said = kata(still, **{"PYTHONUTF8": "0", **more})
        assert "\x1b" not in said
        assert max(map(len, said.splitlines())) <= 80
    assert said.isascii()
    assert "180 min" not in said
    assert "3 h 0 min" in said
    assert "kata verify 1" in said


def test_the_board_suggests_one_day_that_is_long_ago(desk):
    solve(desk, 1, "# mine\n")
    ago = time.time() - 9 * DAY
    remember(desk, day01={"green_at": ago, "attempts": 1})
    kata(desk, "verify")
    assert "kata again 1   (green 9 days ago)" in kata(desk)
    recent = {**small.state(desk)["days"]["day01"], "green_at": time.time() - 5 * DAY}
    remember(desk, day01=recent)
    assert "again" not in kata(desk)
    remember(desk, day01={**recent, "hints": {"double": 3}})
    assert "kata again 1" in kata(desk)
    remember(desk, day01={**recent, "hints": {"double": 3}, "rounds": [{}, {}]})
    assert "again" not in kata(desk)


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        (["7"], "kata today 7 opens that day"),
        (["hnit"], "kata hint"),
        (["zzzzz"], "kata --help"),
        (["diff"], "Missing argument 'DAY'"),
        (["diff", "9"], "from 1 to 3"),
        (["reset", "two"], "from 1 to 3"),
        (["done", "--never"], "--never"),
        (["data", "nothing"], "kata data weda"),
        (["update"], "git clone"),
        (["back", "3"], "Nothing was kept"),
    ],
)
def test_a_mistyped_command_gets_one_line_on_stderr_and_exit_code_2(
    still, typed, answer
):
    done = subprocess.run(
        [sys.executable, "-m", "katas.dojo.cli", *typed],
        cwd=still,
        env=small.environment(still, GIT_CEILING_DIRECTORIES=str(still.parent)),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert answer in done.stderr


def test_today_is_chosen_and_let_go(still):
    assert "day 02" in kata(still, "today", "day02")
    assert "chosen" in kata(still, "today")
    assert "day 01" in kata(still, "today", "--clear")


def test_a_day_that_is_not_here_yet_says_so(desk):
    (desk / "katas/day03/README.md").unlink()
    assert "kata update" in kata(desk, "today", 3, code=2)
    assert "to come" in kata(desk)


def test_typing_kata_imports_no_tensorflow_and_no_numpy(still):
    code = "import sys; from katas.dojo.cli import entry; entry.run([]); print(*sys.modules)"
    said = sh(still, sys.executable, "-c", code)
    loaded = {*said.splitlines()[-1].split()}
    assert not loaded & {"tensorflow", "keras", "numpy", "pytest", "matplotlib"}


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C by a signal is POSIX")
def test_an_interrupt_ends_verify_and_its_test_run(desk):
    solve(desk, 1)
    slow = "import pathlib, time\npathlib.Path('begun').touch()\ntime.sleep(60)\n"
    write(desk / "katas/day01/doubling.py", slow)
    process = subprocess.Popen(
        [sys.executable, "-m", "katas.dojo.cli", "verify", "1"],
        cwd=desk,
        env=small.environment(desk),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert until((desk / "begun").exists)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=20)
    assert process.returncode == 130
    assert said == "interrupted\n"


def test_a_run_that_is_interrupted_marks_no_day_green(desk):
    solve(desk, 1)
    half = small.SOLUTIONS["doubling"].replace(
        "return np.asarray(x) / 2", "raise KeyboardInterrupt"
    )
    write(desk / "katas/day01/doubling.py", half)
    remember(desk, day01={})
    run_day(desk, 1)
    assert "fingerprint" not in small.state(desk)["days"]["day01"]


def test_verify_counts_a_green_day_on_the_date_it_was_green(desk):
    solve(desk, 2)
    then = datetime.datetime(2024, 2, 29, 12).timestamp()
    remember(desk, day02={"green_at": then})
    kata(desk, "done", 2, "--no-commit")
    assert "2024-02-29" in (desk / "notes/README.md").read_text("utf-8")
    assert small.state(desk)["days"]["day02"]["green_at"] == then


def test_the_doctor_names_what_is_wrong_and_the_line_that_mends_it(desk):
    project = (desk / "pyproject.toml").read_text("utf-8")
    project = project.replace('"rich>=14"', '"rich>=99", "no-such-package>=1"')
    write(desk / "pyproject.toml", project)
    broken = "raise ImportError('a part of TensorFlow is missing')\n"
    write(desk.parent / "stand_in/tensorflow.py", broken)
    said = kata(desk, "doctor", code=1)
    assert 'pip install "rich>=99"' in said
    assert 'pip install "no-such-package>=1"' in said
    assert "a part of TensorFlow is missing" in said
    assert "pip install --force-reinstall tensorflow" in said

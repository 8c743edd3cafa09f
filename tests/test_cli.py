"""The commands: what they print, what they change, how they end."""

import datetime
import json
import os
import signal
import subprocess
import sys
import time

import pytest

from katas.dojo.cli import app
from tests import small_course as small
from tests.small_course import kata, kata_process, run_day, sh, solve, write
from tests.small_workspace import wait_until

DAY = 86400


@pytest.fixture
def workspace(tmp_path):
    return small.make(tmp_path / "course")


@pytest.fixture(scope="module")
def unchanging(tmp_path_factory):
    """A course for commands that change nothing."""
    return small.make(tmp_path_factory.mktemp("unchanging") / "course", git=False)


def write_records(root, **days):
    write(root / ".dojo/state.json", json.dumps({"days": days}))


COMMANDS = {
    "": (0, "0 of 3 green"),
    "today": (0, "day 01, Twice as much"),
    "hint": (2, "was not run yet"),
    "diff 1": (2, "not green yet"),
    "done 1": (1, "is not green"),
    "reset 1": (0, "is blank already"),
    "adopt 1": (0, "holds the reference"),
    "again 1": (2, "was never green"),
    "back 1": (2, "Nothing was kept"),
    "verify": (0, "No day was green yet"),
    "data": (0, "simulated falls"),
    "detector": (0, "attention pooling"),
    "doctor": (0, "TensorFlow and Keras can be imported"),
    "update": (2, "git clone"),
    "finish": (1, "not green: 1, 2, 3"),
    "grade": (0, "3 not started"),
    "new-day centring": (2, "Expected a title"),
}


WHOSE_TOOLING = """
import katas.dojo.runner.plugin

def double(x):
    files = (katas.dojo.runner.plugin.__file__, __file__)
    raise ValueError(f"of another clone: {[f for f in files if not f.startswith('ROOT')]}")

def halve(x):
    return x / 2
"""


@pytest.fixture
def two_clones(tmp_path):
    """(the clone that an environment has installed, another one, run): `run` calls a
    command of the environment, as a console script would, in the second clone."""
    installed, other = (
        small.make(tmp_path / name / "course", git=False) for name in ("one", "two")
    )
    main = "from katas.dojo.cli.entry import main"
    write(tmp_path / "bin/kata", f"{main}\nmain()\n")
    write(tmp_path / "bin/pytest", "import pytest, sys\nsys.exit(pytest.main())\n")
    write(tmp_path / "bin/days", "from katas.dojo.course import index\nindex.days()\n")
    path = os.pathsep.join([str(installed), str(tmp_path / "one/stand_in")])
    own = {"KATAS_ROOT": "", "PYTHONPATH": path}

    def run(name, *args, folder=".", **more):
        done = subprocess.run(
            [sys.executable, str(tmp_path / "bin" / name), *args],
            cwd=other / folder,
            env={**small.environment(other), **own, **more},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    return installed, other, run


def test_a_command_acts_on_the_clone_that_it_is_called_in(two_clones):
    installed, other, run = two_clones
    code, output = run("kata", "adopt", "1", folder="katas/day01")
    assert code == 0, output
    assert not (installed / ".dojo").exists()
    reference = (other / "solutions/day01/doubling.py").read_bytes()
    assert (other / "katas/day01/doubling.py").read_bytes() == reference
    code, output = run("kata", "doctor")
    assert code == 1
    assert f"{other}, but this environment has {installed} installed" in output
    assert f"cd {other} && pip install -e ." in output
    code, output = run("kata", "today", KATAS_ROOT=str(installed))
    assert "day 01" in output  # the variable wins: day 1 is blank there


def test_what_cannot_start_again_refuses_and_names_both_clones(two_clones):
    installed, other, run = two_clones
    code, output = run("days", folder="katas")
    assert code == 1
    assert f"act on {other}, but Python imports the course from {installed}" in output
    assert f"cd {other} && pip install -e ." in output
    assert (
        run("days", folder=other.parent)[0] == 0
    )  # outside of any clone: as installed


def test_pytest_tests_the_clone_that_it_is_called_in(two_clones):
    installed, other, run = two_clones
    file = other / "katas/day01/doubling.py"
    write(file, WHOSE_TOOLING.replace("ROOT", str(other)))
    day = str(other / "katas/day01")
    for folder, place in ((".", "katas/day01"), (day, "."), (installed, day)):
        _, output = run("pytest", place, folder=folder)
        assert "of another clone: []" in output, output


def test_each_command_has_a_line_in_the_table_of_processes():
    names = [c.name or c.callback.__name__ for c in app.app.registered_commands]
    assert [words.split()[0] for words in COMMANDS if words] == names


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words or "board")
def test_each_command_runs_in_a_process_of_its_own(tmp_path, words):
    course = small.make(tmp_path / "course", git=False)
    code, answer = COMMANDS[words]
    more = {"GIT_CEILING_DIRECTORIES": str(tmp_path)}
    assert answer in kata_process(course, *words.split(), code=code, **more)


def test_from_blank_to_committed(workspace):
    assert "run yet" in kata(workspace, "hint", code=2)
    run_day(workspace, 1)
    output = kata(workspace, "hint")
    assert "hint 1 of 3, for double" in output
    assert "mild hint of double" in output
    assert "pointed hint" in kata(workspace, "hint")
    kata(workspace, "hint")
    output = kata(workspace, "hint")
    assert "There are no more hints" in output
    assert "kata diff 1 --anyway" in output
    assert small.state(workspace)["days"]["day01"]["hints"] == {"double": 3}
    board = kata(workspace)
    assert "in progress" in board
    assert "three doubled is six" in board
    assert "not green yet" in kata(workspace, "diff", 1, code=2)

    solve(workspace, 1, "# mine\n")
    (workspace / "katas/day02/quiz.py").write_text("answer = 4\n", "utf-8")
    write(workspace / "notes/README.md", "# Mine\r\n\nwords\n")
    output = kata(workspace, "done", 1)
    assert "day 01 is green: 3 of 3 tests passed" in output
    assert " true" not in output
    assert "next: day 02, Sums of rows" in output
    assert "lacks the lines" in output  # a README without markers stays as it is
    assert (workspace / "notes/README.md").read_bytes() == b"# Mine\r\n\nwords\n"
    files = sh(workspace, "git", "show", "--name-only", "--format=%s", "HEAD").split(
        "\n"
    )
    assert files[0] == "Day 01: Twice as much"
    own = ["katas/day01/doubling.py", "katas/day01/quiz.py"]
    assert [f for f in files[1:] if f] == [*own, "notes/README.md", "notes/day01.md"]
    assert "day02/quiz.py" in sh(workspace, "git", "status", "--porcelain")
    (workspace / "notes/README.md").unlink()
    runs = small.state(workspace)["days"]["day01"]["attempts"]
    assert "committed" in kata(workspace, "done", 1)
    listed = (workspace / "notes/README.md").read_text("utf-8")
    assert "- [x] 01 [Twice as much](day01.md)" in listed
    assert "- [ ] 02 Sums of rows" in listed
    assert "nothing to commit" in kata(workspace, "done")
    assert small.state(workspace)["days"]["day01"]["attempts"] == runs

    output = kata(workspace, "diff", 1)
    assert "the same as the reference" in output
    assert " ms" in output  # the time of a call, yours and the reference's
    solve(workspace, 1, "\ndouble = None\n")
    assert "changed" in kata(workspace)
    output = kata(workspace, "verify", code=1)
    assert "1 of 3 passed" in output or "2 of 3 passed" in output
    assert "pytest katas/day01" in output
    assert "0 of 3 green" in kata(workspace)


def test_a_red_day_is_not_done(workspace):
    head = sh(workspace, "git", "rev-parse", "HEAD")
    output = kata(workspace, "done", 2, code=1)
    assert "day 02 is not green: 0 of 2 tests passed" in output
    assert "pytest katas/day02" in output
    write(workspace / "katas/day02/sums.py", "import os\nos._exit(3)\n")
    output = kata(workspace, "done", 2, code=1)
    assert "day 02 is not green: 0 of 2 tests passed\n  the file can be read" in output
    assert sh(workspace, "git", "rev-parse", "HEAD") == head


def test_done_without_git_or_without_a_name_gives_the_reason_in_one_line(workspace):
    solve(workspace, 1)
    sh(workspace, "git", "config", "--unset", "user.name")
    sh(workspace, "git", "config", "user.useConfigOnly", "true")
    home = {"HOME": str(workspace.parent), "GIT_CONFIG_NOSYSTEM": "1"}
    output = kata(workspace, "done", 1, **home)
    assert "not committed: git has no name for you" in output
    (workspace / ".git").rename(workspace.parent / "away")
    output = kata(workspace, "done", 1, GIT_CEILING_DIRECTORIES=str(workspace.parent))
    assert "not a git repository" in output


def test_the_board_fits_80_columns_and_has_no_escape_where_it_is_piped(unchanging):
    write_records(
        unchanging, day01={"attempts": 30, "seconds": 3 * 3600, "green_at": 1.0}
    )
    for more in ({}, {"NO_COLOR": "1"}, {"PYTHONIOENCODING": "ascii"}):
        output = kata_process(unchanging, **{"PYTHONUTF8": "0", **more})
        assert "\x1b" not in output
        assert max(map(len, output.splitlines())) <= 80
    assert output.isascii()
    assert "180 min" not in output
    assert "3 h 0 min" in output
    assert "kata verify 1" in output


def test_the_board_suggests_one_day_that_is_long_ago(workspace):
    solve(workspace, 1, "# mine\n")
    ago = time.time() - 9 * DAY
    write_records(workspace, day01={"green_at": ago, "attempts": 1})
    kata(workspace, "verify")
    assert "kata again 1   (green 9 days ago)" in kata(workspace)
    recent = {
        **small.state(workspace)["days"]["day01"],
        "green_at": time.time() - 5 * DAY,
    }
    write_records(workspace, day01=recent)
    assert "again" not in kata(workspace)
    write_records(workspace, day01={**recent, "hints": {"double": 3}})
    assert "kata again 1" in kata(workspace)
    write_records(
        workspace, day01={**recent, "hints": {"double": 3}, "rounds": [{}, {}]}
    )
    assert "again" not in kata(workspace)


@pytest.mark.parametrize(
    ("args", "message"),
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
    unchanging, args, message
):
    code, stdout, stderr = small.kata_streams(
        unchanging, *args, GIT_CEILING_DIRECTORIES=str(unchanging.parent)
    )
    assert code == 2
    assert stdout == ""
    assert len(stderr.splitlines()) == 1
    assert message in stderr


@pytest.mark.parametrize("odd", ["[/x]", "", "²", "--", "\x1b[31m", "x" * 5000, "-1"])
@pytest.mark.parametrize(
    "command", ["today", "data sisfall", "update", "grade", "back 1"]
)
def test_an_odd_argument_gets_a_message_and_no_traceback(unchanging, command, odd):
    ceiling = {"GIT_CEILING_DIRECTORIES": str(unchanging.parent)}
    code, stdout, stderr = small.kata_streams(
        unchanging, *command.split(), odd, **ceiling
    )
    assert code in (0, 2)
    assert len(stderr.splitlines()) <= 2
    assert stdout or stderr


@pytest.mark.skipif(sys.platform == "win32", reason="a shell's redirections")
@pytest.mark.parametrize(
    "way", [">&-", "2>&-", "| true", "> /dev/full", "<&- >&- 2>&-"]
)
@pytest.mark.parametrize("command", ["", "today", "--help"])
def test_a_closed_or_full_output_gives_no_traceback(unchanging, command, way):
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m katas.dojo.cli {command} {way}"],
        cwd=unchanging,
        env=small.environment(unchanging),
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


def test_today_is_chosen_and_cleared(unchanging):
    assert "day 02" in kata(unchanging, "today", "day02")
    assert "chosen" in kata(unchanging, "today")
    assert "day 01" in kata(unchanging, "today", "--clear")


def test_a_day_that_is_not_here_yet_is_refused(workspace):
    (workspace / "katas/day03/README.md").unlink()
    assert "kata update" in kata(workspace, "today", 3, code=2)
    assert "planned" in kata(workspace)


def test_typing_kata_imports_no_tensorflow_and_no_numpy(unchanging):
    code = "import sys; from katas.dojo.cli import entry; entry.run([]); print(*sys.modules)"
    output = sh(unchanging, sys.executable, "-c", code)
    loaded = {*output.splitlines()[-1].split()}
    assert not loaded & {"tensorflow", "keras", "numpy", "pytest", "matplotlib"}


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C by a signal is POSIX")
def test_an_interrupt_ends_verify_and_its_test_run(workspace):
    solve(workspace, 1)
    slow = "import pathlib, time\npathlib.Path('begun').touch()\ntime.sleep(60)\n"
    write(workspace / "katas/day01/doubling.py", slow)
    process = subprocess.Popen(
        [sys.executable, "-m", "katas.dojo.cli", "verify", "1"],
        cwd=workspace,
        env=small.environment(workspace),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert wait_until((workspace / "begun").exists)
    os.killpg(process.pid, signal.SIGINT)
    _, output = process.communicate(timeout=20)
    assert process.returncode == 130
    assert output == "interrupted\n"


def test_a_run_that_is_interrupted_marks_no_day_green(workspace):
    solve(workspace, 1)
    half = small.SOLUTIONS["doubling"].replace(
        "return np.asarray(x) / 2", "raise KeyboardInterrupt"
    )
    write(workspace / "katas/day01/doubling.py", half)
    write_records(workspace, day01={})
    run_day(workspace, 1)
    assert "fingerprint" not in small.state(workspace)["days"]["day01"]


def test_verify_counts_a_green_day_on_the_date_it_was_green(workspace):
    solve(workspace, 2)
    then = datetime.datetime(2024, 2, 29, 12).timestamp()
    write_records(workspace, day02={"green_at": then})
    kata(workspace, "done", 2, "--no-commit")
    assert "2024-02-29" in (workspace / "notes/README.md").read_text("utf-8")
    assert small.state(workspace)["days"]["day02"]["green_at"] == then


def test_the_doctor_names_what_is_wrong_and_the_line_that_fixes_it(workspace):
    project = (workspace / "pyproject.toml").read_text("utf-8")
    project = project.replace('"rich>=14"', '"rich>=99", "no-such-package>=1"')
    write(workspace / "pyproject.toml", project)
    broken = "raise ImportError('a part of TensorFlow is missing')\n"
    write(workspace.parent / "stand_in/tensorflow.py", broken)
    output = kata(workspace, "doctor", code=1)
    assert 'pip install "rich>=99"' in output
    assert 'pip install "no-such-package>=1"' in output
    assert "a part of TensorFlow is missing" in output
    assert "pip install --force-reinstall tensorflow" in output

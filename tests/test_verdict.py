"""A day is green when exactly the tests that the course lists for it have passed."""

import errno
import os
import subprocess
import sys

import pytest

from katas.dojo.course import index
from katas.dojo.store import paths
from tests import small_course as small

TEST = "katas/day01/test_doubling.py"
FIRST, BODY = "def test_three_doubled", "    assert double(3) == 6,"
SKIPPED = "It was skipped (later), and so has not passed: take the skip out."
MARKED = "It is marked xfail, so it proves nothing: take the mark out."
XFAIL = "import pytest\n@pytest.mark.xfail"


@pytest.fixture
def course(tmp_path):
    """A learner's checkout, all days solved."""
    root = small.make(tmp_path / "course", git=False)
    for number in small.TOPICS:
        small.solve(root, number)
    return root


def pytest_run(root, *args, cwd=None, code=0, **variables):
    """The output of pytest, typed in a folder of the course."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *args],
        cwd=cwd or root,
        env=small.environment(root, **variables),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    output = done.stdout + done.stderr
    assert done.returncode == code, output
    assert "INTERNALERROR" not in output
    assert "Traceback" not in output
    return output


def edit(root, old, new, name=TEST):
    text = (root / name).read_text("utf-8")
    assert old in text
    small.write(root / name, text.replace(old, new))


EDITS = {
    "skip": (BODY, "    import pytest; pytest.skip('later'),", SKIPPED),
    "SkipTest": (
        BODY,
        "    import unittest; raise unittest.SkipTest('later')  #",
        SKIPPED,
    ),
    "mark": (FIRST, f"import pytest\n@pytest.mark.skip('later')\n{FIRST}", SKIPPED),
    "xfail": (FIRST, f"{XFAIL}\n{FIRST}", MARKED),
    "xfail, not strict": (FIRST, f"{XFAIL}(strict=False)\n{FIRST}", MARKED),
    "module": (
        FIRST,
        f"import pytest; pytest.importorskip('n')\n{FIRST}",
        "as a whole",
    ),
    "renamed": (FIRST, "def check_three_doubled", "lacks this test"),
    "twice": (FIRST, f"{FIRST}_is_six():\n    pass\n\n\n{FIRST}", "defines it twice"),
}


@pytest.mark.parametrize(("old", "new", "line"), EDITS.values(), ids=EDITS.keys())
def test_a_test_that_did_not_pass_is_named_and_the_day_is_not_green(
    course, old, new, line
):
    edit(course, old, new)
    output = pytest_run(course, "katas/day01", code=1)
    assert "✗ three doubled is six" in output
    assert line in output
    assert "green" not in output
    output = small.kata(course, "done", 1, code=1)
    assert "three doubled is six" in output
    assert "of 3 tests passed" in output


def test_a_test_file_that_was_deleted_is_missed(course):
    (course / TEST).unlink()
    output = pytest_run(course, "katas/day01", code=1)
    assert "1 of 3 passed" in output
    assert f"{TEST} is missing: git restore {TEST}" in output
    output = small.kata(course, "hint", 1)
    assert "No hint is about this: pytest katas/day01 explains it." in output
    (course / "katas/day01/test_quiz.py").unlink()
    assert "0 of 3 passed" in pytest_run(course, "katas/day01", code=5)
    assert "0 of 3 tests passed" in small.kata(course, "done", 1, code=1)


def test_a_list_of_tests_that_was_deleted_is_missed(course):
    (course / "katas/tests.json").unlink()
    output = pytest_run(course, "katas/day01", code=4)
    assert "git restore katas/tests.json" in output


def test_code_that_skips_its_test_is_not_graded_as_green(course):
    edit(course, "    return np.sum", "    import pytest; pytest.skip()\n    return np.sum",
         "katas/day02/sums.py")  # fmt: skip
    output = small.kata(course, "grade", code=1)
    assert "1 of 2 passed" in output
    assert "0 of 3 days green, 2 adopted" in output


def test_a_test_of_the_learners_own_does_not_count(course):
    mine = "def test_mine():\n    assert False\n"
    small.write(course / "katas/day01/test_mine.py", mine)
    output = pytest_run(course, "katas/day01", code=1)
    assert "3 of 3 passed" in output
    assert "✗ mine  not one of the course's tests" in output
    assert "green, after 1 run" in output


@pytest.mark.parametrize(
    "args", [["katas/day01/test_quiz.py"], ["katas/day01", "-k", "two_and"]]
)
def test_a_part_of_a_day_is_not_the_day(course, args):
    output = pytest_run(course, *args)
    assert "1 of 3 passed" in output
    assert "2 tests not run: pytest katas/day01" in output
    assert "green" not in output
    assert not (course / ".dojo/state.json").exists()


@pytest.mark.parametrize("options", ["-n 2", "-v", "-qq", "--tb=long -x", "-p xdist"])
def test_the_screen_is_the_courses_whatever_pytests_variable_holds(course, options):
    output = pytest_run(course, "katas/day02", PYTEST_ADDOPTS=options)
    assert "2 of 2 passed" in output
    assert "green, after 1 run" in output


def test_a_command_runs_the_whole_day_whatever_pytests_variable_holds(course):
    variables = {"PYTEST_ADDOPTS": "-k nothing", "PYTEST_PLUGINS": "none"}
    small.write(course / "pytest.ini", "[pytest]\naddopts = -k nothing\n")
    output = small.kata(course, "done", 2, "--no-commit", **variables)
    assert "2 of 2 tests passed" in output


def test_another_plugin_of_pytest_is_not_loaded(course):
    stand_in = course.parent / "stand_in"
    small.write(stand_in / "shuffling.py", "def pytest_collection_modifyitems(items):\n"
                "    items.clear()\n")  # fmt: skip
    entry = "[pytest11]\nrandomly = shuffling\n"
    small.write(stand_in / "shuffling-1.dist-info/entry_points.txt", entry)
    small.write(
        stand_in / "shuffling-1.dist-info/METADATA", "Name: shuffling\nVersion: 1\n"
    )
    assert "2 of 2 passed" in pytest_run(course, "katas/day02")


@pytest.mark.parametrize(
    ("folder", "args"),
    [("katas/day02", ["."]), ("katas/day02", []), ("katas", ["day02"])],
)
def test_a_day_is_run_from_its_own_folder(course, folder, args):
    output = pytest_run(course, *args, cwd=course / folder)
    assert "day 02 · Sums of rows" in output
    assert "2 of 2 passed" in output


@pytest.mark.parametrize("name", ["Friday2024", "day2", "a[1]"])
def test_the_name_of_the_checkouts_folder_is_no_day_and_no_test(tmp_path, name):
    root = small.make(tmp_path / name / "katas", git=False)
    small.solve(root, 3)
    small.solve(root, 1)
    small.write(root / ".dojo/state.json", '{"today": 3}')
    for args in [
        [],
        [str(root / "katas/day03")] if "[" not in name else ["katas/day03"],
    ]:
        assert "day 03 · Differences" in pytest_run(root, *args)
    assert "2 of 2 tests passed" in small.kata(root, "done", 3, "--no-commit")
    with paths.acting_on(root):
        assert index.day_at(root) is None
        assert index.day_at(root / "katas/day03/steps.py") == index.day(3)
        assert index.day(root / "katas/day03/steps.py") == index.day(3)


LEARNERS = {
    "no message": (
        "class Bad(Exception):\n"
        "    def __str__(self):\n        raise ValueError\n"
        "    __repr__ = __str__\n\n"
        "def total(x):\n    raise Bad\n",
        "Bad: its message cannot be shown: __str__ raised ValueError",
    ),
    "escape sequences": (
        "def total(x):\n"
        "    raise ValueError('a\\x1b[2Jb\\x1b]0;t\\x07c\\x9b\\u202e\\ud800d')\n",
        "ValueError: abc?d",
    ),
    "the end of the session": (
        "import pytest\n\ndef total(x):\n    pytest.exit('bye', returncode=0)\n",
        "The code calls pytest.exit(): take that line out.",
    ),
}


@pytest.mark.parametrize(("code", "line"), LEARNERS.values(), ids=LEARNERS.keys())
def test_any_error_is_explained(course, code, line):
    small.write(course / "katas/day02/sums.py", code)
    output = pytest_run(course, "katas/day02", code=1)
    assert f"  {line}\n" in output
    assert "katas/day02/sums.py:" in output
    assert "1 of 2 passed" in output


def test_no_command_prints_an_escape_sequence_of_the_learners(course):
    code = "def total(x):\n    return '\x1b[2J'\n"
    small.write(course / "katas/day02/sums.py", code)
    output = small.kata(course, "diff", 2, "--anyway", "--untimed")
    assert "return ''" in output
    assert "\x1b" not in output


def test_a_file_of_the_learners_that_was_deleted_or_is_no_utf_8_is_named(course):
    file = course / "katas/day02/sums.py"
    text = file.read_text("utf-8")
    file.write_text(text, "utf-16")
    line = "The file is not saved as UTF-8: choose that encoding in the editor, save."
    assert line in pytest_run(course, "katas/day02", code=2)
    file.unlink()
    line = "katas/day02/sums.py is missing: git restore katas/day02/sums.py, or kata reset 2"
    assert line in pytest_run(course, "katas/day02", code=2)


def test_a_file_that_hides_a_module_is_named_where_it_ends_the_run(course):
    small.write(course / "glob.py", "raise RuntimeError\n")
    output = small.kata(course, "done", 2, code=1)
    assert "glob.py hides the module glob: rename it" in output


WRITE_ERRORS = {
    errno.ENOSPC: "free some space on that disk",
    errno.EROFS: "make .dojo writable, its file system is mounted read-only",
}
if os.name == "posix":
    WRITE_ERRORS[errno.EACCES] = 'sudo chown -R "$USER" .dojo'


@pytest.mark.parametrize(("number", "line"), WRITE_ERRORS.items())
def test_a_hint_is_given_where_it_cannot_be_counted(course, number, line, monkeypatch):
    small.kata(course, "reset", 1)
    pytest_run(course, "katas/day01", code=1)

    def fail(*args, **kwargs):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("tempfile.mkstemp", fail)
    output = " ".join(small.kata(course, "hint", 1).split())
    assert "What is the mild hint of double?" in output
    assert "This hint was not counted. Expected to write .dojo/state.json" in output
    assert line in output


def test_the_verdict_comes_where_nothing_can_be_recorded(course):
    small.write(course / ".dojo", "a file in the folder's place")
    output = pytest_run(course, "katas/day02")
    assert "2 of 2 passed" in output
    assert "\ngreen\n" in output
    assert "This run was not recorded. Expected to write .dojo/state.json" in output
    assert "move away what stands in the place of .dojo" in output
    assert "2 of 2 tests passed" in small.kata(course, "done", 2, "--no-commit")

"""`kata new-day`: what an author starts from is a whole day that runs."""

import shutil
import subprocess
import sys
import tomllib

import pytest

from tests import small_course as small
from tests.small_course import environment, kata, sh, write


@pytest.fixture
def course(tmp_path):
    return small.make(tmp_path / "course")


def run(root, target, name="day04"):
    """(exit code, output) of a day's tests against a target."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", f"katas/{name}", "--against", target, "-v"],
        cwd=root,
        env=environment(root, COLUMNS="200"),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_a_new_day_is_green_blank_and_caught_before_any_edit(course):
    output = kata(course, "new-day", "centring", 'Zero mean, or "offset"')
    assert "Day 04 is begun, as a draft" in output
    index = tomllib.loads((course / "katas/course.toml").read_text("utf-8"))
    assert index["phase"][-1]["day"][-1] == {
        "number": 4,
        "draft": True,
        "topic": "centring",
        "title": 'Zero mean, or "offset"',
        "minutes": 32,
    }
    code, text = run(course, "solutions")
    assert code == 0, text
    assert text.count("PASSED") == 3
    code, text = run(course, "stubs")
    assert code == 1
    assert text.count("FAILED") >= 3
    assert text.lower().count("still blank") >= 3, text
    for number, caught in (
        (1, "test_each_channel_loses_its_own_mean"),
        (2, "test_a_constant_offset_leaves_no_trace"),
    ):
        code, text = run(course, f"day04:{number}")
        assert code == 1
        assert any("FAILED" in x and caught in x for x in text.splitlines()), text
    for variant in ("loops", "matrix"):
        code, text = run(course, f"day04=tests/variants/day04/{variant}.py")
        assert code == 0, text
    stub = (course / "katas/day04/centring.py").read_text("utf-8")
    assert "NotImplementedError" in stub
    assert "first_value = ..." in (course / "katas/day04/quiz.py").read_text("utf-8")
    assert "04  Zero mean" in kata(course)
    assert "planned" in kata(course)
    assert "kata update" in kata(course, "today", 4, code=2)
    index = (course / "katas/course.toml").read_text("utf-8")
    write(course / "katas/course.toml", index.replace("draft = true\n", ""))
    assert "day 04" in kata(course, "today", 4)


def test_a_listed_topic_keeps_its_number_and_becomes_a_draft(course):
    for folder in ("katas", "solutions"):
        shutil.rmtree(course / folder / "day02")
    before = (course / "katas/course.toml").read_text("utf-8")
    kata(course, "new-day", "sums")
    after = (course / "katas/course.toml").read_text("utf-8")
    assert after.replace("draft = true\n", "") == before
    days = [day for phase in tomllib.loads(after)["phase"] for day in phase["day"]]
    assert [day["number"] for day in days if day.get("draft")] == [2]
    lesson = (course / "katas/day02/README.md").read_text("utf-8")
    assert lesson.startswith("# Day 02. Sums of rows\n")
    assert "$" not in lesson


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["two words", "Title"], "can name a module"),
        (["class", "Title"], "can name a module"),
        (["Upper", "Title"], "can name a module"),
        (["quiz", "Title"], "another topic"),
        (["fresh"], "Expected a title"),
        (["doubling"], "has files already"),
    ],
)
def test_a_day_that_cannot_begin_changes_nothing(course, args, message):
    assert message in kata(course, "new-day", *args, code=2)
    assert sh(course, "git", "status", "--porcelain") == ""


def test_stubs_can_be_checked_without_writing(course):
    kata(course, "new-day", "centring", "Zero mean")
    check = [sys.executable, "-m", "katas.dojo.authoring", "stubs", "--check"]
    files = ["solutions/day04/centring.py", "solutions/day04/quiz.py", "day01"]
    sh(course, *check, *files)
    stub = course / "katas/day04/centring.py"
    write(stub, "mine\n")
    done = subprocess.run(
        [*check, *files],
        cwd=course,
        env=environment(course),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    output = "katas/day04/centring.py: python -m katas.dojo.authoring stubs 4\n"
    assert done.stdout == output
    assert stub.read_text("utf-8") == "mine\n"
    assert not (course / ".dojo/kept").exists()


def test_the_files_of_a_new_day_keep_the_style(course):
    ruff = shutil.which("ruff")
    if not ruff:
        pytest.skip(
            'ruff comes with the developers\' packages: pip install -e ".[dev]"'
        )
    kata(course, "new-day", "centring", "Zero mean")
    for folder in ("katas", "solutions", "tests/variants"):
        sh(course, ruff, "check", f"{folder}/day04")
        sh(course, ruff, "format", "--check", f"{folder}/day04")

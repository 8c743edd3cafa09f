"""Days on which the learner writes the tests: each status of a property is recognised."""

import pytest

from katas.dojo.course import index
from katas.dojo.course.records import DayRecord
from katas.dojo.judge import properties
from katas.dojo.judge.property_runner import Job
from katas.dojo.workspace import board
from tests.inner import run
from tests.small_workspace import ends

RIGHT = """
def double(x):
    return 2 * _one(x)

def _one(x):
    return x
"""
BROKEN = {
    "nothing is doubled": RIGHT.replace("2 * _one(x)", "_one(x)"),
    "negative numbers are lost": RIGHT.replace("return x", "return max(x, 0)"),
}
HEAD = """
import os, random
from hypothesis import given, strategies as st
from katas.day11.under_test import double
"""
NUMBERS = "@given(x=st.integers(-9, 9))\ndef test_it(x):\n    "
ONCE = "def test_it():\n    "


def evaluated(folder, body):
    """The Property that is the one test of a file."""
    path, module = str(folder / "properties.py"), "katas.day11.under_test"
    job = Job(path, HEAD + body, module, RIGHT, BROKEN)
    results = properties.run_job(job, folder)
    assert list(results) == ["test_it"]
    return results["test_it"]


PROPERTIES = {
    "holds": [
        f"{NUMBERS}assert double(x) == x + x",
        f"{ONCE}assert [double(x) for x in range(-5, 5)] == list(range(-10, 10, 2))",
        f"{ONCE}print('all the same'); assert double(3) == 6",
        f"{NUMBERS}assert isinstance(double(x), int)",  # weak, but nothing else passes
    ],
    "fails": [
        f"{NUMBERS}assert double(x) == x * x",
        f"{NUMBERS}assert double(x) < 18",  # at one input in nineteen
        f"{ONCE}assert double(2) == 5",
        f"{ONCE}double()",
        f"{ONCE}raise SystemExit(0)",
        f"{ONCE}import pytest; pytest.skip('later')",
        f"{NUMBERS}from hypothesis import assume; assume(False)",
    ],
    "flaky": [
        f"{ONCE}assert double(2) == 4 and random.random() < 0.5",
        f"{NUMBERS}assert double(x) == 2 * x and os.urandom(1)[0] > 30",
        f"{NUMBERS}assert double(x) == 2 * x and os.urandom(1)[0] > 170",
    ],
    "vacuous": [
        f"{ONCE}pass",
        f"{NUMBERS}double(x)",
        f"{ONCE}assert 2 * 2 == 4",
        f"{NUMBERS}\n    try:\n        assert double(x) == 2 * x\n    except Exception: pass",
        f"{ONCE}assert double(2) == double(2) or True",
    ],
    "blank": [
        f"{NUMBERS}raise NotImplementedError('day 11: check it')",
        f"{ONCE}raise NotImplementedError('day 11: check it')",
    ],
}
EACH = [(status, body) for status, bodies in PROPERTIES.items() for body in bodies]


@pytest.mark.parametrize(("status", "body"), EACH)
def test_each_status_of_a_property_is_recognised(status, body, tmp_path):
    result = evaluated(tmp_path, body)
    assert result.status == status, result
    assert bool(result.message) == (status != "holds"), result


def test_a_property_catches_what_it_fails_on_also_through_a_helper(tmp_path):
    assert evaluated(tmp_path, f"{NUMBERS}assert double(x) == x + x").catches == (
        *BROKEN,
    )
    result = evaluated(tmp_path, f"{ONCE}assert double(3) == 6")
    assert result.catches == ("nothing is doubled",)


def test_the_message_of_a_wrong_property_has_its_place_and_example(tmp_path):
    result = evaluated(tmp_path, f"{NUMBERS}assert double(x) == x * x")
    assert result.message == "assert double(x) == x * x\n  with x=1", result.message
    assert (result.line, result.failed_line) == (5, 7), result


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (f"{ONCE}\n    while True: pass", "test_it, on the right code, did not come"),
        (f"{ONCE}os._exit(0)", "test_it, on the right code, ended the process"),
        ("while True: pass", "The file did not come to an end"),
        (f"{ONCE}assert double(1) > 1 or os._exit(1)", "on nothing is doubled, ended"),
    ],
)
def test_a_property_that_never_ends_is_named(body, message, tmp_path, monkeypatch):
    monkeypatch.setattr(properties, "SECONDS", 4.0)
    monkeypatch.setenv("KATAS_TIMEOUT_FACTOR", "1")
    with pytest.raises(AssertionError, match=message):
        evaluated(tmp_path, body)


def test_the_board_shows_how_many_are_caught():
    record = DayRecord(attempts=3, caught=[7, 12])
    row = board.Row(index.day(11), board.Status.IN_PROGRESS, record)
    assert "caught 7 of 12" in board.row_text(row).plain
    row = board.Row(index.day(11), board.Status.GREEN, record)
    assert "caught" not in board.row_text(row).plain


@pytest.mark.parametrize("day", [d for d in index.days() if d.kind == "specify"])
def test_the_reference_catches_each_copy_by_the_named_property(day):
    right = (day.folder / "under_test.py").read_text("utf-8")
    copies = properties.broken_copies(day)
    assert len(copies) >= 10
    source = day.solution.read_text("utf-8")
    results = properties.evaluate_source(day, str(day.solution), source)
    assert {each.status for each in results.values()} == {"holds"}
    for claim, broken in copies.items():
        assert broken.edit(right) != right
        assert claim in results[broken.caught_by].catches, claim
    tests = (day.folder / f"test_{day.topic}.py").read_text("utf-8")
    assert [claim for claim in copies if f'"{claim}"' not in tests] == []


def test_a_broken_copy_that_survives_is_reported_with_the_score(tmp_path):
    file = tmp_path / "weak.py"
    body = "    assert len(order(9, seed)) == 9\n"
    name = "test_the_seed_decides_the_order"
    file.write_text(f"@given(seed=seeds())\ndef {name}(seed):\n{body}", "utf-8")
    results = run(index.day(11), f"day11={file}")
    assert list(results.failed) == [
        "test_a_seed_without_effect_is_caught",
        "test_an_order_drawn_anew_at_each_call_is_caught",
    ]
    text = results.failed["test_a_seed_without_effect_is_caught"]
    assert "expected a law to fail, all 6 passed; caught 13 of 15" in text, text
    assert "solutions/day11/specify.py:" in text, text


def test_a_property_that_never_ends_costs_its_time_once_and_leaves_no_child(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(properties, "SECONDS", 2.0)
    monkeypatch.setenv("KATAS_TIMEOUT_FACTOR", "1")
    pids = tmp_path / "pids"
    sleep = "[sys.executable, '-c', 'import time; time.sleep(600)']"
    source = f"""\
import subprocess, sys
child = subprocess.Popen({sleep}, start_new_session=True)
open({str(pids)!r}, "a").write(f"{{child.pid}} ")
while True: pass
"""
    day = next(day for day in index.days() if day.kind == "specify")
    for _ in range(2):
        with pytest.raises(AssertionError, match="did not come to an end in 2 s"):
            properties.evaluate_source(day, str(tmp_path / "file.py"), source)
    (child,) = map(int, pids.read_text().split())
    assert ends(child)

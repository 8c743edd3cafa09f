"""Days on which the learner writes the tests: each kind of law is told from the others."""

import pytest

from katas.dojo.course import index
from katas.dojo.judge import properties
from katas.dojo.workspace import board
from tests.inner import run

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


def tried(folder, body, right=RIGHT):
    """The Law that comes of a file with one test."""
    path = str(folder / "laws.py")
    job = {"path": path, "source": HEAD + body, "module": "katas.day11.under_test"}
    found = properties._try(job | {"right": right, "broken": BROKEN}, folder)
    assert list(found) == ["test_it"]
    return found["test_it"]


LAWS = {
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
    "idle": [
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
EACH = [(status, body) for status, bodies in LAWS.items() for body in bodies]


@pytest.mark.parametrize(("status", "body"), EACH)
def test_each_kind_of_law_is_known(status, body, tmp_path):
    law = tried(tmp_path, body)
    assert law.status == status, law
    assert bool(law.said) == (status != "holds"), law


def test_a_law_catches_what_it_fails_on_also_through_a_helper(tmp_path):
    assert tried(tmp_path, f"{NUMBERS}assert double(x) == x + x").catches == (*BROKEN,)
    law = tried(tmp_path, f"{ONCE}assert double(3) == 6")
    assert law.catches == ("nothing is doubled",)


def test_what_a_wrong_law_said_comes_with_its_place_and_example(tmp_path):
    law = tried(tmp_path, f"{NUMBERS}assert double(x) == x * x")
    assert law.said == "assert double(x) == x * x\n  with x=1", law.said
    assert (law.line, law.at) == (5, 7), law


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (f"{ONCE}\n    while True: pass", "test_it, on the right code, did not come"),
        (f"{ONCE}os._exit(0)", "test_it, on the right code, ended the process"),
        ("while True: pass", "The file did not come to an end"),
        (f"{ONCE}assert double(1) > 1 or os._exit(1)", "on nothing is doubled, ended"),
    ],
)
def test_a_law_that_never_comes_back_is_named(body, said, tmp_path, monkeypatch):
    monkeypatch.setattr(properties, "SECONDS", 4.0)
    monkeypatch.setenv("KATAS_TIMEOUT_FACTOR", "1")
    with pytest.raises(AssertionError, match=said):
        tried(tmp_path, body)


def test_the_board_shows_how_many_are_caught():
    record = {"attempts": 3, "caught": [7, 12]}
    row = board.Row(index.day(11), board.Status.IN_PROGRESS, record)
    assert "caught 7 of 12" in board.row_text(row).plain
    row = board.Row(index.day(11), board.Status.GREEN, record)
    assert "caught" not in board.row_text(row).plain


@pytest.mark.parametrize("day", [d for d in index.days() if d.kind == "specify"])
def test_the_reference_catches_each_copy_by_the_law_that_is_named(day):
    right = (day.folder / "under_test.py").read_text("utf-8")
    copies = properties.broken_copies(day)
    assert len(copies) >= 10
    source = day.solution.read_text("utf-8")
    found = properties._judged(day, str(day.solution), source)
    assert {law.status for law in found.values()} == {"holds"}
    for claim, broken in copies.items():
        assert broken.edit(right) != right
        assert claim in found[broken.caught_by].catches, claim
    tests = (day.folder / f"test_{day.topic}.py").read_text("utf-8")
    assert [claim for claim in copies if f'"{claim}"' not in tests] == []


def test_a_survivor_is_told_with_the_score(tmp_path):
    file = tmp_path / "weak.py"
    body = "    assert len(order(9, seed)) == 9\n"
    law = "test_the_seed_decides_the_order"
    file.write_text(f"@given(seed=seeds())\ndef {law}(seed):\n{body}", "utf-8")
    seen = run(index.day(11), f"day11={file}")
    assert list(seen.failed) == [
        "test_a_seed_without_effect_is_caught",
        "test_an_order_drawn_anew_at_each_call_is_caught",
    ]
    text = seen.failed["test_a_seed_without_effect_is_caught"]
    assert "expected a law to fail, all 6 passed; caught 13 of 15" in text, text
    assert "solutions/day11/specify.py:" in text, text

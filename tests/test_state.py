"""The state file survives commands that change it at the same time."""

import json
import subprocess
import sys

import pytest

from katas.dojo.course import index, records
from katas.dojo.course.records import DayRecord
from katas.dojo.store import files, paths, state
from katas.dojo.store.errors import CourseError

COUNT = """
from katas.dojo.course import index
from katas.dojo.course import records
for _ in range(40):
    with records.changing(index.day(1)) as record:
        record.attempts += 1
"""


@pytest.fixture
def checkout(tmp_path):
    """An empty checkout: an index, no state."""
    (tmp_path / "katas").mkdir()
    text = index.file().read_text("utf-8")
    (tmp_path / "katas" / "course.toml").write_text(text, "utf-8")
    with paths.acting_on(tmp_path):
        yield tmp_path


def test_two_processes_that_count_at_once_lose_no_count(checkout, monkeypatch):
    monkeypatch.setenv("KATAS_ROOT", str(checkout))
    command = [sys.executable, "-c", COUNT]
    counters = [subprocess.Popen(command) for _ in range(2)]
    assert [each.wait(60) for each in counters] == [0, 0]
    assert records.record(index.day(1)).attempts == 80


def test_a_state_that_somebody_holds_is_reported_in_one_sentence(checkout, monkeypatch):
    monkeypatch.setattr(state, "LOCK_SECONDS", 0.1)
    with (
        state.changing(),
        pytest.raises(CourseError, match=r"state.json.*try again"),
        state.changing(),
    ):
        pass


def test_an_error_inside_a_change_writes_nothing_and_frees_the_state(checkout):
    with pytest.raises(ZeroDivisionError), state.changing() as memory:
        memory["today"] = 1 / 0
    with state.changing() as memory:
        memory["today"] = 7
    assert state.load() == {"today": 7}


DAMAGED = {
    "no JSON": "{",
    "no text": b"\xff\xff\x00",
    "brackets without end": "[" * 100_000,
    "a list": "[]",
    "days as a list": '{"days": []}',
    "a day that is null": '{"days": {"day01": null}}',
    "text for a count": '{"days": {"day01": {"attempts": "7"}}}',
    "a huge count": '{"days": {"day01": {"attempts": 1%s}}}' % ("0" * 400),
    "an infinite time": '{"days": {"day01": {"last_run": 1e999, "seconds": NaN}}}',
    "a date in the year 300 000": '{"days": {"day01": {"green_at": 1e13}}}',
    "hints as a list": '{"days": {"day01": {"hints": [1], "attempts": 1}}}',
    "a quiz of text": '{"days": {"day01": {"quiz_first": {"q": "yes"}}}}',
    "a move of null": '{"days": {"day01": {"last_move": {"kept": [null, ["a"]]}}}}',
    "rounds of null": '{"days": {"day01": {"rounds": [null, {"attempts": []}]}}}',
    "an escape sequence": '{"days": {"day01": {"sentence": "\\u001b[2J"}}}',
    "a list for today": '{"today": [7]}',
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED.keys())
def test_a_damaged_state_is_kept_and_the_course_goes_on(checkout, content, capsys):
    """The state of another day stays, and no byte of the old file is lost."""
    data = content.encode() if isinstance(content, str) else content
    state.file().parent.mkdir()
    state.file().write_bytes(data)
    state._print_once.cache_clear()
    with records.changing(index.day(1)) as record:
        record.count_run(now=1e9)
    assert records.record(index.day(1)).attempts in (1, 2)
    (copy,) = files.kept_copies(state.file())
    assert copy.read_bytes() == data
    assert capsys.readouterr().err == (
        ".dojo/state.json was damaged and is repaired as far as possible;"
        f" a copy is kept: {paths.shown(copy)}\n"
    )


def test_what_is_sound_in_a_damaged_state_stays(checkout):
    sound = {
        "blank": None,
        "caught": None,
        "attempts": 3,
        "seconds": 60.5,
        "hints": {"magnitude": 2},
        "new": [None],
    }
    damaged = {**sound, "hints": {"magnitude": 2, "windows": "x"}, "green_at": -1}
    days = {"day01": damaged, "day02": None, "day03": sound}
    state.file().parent.mkdir()
    state.file().write_text(json.dumps({"days": days, "today": 3, "course": {}}))
    assert state.load() == {"days": {"day01": sound, "day03": sound}, "today": 3}


def test_a_clock_that_was_set_back_takes_no_minutes_away():
    record = DayRecord(seconds=90.0, last_run=5000.0)
    record.count_run(now=1000.0)
    record.count_run(now=1060.0)
    assert record.seconds == 150.0


def test_a_record_comes_back_from_the_file_as_it_was_saved(checkout):
    newer = {"attempts": 2, "sentence": "test_x", "of a newer course": [1]}
    with state.changing() as memory:
        memory["days"] = {"day01": newer}
    with records.changing(index.day(1)) as record:
        assert record.failing_test == "test_x"
        record.hints["magnitude"] = 1
        record.begin_round([["a.py", "b.py"]])
    entry = state.load()["days"]["day01"]
    past = {key: newer[key] for key in ("attempts", "sentence")}
    past |= {"hints": {"magnitude": 1}, "kept": [["a.py", "b.py"]]}
    assert entry == {"rounds": [past], "of a newer course": [1]}
    with records.changing(index.day(1)) as record:
        record.restore_round()
    assert state.load()["days"]["day01"] == {**newer, "hints": {"magnitude": 1}}

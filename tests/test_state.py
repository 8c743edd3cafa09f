"""The state file survives commands that change it at the same time."""

import subprocess
import sys

import pytest

from katas.dojo.course import index
from katas.dojo.store import paths, state
from katas.dojo.store.errors import CourseError

COUNT = """
from katas.dojo.course import index
from katas.dojo.store import state
for _ in range(40):
    with state.of(index.day(1)) as record:
        record["attempts"] = record.get("attempts", 0) + 1
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
    assert state.record(index.day(1))["attempts"] == 80


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

"""The results of one pytest session: the outcome of each test, day by day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from katas.dojo.course.index import Day


@dataclass(frozen=True)
class Outcome:
    """How one test ended, or the import of its file."""

    nodeid: str
    day: Day
    test: str  # the function's name, with its case in brackets
    error: BaseException | None = None
    text: str = ""  # the explanation for the learner; empty where the test passed
    function: Callable[..., object] | None = None  # None for an import that failed
    is_slow: bool = False

    @property
    def failed(self) -> bool:
        return bool(self.text)

    @property
    def is_quiz(self) -> bool:
        return "test_quiz.py" in self.nodeid


@dataclass
class Run:
    """One session: whose code it tests, and the outcomes so far."""

    target: str
    outcomes: dict[str, Outcome] = field(default_factory=dict)  # by node id
    green_days: list[Day] = field(default_factory=list)  # their pictures are due
    is_whole: bool = True  # False where some of a day's tests were deselected

    def add(self, outcome: Outcome) -> None:
        self.outcomes[outcome.nodeid] = outcome

    @property
    def days(self) -> list[Day]:
        days = {outcome.day for outcome in self.outcomes.values()}
        return sorted(days, key=lambda day: day.number)

    @property
    def tests_run(self) -> int:
        return sum(each.function is not None for each in self.outcomes.values())

    def outcomes_of(self, day: Day) -> list[Outcome]:
        return [each for each in self.outcomes.values() if each.day == day]

    def failures(self, day: Day) -> list[Outcome]:
        return [each for each in self.outcomes_of(day) if each.failed]


RUN = pytest.StashKey[Run]()

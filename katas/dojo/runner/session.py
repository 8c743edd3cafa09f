"""The results of one pytest session: the outcome of each test, day by day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from katas.dojo.course import listed_tests
from katas.dojo.course.index import Day
from katas.dojo.store.paths import shown


@dataclass(frozen=True)
class Outcome:
    """How one test ended, or the import of its file."""

    nodeid: str
    day: Day
    test: str  # the function's name, with its case in brackets
    error: BaseException | None = None
    text: str = ""  # the explanation for the learner; empty where the test passed
    function: Callable[..., object] | None = None  # None where no test ran
    is_slow: bool = False
    is_listed: bool = True  # False for a test that is none of the course's

    @property
    def failed(self) -> bool:
        return bool(self.text)

    @property
    def is_quiz(self) -> bool:
        return self.file == "test_quiz.py"

    @property
    def file(self) -> str:
        """The name of the test's file."""
        return self.nodeid.split("::")[0].rpartition("/")[2]

    @property
    def name(self) -> str:
        """The name of the test's function."""
        return self.test.partition("[")[0]


@dataclass
class Run:
    """One session: whose code it tests, and the outcomes so far."""

    target: str
    outcomes: dict[str, Outcome] = field(default_factory=dict)  # by node id
    green_days: list[Day] = field(default_factory=list)  # their pictures are due
    is_whole: bool = True  # False where only some of a day's tests were chosen
    is_counted: bool = True  # False where the learner did not start it
    chosen: list[Day] = field(default_factory=list)  # named on the command line
    skipped_files: dict[str, str] = field(default_factory=dict)  # {file: reason}
    remarks: list[str] = field(default_factory=list)  # for the end of the screen

    def add(self, outcome: Outcome) -> None:
        self.outcomes[outcome.nodeid] = outcome

    @property
    def days(self) -> list[Day]:
        days = {outcome.day for outcome in self.outcomes.values()} | {*self.chosen}
        return sorted(days, key=lambda day: day.number)

    @property
    def tests_run(self) -> int:
        return sum(each.function is not None for each in self.outcomes.values())

    def outcomes_of(self, day: Day) -> list[Outcome]:
        return [each for each in self.outcomes.values() if each.day == day]

    def failures(self, day: Day) -> list[Outcome]:
        """The course's tests that failed, and the files that could not be read."""
        own = [each for each in self.outcomes_of(day) if each.is_listed]
        return [each for each in own if each.failed]

    def unrun(self, day: Day) -> list[tuple[str, str]]:
        """(file, test) of the course's tests that have no outcome."""
        run = {(each.file, each.name) for each in self.outcomes_of(day)}
        return [each for each in _listed(day) if each not in run]

    def count(self, day: Day) -> tuple[int, int]:
        """How many of the course's tests passed, and how many there are."""
        listed = _listed(day)
        failed = {(each.file, each.name) for each in self.failures(day)}
        return len({*listed} - failed - {*self.unrun(day)}), len(listed)

    def is_green(self, day: Day) -> bool:
        """True where exactly the tests that the course lists for the day passed."""
        passed, total = self.count(day)
        return 0 < passed == total and not self.failures(day)


def _listed(day: Day) -> list[tuple[str, str]]:
    tests = listed_tests.of(day).items()
    return [(file, name) for file, names in tests for name in names]


def add_unrun(run: Run, day: Day) -> None:
    """Add an outcome for each of the course's tests that a whole run left out."""
    for file, name in run.unrun(day):
        text = _why_unrun(run, day, file, name)
        run.add(Outcome(f"katas/{day.name}/{file}::{name}", day, name, text=text))
    for file in listed_tests.of(day):
        path = day.folder / file
        if path.exists() and (name := listed_tests.defined_twice(path)):
            text = f"{shown(path)} defines it twice, and only the last one runs."
            nodeid = f"katas/{day.name}/{file}::{name}"
            run.add(Outcome(nodeid, day, name, text=_with_difference(text, path)))


def _why_unrun(run: Run, day: Day, file: str, name: str) -> str:
    path = day.folder / file
    if not path.exists():
        return f"{shown(path)} is missing: git restore {shown(path)}"
    if reason := run.skipped_files.get(file):
        text = f"{shown(path)} was skipped as a whole ({reason}): take the skip out."
    elif name not in listed_tests.present(day).get(file, ()):
        text = f"{shown(path)} lacks this test, which the course lists."
    else:
        text = "It was not run: an option, a plugin or a conftest.py left it out."
    return _with_difference(text, path)


def _with_difference(text: str, path: object) -> str:
    return f"{text}\n  git diff {shown(str(path))}"


RUN = pytest.StashKey[Run]()

"""Misconceptions: what a learner may think, as a one-place edit of the solution."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from katas.dojo.course.index import Day
from katas.dojo.store.errors import CourseError


@dataclass(frozen=True)
class Misconception:
    """`claim` in plain words; `find` -> `replace` in the solution; the test that objects."""

    claim: str
    find: str
    replace: str
    caught_by: str
    planted: bool = False
    crashes: bool = False  # the code fails by itself, before a check can speak

    def edit(self, source: str) -> str:
        """The source with this misconception in it; `find` must occur exactly once."""
        if (count := source.count(self.find)) != 1:
            raise CourseError(
                f"Misconception {self.claim!r}: expected {self.find!r} once,"
                f" it occurs {count} times."
            )
        return source.replace(self.find, self.replace)


def file_of(day: Day) -> Path:
    return day.root / "katas" / "misconceptions" / f"{day.name}.toml"


def load(day: Day) -> list[Misconception]:
    """The misconceptions of a day in the order of its file; none where there is no file."""
    file = file_of(day)
    if not file.exists():
        return []
    return [
        Misconception(**entry)
        for entry in tomllib.loads(file.read_text("utf-8"))["misconception"]
    ]

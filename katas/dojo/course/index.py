"""The index of the course: which days there are and where each keeps its files."""

import os
import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from katas.dojo.store import paths
from katas.dojo.store.errors import CourseError

KINDS = ("blank", "repair", "specify")
NAME = re.compile(r"(?<![^/\\.])day_?0*(\d{1,4})(?![^/\\.])")  # a path's component


@dataclass(frozen=True)
class Day:
    """One day of the course and the paths that belong to it."""

    number: int
    topic: str
    title: str
    minutes: int
    phase: str
    kind: str = "blank"
    needs: tuple[int, ...] = ()
    draft: bool = False  # being written: not offered, not proved
    root: Path = field(default_factory=paths.root)  # the checkout it lies in

    @property
    def name(self) -> str:
        return f"day{self.number:02d}"

    @property
    def module(self) -> str:
        return f"katas.{self.name}.{self.topic}"

    @property
    def folder(self) -> Path:
        return self.root / "katas" / self.name

    @property
    def file(self) -> Path:
        return self.folder / f"{self.topic}.py"

    @property
    def quiz(self) -> Path:
        return self.folder / "quiz.py"

    @property
    def lesson(self) -> Path:
        return self.folder / "README.md"

    @property
    def solution(self) -> Path:
        return self.root / "solutions" / self.name / f"{self.topic}.py"

    @property
    def solution_quiz(self) -> Path:
        return self.root / "solutions" / self.name / "quiz.py"

    @property
    def note(self) -> Path:
        return self.root / "notes" / f"{self.name}.md"

    @property
    def picture(self) -> Path:
        return self.root / "notes" / "pictures" / f"{self.name}.png"

    @property
    def owned(self) -> list[Path]:
        """The two files of the day that only the learner writes."""
        return [self.file, self.quiz]

    @property
    def built(self) -> bool:
        """True where the course holds this day already."""
        whole = self.lesson.exists() and self.solution.exists()
        return whole and not self.draft


def file() -> Path:
    """The index itself."""
    return paths.root() / "katas" / "course.toml"


def days() -> list[Day]:
    """All days in order, as `katas/course.toml` lists them."""
    return _days(paths.root())


@cache
def _days(root: Path) -> list[Day]:
    index = tomllib.loads((root / "katas" / "course.toml").read_text("utf-8"))
    return [
        Day(
            **{**entry, "needs": tuple(entry.get("needs", ()))},
            phase=phase["name"],
            root=root,
        )
        for phase in index["phase"]
        for entry in phase["day"]
    ]


def built_days() -> list[Day]:
    """The days that this checkout holds and offers."""
    return [day for day in days() if day.built]


def day(key: int | str | Path) -> Day:
    """The day that `key` names: 7, "7", "07", "day07" or a path inside katas/day07.

    Raises
        CourseError  when no day of the course has that number
    """
    text = _from_the_root(str(key))
    numbers = re.findall(r"^0*(\d{1,4})$", text) or re.findall(NAME, text)
    number = int(numbers[-1]) if numbers else None
    for entry in days():
        if entry.number == number:
            return entry
    last = days()[-1].number
    raise CourseError(f"Expected a day from 1 to {last}, got {str(key)!r}.")


def day_at(path: str | Path) -> Day | None:
    """The day in whose folder a path lies; None outside of this checkout's days."""
    place = Path(os.path.abspath(path))
    for each in (place, place.resolve()):  # a day's folder may be a link, or above it
        if each.is_relative_to(paths.root()):
            katas, name, *_ = (*each.relative_to(paths.root()).parts, "", "")
            if katas == "katas":
                return next((entry for entry in days() if entry.name == name), None)
    return None


def _from_the_root(text: str) -> str:
    """The text, without the checkout's own folder where it is a path inside."""
    inside = os.path.isabs(text) and Path(text).is_relative_to(paths.root())
    return str(Path(text).relative_to(paths.root())) if inside else text

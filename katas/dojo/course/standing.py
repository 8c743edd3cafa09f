"""Is a day green on the bytes as they are now, and which day is today's?"""

import contextlib
import hashlib
from pathlib import Path

from katas.dojo.course import index
from katas.dojo.course.index import Day
from katas.dojo.course.records import record
from katas.dojo.store.errors import CourseError
from katas.dojo.store.state import load


def fingerprint(day: Day) -> str:
    """A hash of what decides whether a day is green: the learner's files, its tests
    and, where the day builds on others, theirs."""
    digest = hashlib.sha256()
    for each in [day, *map(index.day, day.needs)]:
        for file in [*each.owned, *sorted(each.folder.glob("test_*.py"))]:
            digest.update(_content(file))
    return digest.hexdigest()


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:  # deleted, a folder, somebody else's
        return b"missing"


def is_green(day: Day) -> bool:
    """True where the day was green and nothing that decides it has changed since."""
    return record(day).fingerprint == fingerprint(day)


def is_adopted(day: Day) -> bool:
    """True where the day's file is the reference's, byte for byte."""
    return day.kind != "specify" and _content(day.file) == _content(day.solution)


def today() -> Day:
    """The day chosen by `kata today`, else the first built day that is not green."""
    chosen = load().get("today")
    if chosen:
        with contextlib.suppress(CourseError):
            return index.day(chosen)
    built = index.built_days()
    return next((day for day in built if not is_green(day)), built[-1])

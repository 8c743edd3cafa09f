"""Write the derived stubs into `katas/`, or find those that are stale."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from katas.dojo.course import stubs
from katas.dojo.course.index import Day
from katas.dojo.store import files


def write(days: Iterable[Day]) -> Iterator[Path]:
    """Write the stubs of the days and yield each file; its old text is kept."""
    for day in days:
        for file, text in stubs.derived(day).items():
            files.replace(file, text)
            yield file


def stale(days: Iterable[Day]) -> list[tuple[Day, Path]]:
    """The files that differ from the derived stub, each with its day."""
    return [
        (day, file)
        for day in days
        for file, text in stubs.derived(day).items()
        if not file.exists() or file.read_text("utf-8") != text
    ]

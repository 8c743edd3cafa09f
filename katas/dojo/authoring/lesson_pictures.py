"""Draw the pictures of the lessons from the reference solutions, as SVG."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from katas.dojo.course import targets
from katas.dojo.course.index import Day
from katas.dojo.notebook import pictures
from katas.dojo.runner import tensorflow_import


def draw(days: Iterable[Day]) -> Iterator[Path]:
    """Draw the picture of each day; yield the files as they are written."""
    tensorflow_import.import_tensorflow()
    targets.install("solutions")
    for day in days:
        yield pictures.draw(day, day.folder / "picture.svg", "svg")

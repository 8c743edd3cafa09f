"""Wrong beliefs: what a learner may think, as a one-place edit of the solution."""

import tomllib
from dataclasses import dataclass

from katas.dojo.course import ROOT, CourseError


@dataclass(frozen=True)
class Belief:
    """`says` in plain words; `find` -> `swap` in the solution; the test that objects."""

    says: str
    find: str
    swap: str
    caught_by: str
    planted: bool = False
    crashes: bool = False  # the code fails by itself, before a check can speak

    def edit(self, source):
        """The source with this belief in it; `find` must occur exactly once."""
        if (count := source.count(self.find)) != 1:
            raise CourseError(
                f"Belief {self.says!r}: {self.find!r} must occur once, occurs {count} times."
            )
        return source.replace(self.find, self.swap)


def file_of(day):
    return ROOT / "tests" / "beliefs" / f"{day.name}.toml"


def load(day):
    """The beliefs of a day in the order of its file; none where there is no file."""
    file = file_of(day)
    if not file.exists():
        return []
    return [Belief(**b) for b in tomllib.loads(file.read_text("utf-8"))["belief"]]

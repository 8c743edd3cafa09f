"""Decide what an update does: which files change, which move, which get a copy."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from katas.dojo.store.errors import CourseError
from katas.dojo.update import checkout, ownership, tree
from katas.dojo.update.journal import Journal, Stage
from katas.dojo.update.ownership import Course
from katas.dojo.update.tree import Owned, Tree

INDEX = "katas/course.toml"


def course_of(commit: str) -> Course:
    """The course's index as a commit has it."""
    if index := tree.text(commit, INDEX):
        return Course(index)
    raise CourseError(f"Commit {commit[:7]} holds no course: it lacks {INDEX}")


@dataclass(frozen=True)
class Versions:
    """The three commits of an update, their trees, and the files on the disk."""

    old: str  # the learner's commit
    base: str  # the course's commit that it holds
    new: str  # the course's newer commit

    @cached_property
    def head(self) -> Tree:
        return tree.of(self.old)

    @cached_property
    def was(self) -> Tree:
        return tree.of(self.base)

    @cached_property
    def now(self) -> Tree:
        return tree.of(self.new)

    @cached_property
    def disk(self) -> Tree:
        return tree.on_disk(self.head, filter(self.owned, self.now))

    @cached_property
    def before(self) -> Course:
        return course_of(self.base)

    @cached_property
    def after(self) -> Course:
        return course_of(self.new)

    @cached_property
    def owned(self) -> Owned:
        return ownership.owned_in(self.before, self.after)

    def is_edited(self, path: str) -> bool:
        """True where the file on the disk is not the one of the base course."""
        return path in self.disk and self.disk[path] != self.was.get(path)


def make(versions: Versions) -> Journal:
    """Plan the update: make its commit and the copies, and return the journal."""
    days = ownership.renamed(
        versions.before, versions.after, lambda old, new: _similar(versions, old, new)
    )
    moved = _moved(versions, days)
    vacated = {*moved, *_crowded(versions, moved)}
    result, both = tree.updated(
        versions.head,
        versions.was,
        versions.now,
        versions.disk,
        versions.owned,
        vacated,
    )
    also = {*vacated, *both}
    return Journal(
        stage=Stage.BEGUN,
        old=versions.old,
        new=versions.new,
        base=versions.base,
        commit=_commit(versions, result),
        moved=moved,
        days=days,
        vacated=[*vacated],
        kept=checkout.copies(versions.head, result, versions.disk, also),
    )


def _moved(versions: Versions, days: Mapping[int, int]) -> dict[str, str]:
    """{old path: new path} of the learner's edited files in days that moved."""
    places = ownership.destinations(versions.before, versions.after, days)
    return {old: new for old, new in places.items() if versions.is_edited(old)}


def _crowded(versions: Versions, moved: Mapping[str, str]) -> set[str]:
    """Edited files that stand where a moved one goes, and do not move themselves."""
    targets = {p for p in moved.values() if versions.owned(p) and p not in moved}
    return {path for path in targets if versions.is_edited(path)}


def _commit(versions: Versions, result: Tree) -> str:
    """The commit to end on: the course's own where the learner has committed nothing."""
    if result == versions.now and versions.base == versions.old:
        return versions.new
    parents = [versions.old, versions.new]
    return tree.commit(result, parents, f"Course update to {versions.new[:7]}")


def _similar(versions: Versions, old: int, new: int) -> bool:
    """True where the solutions of two days have more in common than not."""
    one = _solution(versions.base, versions.before, old)
    other = _solution(versions.new, versions.after, new)
    return difflib.SequenceMatcher(None, one, other, autojunk=False).ratio() > 0.5


def _solution(commit: str, course: Course, number: int) -> str:
    path = f"solutions/day{number:02d}/{course.topics[number]}.py"
    return tree.text(commit, path)

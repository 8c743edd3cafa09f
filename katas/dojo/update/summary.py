"""What an update prints for the learner: what is new, what changed, what stayed."""

import re
from collections.abc import Iterable

from katas.dojo.update.journal import Journal
from katas.dojo.update.tree import Owned, Tree

REINSTALL = "pip install -e .   (the course's requirements have changed)"


def lines(
    was: Tree, now: Tree, disk: Tree, owned: Owned, journal: Journal
) -> list[tuple[str, str]]:
    """(label, text) pairs.

    Args
        was, now  the course before and after
        disk      the files on the disk before the update
        owned     path -> True for the learner's
        journal   the record of the update
    """
    changed = {p for p in {*was, *now} if was.get(p) != now.get(p)}
    pairs = []
    fresh = _days(p for p in changed if p.endswith("/README.md") and p not in was)
    tests = _days(p for p in changed if "/test_" in p and p in was and p in now)
    if fresh:
        pairs.append(("new", f"day {_listed(fresh)}"))
    if tests:
        pairs.append(("tests", f"changed in day {_listed(tests)}: kata verify"))
    mine = [p for p in sorted(changed) if p.startswith("katas/") and owned(p)]
    for path in mine:
        if path not in journal.moved:
            pairs += _kept_in_place(path, was, now, disk, journal)
    pairs += [("moved", f"{old} -> {new}") for old, new in journal.moved.items()]
    for path, copy in journal.kept.items():
        if path not in journal.moved:
            pairs.append(("kept", f"your {path}: {copy}"))
    if "pyproject.toml" in changed:
        pairs.append(("next", REINSTALL))
    return [*pairs, ("undo", "kata update --undo")]


def _kept_in_place(
    path: str, was: Tree, now: Tree, disk: Tree, journal: Journal
) -> list[tuple[str, str]]:
    """The line on a learner's file that stays although the course changed its stub."""
    if path not in now:
        if disk.get(path) in (None, was[path]):
            return []
        return [("yours", f"{path} stays; the course no longer has such a day")]
    replaced = path in journal.moved.values()
    if path not in disk or replaced or disk[path] in (was.get(path), now[path]):
        return []
    solution = path.replace("katas/", "solutions/", 1)
    return [("yours", f"{path} stays; its stub changed: diff {path} {solution}")]


def _days(paths: Iterable[str]) -> list[int]:
    matches = (re.match(r"katas/day(\d+)/", path) for path in paths)
    return sorted({int(match[1]) for match in matches if match})


def _listed(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, numbers))

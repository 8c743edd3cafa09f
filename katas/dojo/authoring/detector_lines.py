"""Write into the lessons which line of the detector calls a day's functions."""

import ast
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from katas.detector.pipeline import boxes
from katas.detector.pipeline.table import TABLE
from katas.dojo.course import index
from katas.dojo.course.index import Day
from katas.dojo.store import markers, paths

START = "<!-- detector: python -m katas.dojo.authoring detector-lines -->"
END = "<!-- end of detector -->"
FIRST = ("run.py", "training.py", "protocol.py")  # in the order of reading
WIDTH = 88


@dataclass(frozen=True)
class Use:
    """The first line of the detector that uses a part."""

    part: str
    file: Path
    line: int
    calls: bool  # False where it is read or passed on

    @property
    def verb(self) -> str:
        return "calls" if self.calls else "uses"

    @property
    def link(self) -> str:
        place = self.file.relative_to(paths.root() / "katas").as_posix()
        return f"[`{self.file.name}:{self.line}`](../{place}#L{self.line})"


def write() -> list[str]:
    """Bring the lessons up to date; return a line about each of them."""
    return [
        markers.fill(day.lesson, START, END, written)
        for day, written in texts().items()
        if written
    ]


def texts() -> dict[Day, str]:
    """{day: what stands between the markers of its lesson}; "" for nothing."""
    found = uses()
    return {day: _text(day, found) for day in index.built_days()}


def uses() -> dict[str, Use]:
    """{part: the first line of the detector that uses it}, in the order of reading."""
    found: dict[str, Use] = {}
    folder = paths.root() / "katas" / "detector"
    files = sorted(folder.rglob("*.py"), key=lambda file: (_rank(file), file))
    for file in files:
        for use in _uses(file):
            earlier = found.get(use.part)
            if earlier is None or (use.calls and not earlier.calls):
                found[use.part] = use
    return found


def _rank(file: Path) -> int:
    return FIRST.index(file.name) if file.name in FIRST else len(FIRST)


def _uses(file: Path) -> Iterator[Use]:
    """The uses of `parts.NAME`, `self.parts.NAME` and the like in a file."""
    tree = ast.parse(file.read_text("utf-8"))
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    for node in sorted(nodes, key=lambda node: node.lineno):
        owner = node.value
        name = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
        if name == "parts" and node.attr in TABLE:
            yield Use(node.attr, file, node.lineno, id(node) in called)


def _text(day: Day, found: dict[str, Use]) -> str:
    """What the programs call of a day; then what other days' code calls of it."""
    own = [use for part, use in found.items() if TABLE[part].day == day.number]
    own.sort(key=lambda use: (not use.calls, _rank(use.file), use.file, use.line))
    clauses = []
    for (link, verb), group in groupby(own, key=lambda use: (use.link, use.verb)):
        names = " and ".join(f"`{TABLE[use.part].attribute}`" for use in group)
        clauses.append(f"{link} {verb} {names}")
    sentences = [f"{', '.join(clauses)}."] if clauses else []
    row = (*boxes.PATH, *boxes.BESIDE)
    for box in (box for box in row if box.day == day.number and box.caller):
        indirect = [one.attribute for one in box.sources if one.attribute not in found]
        names = " and ".join(f"`{name}`" for name in indirect)
        caller = TABLE[box.caller]
        sentences.append(
            f"{names} {'are' if len(indirect) > 1 else 'is'} called by"
            f" [day {caller.day}](../day{caller.day}/README.md)'s `{caller.attribute}`."
        )
    return _filled(f"In the detector: {' '.join(sentences)}") if sentences else ""


def _filled(text: str) -> str:
    unbroken = text.replace("[day ", "[day~")  # a link's text stays on one line
    lines = textwrap.fill(
        unbroken, WIDTH, break_long_words=False, break_on_hyphens=False
    )
    return lines.replace("[day~", "[day ")

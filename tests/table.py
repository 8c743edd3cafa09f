"""Write the table of the proof into tests/README.md: `python -m tests.table`."""

import ast
import json
from collections.abc import Iterable
from typing import Any

from katas.dojo.course import index, misconceptions
from katas.dojo.course.index import Day
from katas.dojo.runner import signatures
from katas.dojo.store import markers, paths
from tests import mutants

FILE = paths.root() / "tests" / "README.md"
SECONDS = FILE.with_name("seconds.json")  # `pytest tests --tally` writes it
START = "<!-- table: python -m tests.table -->"
END = "<!-- end of table -->"
HEAD = (
    "day",
    "tests",
    "properties",
    "misconceptions",
    "told apart",
    "variants",
    "proof [s]",
    "mutants",
    "caught",
    "equivalent",
    "survive",
    "named",
    "misnamed",
    "mutants [s]",
)


def text() -> str:
    """The table as Markdown; a dash where nothing was measured yet."""
    seconds = _seconds()
    rows = [row(day, seconds) for day in index.built_days()]
    rows += [["tooling", *["-"] * 5, seconds.get("tooling", "-"), *["-"] * 7]]
    total = ["all", *(_sum(column) for column in list(zip(*rows, strict=True))[1:])]
    lines = [HEAD, ["---:"] * len(HEAD), *rows, total]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def row(day: Day, seconds: dict[str, int]) -> list[Any]:
    """The figures of one day in the order of HEAD."""
    tests, properties = _counts(day)
    figures = mutant_figures(day)
    measured: list[Any] = ["-"] * 7
    if figures:
        survive = len(figures["survived"])
        misnamed = len(mutants.misnamed(day, figures["called"]))
        tried = figures["caught"] + figures["equivalent"] + survive
        measured = [tried, figures["caught"], figures["equivalent"], survive]
        measured += [figures["named"], misnamed, figures["seconds"]]
    variants = len([*(paths.root() / "tests" / "variants" / day.name).glob("*.py")])
    told_apart = len(signatures.recorded(day)) or "-"
    claims = len(misconceptions.load(day))
    written = [tests, properties, claims, told_apart, variants]
    return [day.number, *written, seconds.get(day.name, "-"), *measured]


def _seconds() -> dict[str, int]:
    return json.loads(SECONDS.read_text("utf-8")) if SECONDS.exists() else {}


def mutant_figures(day: Day) -> dict[str, Any]:
    """The figures of the mutants of a day, {} where it changed since the evaluation."""
    figures = mutants.records().get(day.name, {})
    return figures if figures.get("of") == mutants.of(day) else {}


def _counts(day: Day) -> tuple[int, int]:
    """How many tests the topic and the quiz have, and how many are properties."""
    tests = [
        node
        for file in sorted(day.folder.glob("test_*.py"))
        for node in ast.parse(file.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]
    properties = [
        test
        for test in tests
        if any("given" in ast.dump(d) for d in test.decorator_list)
    ]
    return len(tests), len(properties)


def _sum(column: Iterable[Any]) -> int:
    return sum(value for value in column if value != "-")


if __name__ == "__main__":
    print(markers.fill(FILE, START, END, text()))

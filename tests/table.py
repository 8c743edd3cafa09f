"""Write the table of the proof into tests/README.md: `python -m tests.table`."""

import ast
import json

from katas.dojo.course import index, misconceptions
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


def text():
    """The table as Markdown; a dash where nothing was measured yet."""
    seconds = _seconds()
    rows = [row(day, seconds) for day in index.built_days()]
    rows += [["tooling", *["-"] * 5, seconds.get("tooling", "-"), *["-"] * 7]]
    total = ["all", *(_sum(column) for column in list(zip(*rows, strict=True))[1:])]
    lines = [HEAD, ["---:"] * len(HEAD), *rows, total]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def row(day, seconds):
    """The figures of one day in the order of HEAD."""
    sentences, laws = _counted(day)
    edits = judged(day)
    measured = ["-"] * 7
    if edits:
        survive = len(edits["survived"])
        misnamed = len(mutants.misnamed(day, edits["called"]))
        tried = edits["caught"] + edits["equivalent"] + survive
        measured = [tried, edits["caught"], edits["equivalent"], survive]
        measured += [edits["named"], misnamed, edits["seconds"]]
    variants = len([*(paths.root() / "tests" / "variants" / day.name).glob("*.py")])
    told = len(signatures.recorded(day)) or "-"
    written = [sentences, laws, len(misconceptions.load(day)), told, variants]
    return [day.number, *written, seconds.get(day.name, "-"), *measured]


def _seconds():
    return json.loads(SECONDS.read_text("utf-8")) if SECONDS.exists() else {}


def judged(day):
    """The figures of the automatic edits of a day, {} where it changed since then."""
    found = mutants.records().get(day.name, {})
    return found if found.get("of") == mutants.of(day) else {}


def _counted(day):
    """The sentences of the topic and the quiz, and how many of them are laws."""
    found = [
        node
        for file in sorted(day.folder.glob("test_*.py"))
        for node in ast.parse(file.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]
    laws = [f for f in found if any("given" in ast.dump(d) for d in f.decorator_list)]
    return len(found), len(laws)


def _sum(column):
    return sum(value for value in column if value != "-")


if __name__ == "__main__":
    print(markers.fill(FILE, START, END, text()))

"""Which tests a day has: a day is green when each of these has passed.

`katas/tests.json` lists them, so that a test that was deleted, renamed or skipped is
missed. `python -m katas.dojo.authoring tests` writes the list; the proof compares it.
"""

import ast
import json
from collections import Counter
from functools import cache
from pathlib import Path

from katas.dojo.course import index
from katas.dojo.course.index import Day
from katas.dojo.store import paths
from katas.dojo.store.errors import CourseError
from katas.dojo.store.paths import shown

Names = dict[str, list[str]]  # {file's name: the names of its test functions}


def file() -> Path:
    """The list itself."""
    return paths.root() / "katas" / "tests.json"


def of(day: Day) -> Names:
    """The tests that the course lists for a day; of a draft, those that it has now."""
    return present(day) if day.draft else _listed(file()).get(day.name, {})


def require(day: Day) -> None:
    """Raises CourseError where the course lists no test of the day."""
    if not of(day):
        raise CourseError(
            f"Expected {shown(file())} to list the tests of day {day.number:02d}:"
            f" git restore {shown(file())}"
        )


@cache
def _listed(file: Path) -> dict[str, Names]:
    try:
        return json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return {}


def present(day: Day) -> Names:
    """The tests in a day's files as they are now, the quiz last."""
    files = sorted(day.folder.glob("test_*.py"), key=lambda f: f.name == "test_quiz.py")
    return {file.name: _test_functions(file) for file in files}


def defined_twice(file: Path) -> str:
    """The first test that a file defines more than once, else an empty string."""
    counts = Counter(_test_functions(file))
    return next((name for name, count in counts.items() if count > 1), "")


def text() -> str:
    """The list of every day that is offered, as JSON."""
    tests = {day.name: present(day) for day in index.built_days()}
    return json.dumps(tests, indent=1) + "\n"


def _test_functions(file: Path) -> list[str]:
    """The names of a file's test functions; none where it cannot be read."""
    try:
        tree = ast.parse(file.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return []
    functions = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    return [name for name in functions if name.startswith("test_")]

"""Turn one failure into a short text for the learner: what failed, why, and where."""

from __future__ import annotations

import linecache
import re
import textwrap
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from katas.dojo.course import index, moved_imports
from katas.dojo.course.index import Day
from katas.dojo.course.targets import LearnerStopped
from katas.dojo.judge.quiz import NotPredicted
from katas.dojo.runner import hints, symptoms
from katas.dojo.store import paths
from katas.dojo.store.errors import message_of
from katas.dojo.store.paths import shown
from katas.dojo.store.settings import TIMEOUT_FACTOR
from katas.dojo.store.terminal import plain
from katas.dojo.supervision.run_log import Death, RunDied
from katas.dojo.supervision.watchdog import TimeLimitExceeded

if TYPE_CHECKING:  # `kata` reads this module to show the board, and runs no test
    import pytest

BLANK = "still blank"
NOT_RUN = "Not tried yet: it trains a network and waits for the others."
WIDTH = 76  # the screen indents by two columns


def readable_name(test: str) -> str:
    """A test's name in plain words: no prefix, no underscores."""
    text, _, case = test.partition("[")
    case = f" ({case[:-1].replace('_', ' ')})" if case else ""
    return text.removeprefix("test_").replace("_", " ") + case


def explain(error: BaseException, day: Day) -> str:
    """The text under a failed test.

    Args
        error  the exception that ended the test or the collection
        day    the Day under test
    """
    return plain(_explain(error, day))


def place(error: BaseException) -> str:
    """The line where an error arose: in a file of the learner's, else in the test."""
    frame = _frame(error)
    return f"  {shown(frame.filename)}:{frame.lineno}" if frame else _place(error)


def explain_skip(report: pytest.TestReport, place: str) -> str:
    """The text under a test that pytest skipped, or that was expected to fail."""
    if hasattr(report, "wasxfail") or "XPASS" in str(report.longrepr):
        return f"It is marked xfail, so it proves nothing: take the mark out.\n{place}"
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
    reason = reason.removeprefix("Skipped").removeprefix(": ")
    because = f" ({reason})" if reason else ""
    return (
        f"It was skipped{because}, and so has not passed: take the skip out.\n{place}"
    )


def _explain(error: BaseException, day: Day) -> str:
    frame = _frame(error)
    where = getattr(error, "place", "")  # an error of day 11 carries its own place
    if frame:
        where = f"  {shown(frame.filename)}:{frame.lineno}"
    if isinstance(error, NotPredicted):
        return f"{BLANK}: {message_of(error)}\n  {shown(day.quiz)}"
    if hints.is_blank(error):
        return _blank(error, day, where)
    if isinstance(error, AssertionError):
        text = message_of(error) or "An assert of the test failed."
        see = symptoms.reference(text)
        return _join(_wrapped(text), _example(error), _place(error), see)
    if isinstance(error, TimeLimitExceeded):
        return _join(_timeout(error), where)
    if isinstance(error, RunDied):
        return _join(_death(error.death), f"  {error.death.place}")
    if isinstance(error, ModuleNotFoundError) and (gone := _deleted(error, day)):
        return f"{gone} is missing: git restore {gone}, or kata reset {day.number}"
    if isinstance(error, ImportError) and frame:
        lines = linecache.getlines(frame.filename)
        imports = moved_imports.replacement("".join(lines), frame.lineno or 0)
        if imports:
            return _moved_import(imports, where)
    return _join(_crash(error, where), _example(error), "")


def _deleted(error: ModuleNotFoundError, day: Day) -> str:
    """The learner's file that an import did not find because it was deleted."""
    files = [file for file in day.owned if (error.name or "").endswith(file.stem)]
    return next((shown(file) for file in files if not file.exists()), "")


def _blank(error: BaseException, day: Day, where: str) -> str:
    message = hints.parse_blank_message(error)
    assert message is not None  # hints.is_blank(error)
    number, what = message
    if number != day.number:
        return (
            f"Day {day.number:02d} needs day {number:02d}, which is still blank:"
            f" solve it, or type kata adopt {number}"
        )
    return _join(_wrapped(f"{BLANK}: {what}"), where)


def _timeout(error: TimeLimitExceeded) -> str:
    """Endless, or slow? Slow where calls of the learner's code came to an end."""
    stopped = f"Stopped after {error.wall:.0f} s"
    if error.calls == "several":
        return _wrapped(
            f"{stopped}, {error.cpu:.0f} s of them computing. Each call came to an end,"
            " so this is slow, not endless: does it compute more than it needs, or is"
            f" the machine busy? {TIMEOUT_FACTOR}=3 gives it three times as long."
        )
    if error.calls == "none" and error.cpu < error.wall / 2:
        return f"{stopped}. Is there a loop that never ends, or is the machine busy?"
    return f"{stopped}. Is there a loop that never ends?"


def _death(death: Death) -> str:
    if death.stopped:
        return "Stopped: it did not come to an end. Is there a loop that never ends?"
    return _wrapped(f"The run ended here: {death.cause}.")


def _moved_import(imports: list[str], where: str) -> str:
    """What to write in place of an import of a module that has moved."""
    lines = "\n".join(f"  {line}" for line in imports)
    return f"This module has moved; replace the import by\n{lines}\n{where}"


def _crash(error: BaseException, where: str) -> str:
    """An error of the learner's code: its type, its first lines, the line it hit."""
    if isinstance(error, SyntaxError) and "null bytes" in error.msg:
        return (
            "The file is not saved as UTF-8: choose that encoding in the editor, save."
        )
    if isinstance(error, SyntaxError):
        text = (error.text or "").strip()
        place = f"{shown(error.filename or '')}:{error.lineno}"
        return f"{type(error).__name__}: {error.msg}\n  {place}  {text}"
    if isinstance(error, SystemExit):
        return f"The code called exit({error.code}). Return a value instead.\n{where}"
    if isinstance(error, LearnerStopped):
        return f"{message_of(error)}: take that line out.\n{where}"
    if isinstance(error, MemoryError):
        return f"Out of memory. Is a shape larger than it should be?\n{where}"
    if isinstance(error, RecursionError):
        return f"A function called itself without end.\n{where}"
    # TensorFlow puts the name of its kernel before the message and after it.
    plain = re.sub(
        r"\{\{.*?\}\}|\[Op:\w+\]( name:)?", "", message_of(error), flags=re.S
    )
    # Keras puts the reason last where a saved layer is built again.
    plain = plain.rpartition("Exception encountered: ")[2]
    lines = [line for line in plain.splitlines() if line.strip()]
    message = textwrap.shorten(" ".join(lines[:3]), 300, placeholder=" ...")
    return _join(_wrapped(f"{type(error).__name__}: {message}"), where, "")


def _example(error: BaseException) -> str:
    """The falsifying example that hypothesis noted on the error."""
    for note in getattr(error, "__notes__", ()):
        if isinstance(note, str) and note.startswith(
            ("Falsifying example", "Failing test case")
        ):
            inside = note.split("(", 1)[-1].rstrip().rstrip(")")
            lines = [line.strip() for line in inside.splitlines() if line.strip()]
            text = " ".join(lines).rstrip(", ")
            return _wrapped(
                "  " + textwrap.shorten(f"with {text}", 230, placeholder=" ...")
            )
    return ""


def _frames(error: BaseException) -> list[traceback.FrameSummary]:
    return [
        f
        for f in traceback.extract_tb(error.__traceback__)
        if Path(f.filename).is_relative_to(paths.root())
    ]


def _frame(error: BaseException) -> traceback.FrameSummary | None:
    """The innermost frame in a file of the course's days (not of the tooling)."""
    names = {"quiz.py", *(f"{day.topic}.py" for day in index.days())}
    files = [(f, Path(f.filename)) for f in _frames(error)]
    own = [
        f for f, at in files if at.name in names and at.parent.name.startswith("day")
    ]
    return own[-1] if own else None


def _place(error: BaseException) -> str:
    """The line of the test that failed, not of a helper it called."""
    frames = [f for f in _frames(error) if Path(f.filename).name.startswith("test_")]
    tests = [f for f in frames if f.name.startswith("test_")] or frames
    return f"  {shown(tests[-1].filename)}:{tests[-1].lineno}" if tests else ""


def _wrapped(text: str) -> str:
    """Long lines folded at the terminal's width, indents kept."""
    folded = []
    for line in text.splitlines():
        indent = line[: len(line) - len(line.lstrip())]
        folded += textwrap.wrap(line, WIDTH, subsequent_indent=indent) or [""]
    return "\n".join(folded)


def _join(*parts: str) -> str:
    return "\n".join(part for part in parts if part.strip())

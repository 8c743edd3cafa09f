"""Turn one failure into one sentence for the learner: what, why, where."""

import re
import textwrap
import traceback
from pathlib import Path

from katas.dojo.course import index
from katas.dojo.course.targets import LearnerStopped
from katas.dojo.judge.quiz import NotPredicted
from katas.dojo.runner import hints, symptoms
from katas.dojo.runner.limits import TookTooLong
from katas.dojo.store import paths
from katas.dojo.store.paths import shown

BLANK = "still blank"
WAITS = "Not tried yet: it trains a network and waits for the others."
WIDTH = 76  # two columns are the reporter's indent


def sentence(name):
    """A test's name as the sentence it is: no prefix, no underscores."""
    text, _, case = name.partition("[")
    case = f" ({case[:-1].replace('_', ' ')})" if case else ""
    return text.removeprefix("test_").replace("_", " ") + case


def explain(error, day):
    """The text that stands under a failed sentence.

    Args
        error  the exception that ended the test or the collection
        day    the Day under test
    """
    frame = _frame(error, day)
    where = getattr(error, "place", "")  # where the error itself knows it
    if frame:
        where = f"  {shown(frame.filename)}:{frame.lineno}"
    if isinstance(error, NotPredicted):
        return f"{BLANK}: {error}\n  {shown(day.quiz)}"
    if hints.is_blank(error):
        return _blank(error, day, where)
    if isinstance(error, AssertionError):
        text = str(error) or "An assert of the test was false."
        seen = symptoms.see(text)
        return _join(_wrapped(text), _example(error), _place(error, day), seen)
    if isinstance(error, TookTooLong):
        return f"Stopped after {error}. Is there a loop that never ends?\n{where}"
    return _join(_crash(error, where), _example(error), "")


def _blank(error, day, where):
    n, promise = hints.promise(error)
    if n != day.number:
        return (
            f"Day {day.number:02d} needs day {n:02d}, which is still blank:"
            f" solve it, or type kata adopt {n}"
        )
    return _join(_wrapped(f"{BLANK}: {promise}"), where)


def _crash(error, where):
    """An error of the learner's code: its kind, its first lines, the line it hit."""
    if isinstance(error, SyntaxError):
        text = (error.text or "").strip()
        place = f"{shown(error.filename or '')}:{error.lineno}"
        return f"{type(error).__name__}: {error.msg}\n  {place}  {text}"
    if isinstance(error, SystemExit):
        return f"The code called exit({error.code}). Return a value instead.\n{where}"
    if isinstance(error, LearnerStopped):
        return f"{error}: take that line out.\n{where}"
    if isinstance(error, MemoryError):
        return f"Out of memory. Is a shape larger than it should be?\n{where}"
    if isinstance(error, RecursionError):
        return f"A function called itself without end.\n{where}"
    # TensorFlow puts the name of its kernel before the sentence and after it.
    plain = re.sub(r"\{\{.*?\}\}|\[Op:\w+\]( name:)?", "", str(error), flags=re.S)
    # Keras puts the reason last where a saved layer is built again.
    plain = plain.rpartition("Exception encountered: ")[2]
    lines = [line for line in plain.splitlines() if line.strip()]
    said = textwrap.shorten(" ".join(lines[:3]), 300, placeholder=" ...")
    return _join(_wrapped(f"{type(error).__name__}: {said}"), where, "")


def _example(error):
    """The drawn example that hypothesis noted on the error, without its frame."""
    for note in getattr(error, "__notes__", ()):
        if note.startswith(("Falsifying example", "Failing test case")):
            inside = note.split("(", 1)[-1].rstrip().rstrip(")")
            lines = [line.strip() for line in inside.splitlines() if line.strip()]
            text = " ".join(lines).rstrip(", ")
            return _wrapped(
                "  " + textwrap.shorten(f"with {text}", 230, placeholder=" ...")
            )
    return ""


def _frames(error):
    return [
        f
        for f in traceback.extract_tb(error.__traceback__)
        if Path(f.filename).is_relative_to(paths.root())
    ]


def _frame(error, day):
    """The innermost frame in a file of the course's days (not of the tooling)."""
    names = {f"{day.topic}.py", "quiz.py", *(f"{d.topic}.py" for d in index.days())}
    files = [(f, Path(f.filename)) for f in _frames(error)]
    own = [
        f for f, at in files if at.name in names and at.parent.name.startswith("day")
    ]
    return own[-1] if own else None


def _place(error, day):
    """The line of the sentence that was false, not of a helper it called."""
    tests = [f for f in _frames(error) if Path(f.filename).name.startswith("test_")]
    sentences = [f for f in tests if f.name.startswith("test_")] or tests
    if not sentences:
        return ""
    return f"  {shown(sentences[-1].filename)}:{sentences[-1].lineno}"


def _wrapped(text):
    """Long lines folded at the terminal's width, indents kept."""
    folded = []
    for line in text.splitlines():
        indent = line[: len(line) - len(line.lstrip())]
        folded += textwrap.wrap(line, WIDTH, subsequent_indent=indent) or [""]
    return "\n".join(folded)


def _join(*parts):
    return "\n".join(part for part in parts if part.strip())

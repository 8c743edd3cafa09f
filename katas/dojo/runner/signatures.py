"""Which misconception is behind a failure? Equal signature, or no word at all.

With examples and seeds fixed a wrong misconception fails with a signature: which sentences
fail, with which numbers. The proof records the signature of each misconception
(`python -m tests.record`); when a learner's failure has the same, the message names
the misconception. Two misconceptions that fail alike cannot be told apart: neither is named.
"""

import hashlib
import json
import re

from katas.dojo.course import misconceptions
from katas.dojo.runner.explain import BLANK
from katas.dojo.store import paths


def file():
    """Where the proof writes down the signatures."""
    return paths.root() / "katas" / "misconceptions" / "signatures.json"


def signature(run, day):
    """A hash of the day's false sentences and their numbers; None where one is blank.

    The quiz and the slow sentences stay out: they do not always run.
    """
    false = []
    for nodeid, (of, name, error, text) in sorted(run.outcomes.items()):
        if of != day or not text or "test_quiz.py" in nodeid or nodeid in run.slow:
            continue
        if text.startswith(BLANK) or not isinstance(error, AssertionError):
            return None
        false.append((name, _rounded(text)))
    return hashlib.sha256(repr(false).encode()).hexdigest()[:16] if false else None


def misconception(run, day):
    """The misconception whose signature the run has; None where none or several have it."""
    sign = signature(run, day)
    number = recorded(day).get(sign) if sign else None
    known = misconceptions.load(day)
    return known[number - 1] if number and number <= len(known) else None


def recorded(day):
    """{signature: number of the misconception} of a day, as the proof wrote it down; empty
    where the day's files are not those it was recorded from."""
    mine = records().get(day.name, {})
    return mine.get("signatures", {}) if mine.get("of") == source(day) else {}


def records():
    """{day: {"of": its source, "signatures": {signature: number}}}"""
    try:
        return json.loads(file().read_text("utf-8"))
    except (OSError, ValueError):
        return {}


def source(day):
    """A hash of what decides the signatures of a day: solution, tests, misconceptions."""
    seen = hashlib.sha256(repr(misconceptions.load(day)).encode())
    for each in [day.solution, *sorted(day.folder.glob("test_*.py"))]:
        seen.update(each.read_bytes().replace(b"\r\n", b"\n"))
    return seen.hexdigest()[:16]


def table(signatures):
    """{signature: number} of those signatures that one misconception alone has."""
    known = [s for s in signatures.values() if s]
    return {s: k for k, s in signatures.items() if s and known.count(s) == 1}


def _rounded(text):
    """The text without places in files, its numbers to three digits: the last ones
    differ between processors."""
    kept = [
        line
        for line in text.splitlines()
        if not re.match(r"\s+(see )?\S+\.(py|md):\d+", line)
    ]

    def short(found):
        return f"{float(found[0]):.3g}"

    return re.sub(r"-?\d+\.\d+(e[+-]?\d+)?", short, "\n".join(kept))

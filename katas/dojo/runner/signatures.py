"""Which misconception is behind a failure: look it up by the failure's signature.

With fixed examples and seeds a misconception always fails with the same signature: which
tests fail, with which numbers. The proof records the signature of each misconception
(`python -m tests.record`); when a learner's failure has the same, the screen names the
misconception. Two misconceptions that fail alike can't be told apart: neither is named.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from katas.dojo.course import misconceptions
from katas.dojo.course.index import Day
from katas.dojo.course.misconceptions import Misconception
from katas.dojo.runner.explain import BLANK
from katas.dojo.runner.session import Run
from katas.dojo.store import paths


def file() -> Path:
    """Where the proof records the signatures."""
    return paths.root() / "katas" / "misconceptions" / "signatures.json"


def signature(run: Run, day: Day) -> str | None:
    """A hash of the day's failing tests and their numbers; None where one is blank.

    The quiz and the slow tests stay out: they do not always run.
    """
    failures = []
    for _, outcome in sorted(run.outcomes.items()):
        if outcome.day != day or not outcome.failed:
            continue
        if outcome.is_quiz or outcome.is_slow:
            continue
        if outcome.text.startswith(BLANK) or not isinstance(
            outcome.error, AssertionError
        ):
            return None
        failures.append((outcome.test, _rounded(outcome.text)))
    return (
        hashlib.sha256(repr(failures).encode()).hexdigest()[:16] if failures else None
    )


def misconception(run: Run, day: Day) -> Misconception | None:
    """The misconception whose signature the run has; None where none or several do."""
    number = recorded(day).get(signature(run, day) or "")
    all_of_day = misconceptions.load(day)
    if number is None or number > len(all_of_day):
        return None
    return all_of_day[number - 1]


def recorded(day: Day) -> dict[str, int]:
    """{signature: number of the misconception} of a day, as the proof recorded it;
    empty where the day's files are not those it was recorded from."""
    record = records().get(day.name, {})
    return record.get("signatures", {}) if record.get("of") == source(day) else {}


def records() -> dict[str, Any]:
    """{day: {"of": its source, "signatures": {signature: number}}}"""
    try:
        return json.loads(file().read_text("utf-8"))
    except (OSError, ValueError):
        return {}


def source(day: Day) -> str:
    """A hash of what decides the signatures of a day: solution, tests, misconceptions."""
    hashed = hashlib.sha256(repr(misconceptions.load(day)).encode())
    for each in [day.solution, *sorted(day.folder.glob("test_*.py"))]:
        hashed.update(each.read_bytes().replace(b"\r\n", b"\n"))
    return hashed.hexdigest()[:16]


def unique(signatures: Mapping[int, str | None]) -> dict[str, int]:
    """{signature: number} of those signatures that one misconception alone has."""
    present = [s for s in signatures.values() if s]
    return {s: k for k, s in signatures.items() if s and present.count(s) == 1}


def _rounded(text: str) -> str:
    """The text without places in files, its numbers to three digits: the last ones
    differ between processors."""
    kept = [
        line
        for line in text.splitlines()
        if not re.match(r"\s+(see )?\S+\.(py|md):\d+", line)
    ]

    def short(match: re.Match[str]) -> str:
        return f"{float(match[0]):.3g}"

    return re.sub(r"-?\d+\.\d+(e[+-]?\d+)?", short, "\n".join(kept))

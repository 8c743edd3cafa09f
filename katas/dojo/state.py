"""What the course remembers between runs: `.dojo/state.json`."""

import contextlib
import hashlib
import json
import os
import time

from katas.dojo import course
from katas.dojo.keep import DOJO, write_atomic

FILE = DOJO / "state.json"
PAUSE = 600  # s without a run after which the clock of a day stands still


def load():
    """The state as a dict; a file that cannot be read is set aside, never fatal."""
    try:
        state = json.loads(FILE.read_text("utf-8"))
        return state if isinstance(state, dict) else {}
    except FileNotFoundError:
        return {}
    except (ValueError, OSError):
        with contextlib.suppress(OSError):
            os.replace(FILE, FILE.with_suffix(".broken"))
        return {}


def save(state):
    write_atomic(FILE, json.dumps(state, indent=1, sort_keys=True))


@contextlib.contextmanager
def of(day):
    """The day's own dict, saved when the block ends.

    Keys: attempts (runs), sentence and runs_on_sentence (the failing one and the runs
    since it last changed), hints {blank: shown}, first_run and last_run [s since
    1970], seconds (minutes at work, pauses left out), green_at, fingerprint,
    quiz_first {prediction: right at the first try}.
    """
    state = load()
    mine = state.setdefault("days", {}).setdefault(day.name, {})
    yield mine
    save(state)


def record(day):
    """The day's dict, to read."""
    return load().get("days", {}).get(day.name, {})


def tick(mine, now=None):
    """Count a run and the time since the last one."""
    now = now or time.time()
    since = now - mine.get("last_run", now)
    mine["seconds"] = mine.get("seconds", 0) + (since if since < PAUSE else 0)
    mine["first_run"] = mine.get("first_run", now)
    mine["last_run"] = now
    mine["attempts"] = mine.get("attempts", 0) + 1


def fingerprint(day):
    """A hash of what decides whether a day is green: the learner's files, its tests
    and, where the day builds on others, theirs."""
    seen = hashlib.sha256()
    for each in [day, *map(course.day, day.needs)]:
        for file in [*each.owned, *sorted(each.folder.glob("test_*.py"))]:
            seen.update(file.read_bytes() if file.exists() else b"missing")
    return seen.hexdigest()


def is_green(day):
    """True where the day was green and nothing that decides it has changed since."""
    return record(day).get("fingerprint") == fingerprint(day)


def is_adopted(day):
    """True where the day's file is the reference's, byte for byte."""
    return day.kind != "specify" and day.file.read_bytes() == day.solution.read_bytes()


def today():
    """The day chosen by `kata today`, else the first built day that is not green."""
    chosen = load().get("today")
    if chosen:
        with contextlib.suppress(course.CourseError):
            return course.day(chosen)
    built = course.built_days()
    return next((day for day in built if not is_green(day)), built[-1])

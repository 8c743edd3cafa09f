"""What the course remembers between runs: `.dojo/state.json`."""

import contextlib
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from filelock import FileLock, Timeout

from katas.dojo.store import paths
from katas.dojo.store.errors import CourseError
from katas.dojo.store.files import write_atomic
from katas.dojo.store.paths import shown


class _Named(Protocol):
    """A day, of which the state knows the name alone."""

    @property
    def name(self) -> str: ...


PAUSE = 600  # s without a run after which the clock of a day stands still
LOCK_SECONDS = 10.0  # how long one command waits for another's change


def file() -> Path:
    return paths.state_folder() / "state.json"


def load() -> dict:
    """The state as a dict; a file that cannot be read is set aside, never fatal."""
    try:
        state = json.loads(file().read_text("utf-8"))
        return state if isinstance(state, dict) else {}
    except FileNotFoundError:
        return {}
    except (ValueError, OSError):
        with contextlib.suppress(OSError):
            os.replace(file(), file().with_suffix(".broken"))
        return {}


@contextlib.contextmanager
def changing() -> Iterator[dict]:
    """The whole state, locked against other commands, saved when the block ends.

    Raises
        CourseError  another command holds it for too long, or it cannot be written
    """
    folder = paths.state_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / "state.lock", timeout=LOCK_SECONDS)
        lock.acquire()
    except Timeout:
        raise CourseError(
            f"Expected {shown(file())} to be free, but another command of the course"
            f" has held it for {LOCK_SECONDS:g} s: try again."
        ) from None
    except OSError as error:
        raise CourseError(
            f"Expected to write {shown(file())}, got {error.strerror!r}:"
            " check who may write to that folder."
        ) from error
    try:
        state = load()
        yield state
        write_atomic(file(), json.dumps(state, indent=1, sort_keys=True))
    finally:
        lock.release()


@contextlib.contextmanager
def of(day: _Named) -> Iterator[dict]:
    """The day's own dict, locked, and saved when the block ends.

    Keys: attempts (runs), sentence and runs_on_sentence (the failing one and the runs
    since it last changed), hints {blank: shown}, first_run and last_run [s since
    1970], seconds (minutes at work, pauses left out), green_at, fingerprint,
    quiz_first {prediction: right at the first try}.
    """
    with changing() as state:
        yield state.setdefault("days", {}).setdefault(day.name, {})


def record(day: _Named) -> dict:
    """The day's dict, to read."""
    return load().get("days", {}).get(day.name, {})


def count_run(entry: dict, now: float | None = None) -> None:
    """Count a run and the time since the last one."""
    now = now or time.time()
    since = now - entry.get("last_run", now)
    entry["seconds"] = entry.get("seconds", 0) + (since if since < PAUSE else 0)
    entry["first_run"] = entry.get("first_run", now)
    entry["last_run"] = now
    entry["attempts"] = entry.get("attempts", 0) + 1

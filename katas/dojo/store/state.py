"""What the course remembers between runs: `.dojo/state.json`."""

import contextlib
import json
import sys
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Protocol

from filelock import FileLock, Timeout

from katas.dojo.store import files, paths, state_schema
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
    """The state as a dict; where it cannot be read, a line on stderr and an empty one."""
    try:
        return read()
    except CourseError as error:
        _print_once(str(error))
        return {}


def read() -> dict:
    """The state; what no run can have written is dropped, after the file was copied.

    Raises
        CourseError  the file cannot be read, or the copy cannot be written
    """
    try:
        data = file().read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise CourseError(
            f"Expected to read {shown(file())}, got {error.strerror!r}:"
            f" {files.remedy(error, paths.state_folder())}."
        ) from error
    try:
        state = json.loads(data)
    except (ValueError, RecursionError):
        state = None
    sound = state_schema.repaired(state)
    if sound != state:
        copy = files.keep_copy(file())
        _print_once(
            f"{shown(file())} was damaged and is repaired as far as possible;"
            f" a copy is kept: {shown(copy or file())}"
        )
    return sound


@cache
def _print_once(text: str) -> None:
    print(text, file=sys.stderr)


@contextlib.contextmanager
def changing() -> Iterator[dict]:
    """The whole state, locked against other commands, saved when the block ends.

    Raises
        CourseError  another command holds it for too long, or it cannot be written
    """
    with locked():
        state = read()
        yield state
        write_atomic(file(), json.dumps(state, indent=1, sort_keys=True))


@contextlib.contextmanager
def locked() -> Iterator[None]:
    """Keep other commands from changing the state during the block.

    Raises
        CourseError  another command holds it for too long, or it cannot be written
    """
    folder = paths.state_folder()
    lock = FileLock(folder / "state.lock", timeout=LOCK_SECONDS)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise CourseError(
            f"Expected {shown(file())} to be free, but another command of the course"
            f" has held it for {LOCK_SECONDS:g} s: try again."
        ) from None
    except NotImplementedError:
        pass  # a network drive without locks
    except OSError as error:
        raise CourseError(
            f"Expected to write {shown(file())}, got {error.strerror!r}:"
            f" {files.remedy(error, folder)}."
        ) from error
    try:
        yield
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
    since = now - entry.get("last_run", now)  # negative where a clock was set back
    entry["seconds"] = entry.get("seconds", 0) + (since if 0 < since < PAUSE else 0)
    entry["first_run"] = entry.get("first_run", now)
    entry["last_run"] = now
    entry["attempts"] = entry.get("attempts", 0) + 1

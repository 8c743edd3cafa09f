"""What the course remembers between runs: `.dojo/state.json`."""

import contextlib
import json
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from filelock import FileLock, Timeout

from katas.dojo.store import files, paths, state_schema
from katas.dojo.store.errors import CourseError
from katas.dojo.store.files import write_atomic
from katas.dojo.store.paths import shown

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

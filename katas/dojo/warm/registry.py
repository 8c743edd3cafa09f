"""The private folder of the warm workers, and the fingerprint that dates a worker.

Paths are strings here: pathlib would slow the start of the client.
"""

import contextlib
import os
import stat
import sys
from itertools import chain

from katas.dojo.warm.messages import Record

LONGEST = 72  # bytes, and a name after it: a socket's path has 104 at most
VOLATILE = {"COLUMNS", "LINES", "OLDPWD", "PWD", "SHLVL", "_", "KATAS_WORKER"}


def root() -> str:
    """The checkout, as store.paths.root() names it, without importing the course."""
    return os.environ.get("KATAS_ROOT") or os.path.dirname(os.path.dirname(_dojo()))


def _detector() -> str:
    return os.path.join(os.path.dirname(_dojo()), "detector")


def _dojo() -> str:
    return os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def folder(checkout: str | None = None) -> str:
    """The folder of a checkout's sockets and records, made for its owner alone.

    Raises
        OSError  when it cannot be made or written, or belongs to somebody else
    """
    path = os.path.join(checkout or root(), ".dojo", "warm")
    if len(os.fsencode(path)) > LONGEST and os.name != "nt":
        path = f"/tmp/katas-{os.getuid()}"
    os.makedirs(path, mode=0o700, exist_ok=True)
    if os.name != "nt":
        status = os.lstat(path)
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid():
            raise PermissionError(f"{path} belongs to somebody else")
        if status.st_mode & 0o077:
            os.chmod(path, 0o700)
    if not os.access(path, os.W_OK):
        raise PermissionError(f"{path} cannot be written")
    return path


def fingerprint() -> dict[str, object]:
    """All that a worker depends on since its start: with another fingerprint, a
    client needs another worker."""
    files = [os.path.join(root(), "katas", "course.toml")]
    files += [path for path in sys.path if path.endswith("-packages")]
    for inside, _, names in chain(os.walk(_dojo()), os.walk(_detector())):
        files += [os.path.join(inside, name) for name in names if name.endswith(".py")]
    times = {}
    for path in files:
        with contextlib.suppress(OSError):
            times[path] = os.stat(path).st_mtime
    return {
        "python": [sys.executable, sys.version],
        "environment": {k: v for k, v in os.environ.items() if k not in VOLATILE},
        "files": times,
    }


def record_paths(ptw: int, checkout: str | None = None) -> list[str]:
    """The records of the workers that serve one ptw."""
    workers = folder(checkout)
    names = os.listdir(workers)
    own = [n for n in names if n.startswith(f"{ptw}-") and n.endswith(".json")]
    return [os.path.join(workers, name) for name in sorted(own)]


def read_record(path: str) -> Record:
    """Raises OSError or ValueError where there is no record."""
    with open(path) as file:
        return Record.from_json(file.read())


def write_record(record: Record) -> None:
    """Write a record that its owner alone may read, whole or not at all."""
    draft = f"{record.path}.{os.getpid()}"
    private = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(private, "w") as file:
        file.write(record.to_json())
    os.replace(draft, record.path)


def remove_files(*paths: str) -> None:
    """Delete files that may be gone already."""
    for path in paths:
        with contextlib.suppress(OSError):
            os.unlink(path)

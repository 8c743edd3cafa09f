"""The private folder where spares wait, and what puts a spare out of date."""

import contextlib
import json
import os
import stat
import sys
from itertools import chain

from katas.dojo.warm import processes

LONGEST = 72  # bytes, and a name after it: a socket's path has 104 at most
VOLATILE = {"COLUMNS", "LINES", "OLDPWD", "PWD", "SHLVL", "_", "KATAS_SPARE"}


def root():
    """The checkout, as store.paths.root() names it, without importing the course."""
    return os.environ.get("KATAS_ROOT") or os.path.dirname(os.path.dirname(_dojo()))


def _detector():
    return os.path.join(os.path.dirname(_dojo()), "detector")


def _dojo():
    return os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def folder(checkout=None):
    """The folder of a checkout's sockets and records, made for its owner alone.

    Raises
        OSError  when it cannot be made or written, or belongs to somebody else
    """
    path = os.path.join(checkout or root(), ".dojo", "warm")
    if len(os.fsencode(path)) > LONGEST and os.name != "nt":
        path = f"/tmp/katas-{os.getuid()}"
    os.makedirs(path, mode=0o700, exist_ok=True)
    if os.name != "nt":
        found = os.lstat(path)
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
            raise PermissionError(f"{path} belongs to somebody else")
        if found.st_mode & 0o077:
            os.chmod(path, 0o700)
    if not os.access(path, os.W_OK):
        raise PermissionError(f"{path} cannot be written")
    return path


def key():
    """All that a spare takes in when it starts; another key needs another spare."""
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


def records(ptw, checkout=None):
    """The records of the spares that serve one ptw."""
    place = folder(checkout)
    names = os.listdir(place)
    own = [n for n in names if n.startswith(f"{ptw}-") and n.endswith(".json")]
    return [os.path.join(place, name) for name in sorted(own)]


def write(path, record):
    """Write a record for the owner's eyes, whole or not at all."""
    draft = f"{path}.{os.getpid()}"
    private = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(private, "w") as file:
        json.dump(record, file)
    os.replace(draft, path)


def remove(*paths):
    """Delete files that may be gone already."""
    for path in paths:
        with contextlib.suppress(OSError):
            os.unlink(path)


def tidy(place):
    """Remove what a killed ptw left in the folder."""
    for name in os.listdir(place):
        number = name.partition("-")[0]
        if number.isdigit() and processes.watch(int(number))():
            remove(os.path.join(place, name))

"""Which checkout the course acts on, and how its paths are shown."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from importlib.machinery import PathFinder
from pathlib import Path

from katas.dojo.store.errors import CourseError

_HERE = Path(__file__).resolve().parents[3]
RESTARTED = "KATAS_RESTARTED"  # the checkout whose code `use_own_tooling` has left
_chosen: Path | None = None
OWN = ("katas", "solutions", "tests", "notes")  # the course's folders


def root() -> Path:
    """The checkout: the one chosen by `acting_on`, else KATAS_ROOT, else this code's.

    Raises
        CourseError  the working folder lies in another checkout than this code
    """
    if _chosen is not None:
        return _chosen
    named = os.environ.get("KATAS_ROOT")
    if named:
        return Path(named).resolve()
    other = _other_checkout()
    if other is None:
        return _HERE
    raise CourseError(
        f"Expected to act on {other}, but Python imports the course from {_HERE}:"
        f" cd {other} && pip install -e ."
    )


def _other_checkout(folder: str | Path = "") -> Path | None:
    """The checkout that a folder (the working folder) lies in, if this code is not its."""
    try:
        found = _checkout_around(str(folder) or os.getcwd())
    except OSError:  # the folder was deleted
        return None
    return None if found in (None, _HERE) else found


@cache
def _checkout_around(folder: str) -> Path | None:
    """The nearest folder from `folder` upwards that is a checkout of the course."""
    place = Path(folder).resolve()
    for each in (place, *place.parents):
        if (each / "katas" / "course.toml").is_file():
            return each
    return None


def use_own_tooling(folder: str | Path = "") -> None:
    """Start this command again with the code of the checkout that `folder` lies in.

    An environment has the course of one checkout installed; a command typed in another
    one would otherwise act on the first. Returns where nothing has to be done.

    Args
        folder  the working folder if empty
    """
    if _chosen or os.environ.get("KATAS_ROOT"):
        return
    if (checkout := _other_checkout(folder)) is None:
        return
    path = os.pathsep.join(filter(None, [str(checkout), os.getenv("PYTHONPATH")]))
    own = {"PYTHONPATH": path, "KATAS_ROOT": str(checkout), RESTARTED: str(_HERE)}
    command = [sys.executable, *sys.orig_argv[1:]]
    if os.name == "nt":  # an exec there lets the shell go on at once
        sys.exit(subprocess.call(command, env={**os.environ, **own}))
    os.execve(sys.executable, command, {**os.environ, **own})


@contextlib.contextmanager
def acting_on(checkout: Path) -> Iterator[Path]:
    """Let every command in the block act on another checkout."""
    global _chosen
    before, _chosen = _chosen, Path(checkout).resolve()
    try:
        yield _chosen
    finally:
        _chosen = before


def state_folder() -> Path:
    """Where the course keeps what it remembers: `.dojo`, which git ignores."""
    return root() / ".dojo"


def shadowing() -> list[Path]:
    """Files and packages at the top of the checkout that hide a module by their name:
    `python -m` looks there before everywhere else."""
    elsewhere = [path for path in sys.path if path and Path(path).resolve() != root()]
    return [
        path
        for path in sorted(root().iterdir())
        if path.stem not in OWN
        and (path.suffix == ".py" or os.path.exists(path / "__init__.py"))
        and (
            path.stem in sys.stdlib_module_names
            or PathFinder.find_spec(path.stem, elsewhere) is not None
        )
    ]


def shown(path: str | Path) -> str:
    """A path as the learner types it: relative to the checkout where it lies inside."""
    path = Path(path)
    inside = path.is_relative_to(root())
    return path.relative_to(root()).as_posix() if inside else str(path)

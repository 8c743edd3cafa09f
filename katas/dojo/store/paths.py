"""Which checkout the course acts on, and how its paths are shown."""

import contextlib
import os
import sys
from collections.abc import Iterator
from importlib.machinery import PathFinder
from pathlib import Path

_HERE = Path(__file__).resolve().parents[3]
_chosen: Path | None = None
OWN = ("katas", "solutions", "tests", "notes")  # the course's folders


def root() -> Path:
    """The checkout: the one chosen by `acting_on`, else KATAS_ROOT, else this code's."""
    if _chosen is not None:
        return _chosen
    named = os.environ.get("KATAS_ROOT")
    return Path(named).resolve() if named else _HERE


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

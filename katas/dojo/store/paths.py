"""Which checkout the course acts on, and how its paths are shown."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

_HERE = Path(__file__).resolve().parents[3]
_chosen: Path | None = None


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


def shown(path: str | Path) -> str:
    """A path as the learner types it: relative to the checkout where it lies inside."""
    path = Path(path)
    inside = path.is_relative_to(root())
    return path.relative_to(root()).as_posix() if inside else str(path)

"""Write files so that nothing a learner wrote is ever lost.

A write goes to a temporary file beside the target and is renamed over it: whoever
kills the command finds the old file or the new one, never half of either. Before a
learner-owned file changes, a copy goes to `.dojo/kept/`.
"""

import contextlib
import errno
import os
import shutil
import tempfile
import time
from datetime import datetime
from pathlib import Path

from katas.dojo.store import paths
from katas.dojo.store.errors import CourseError
from katas.dojo.store.paths import shown

INFIX, SUFFIX = ".katas-", ".tmp"  # .tensors.py.katas-x1y2z3a4.tmp is no learner's
LONGEST = 150  # characters of a name that its temporary file takes over
WRITE_SECONDS = 60  # an older temporary file is of a write that was killed


def kept_folder() -> Path:
    """Where copies of learner-owned files are kept."""
    return paths.state_folder() / "kept"


def write_atomic(path: str | Path, content: str | bytes) -> None:
    """Replace the file at `path` by `content`, whole or not at all.

    A link is followed: the file that it points to gets the content. What is no file
    (a terminal, a pipe, the null device) is written to.

    Raises
        CourseError  where the file cannot be written
    """
    path = Path(path)
    data = content.encode("utf-8", "replace") if isinstance(content, str) else content
    temporary = None
    try:
        target = _target(path)
        if target.exists() and not target.is_file():
            _write_through(target, data)
            return
        _sweep(target.parent)
        handle, temporary = tempfile.mkstemp(
            suffix=SUFFIX, prefix=f".{target.name[:LONGEST]}{INFIX}", dir=target.parent
        )
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            shutil.copymode(target, temporary)
        else:
            umask = os.umask(0)
            os.umask(umask)
            os.chmod(temporary, 0o666 & ~umask)
        os.replace(temporary, target)
    except OSError as error:
        if temporary:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
        raise CourseError(
            f"Expected to write {shown(path)}, got {error.strerror!r}:"
            f" {remedy(error, path.parent)}."
        ) from error


def remedy(error: OSError, folder: Path) -> str:
    """What to do or to type where a file in that folder cannot be read or written."""
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        return "free some space on that disk"
    if error.errno == errno.EROFS:
        return f"make {shown(folder)} writable, its file system is mounted read-only"
    if error.errno == errno.EISDIR:
        return f"move away the folder {shown(error.filename or folder)}"
    if error.errno in (errno.EEXIST, errno.ENOTDIR):
        return f"move away what stands in the place of {shown(folder)}"
    if error.errno in (errno.EACCES, errno.EPERM) and os.name == "posix":
        return f'sudo chown -R "$USER" {shown(folder)}'
    return "check who may write to that folder"


def _target(path: Path) -> Path:
    """The file that a path stands for, behind all links; its folder is made.

    Raises
        CourseError  a link leads back to itself, or to a folder that is missing
    """
    for each in (path.parent, path):
        if each.is_symlink():
            real = Path(os.path.realpath(each))
            folder = real.parent if each == path else real
            if real.is_symlink() or not folder.is_dir():
                raise CourseError(
                    f"Expected to write {shown(path)}, but {shown(each)} is a link to"
                    f" {os.readlink(each)}, which is missing: rm {shown(each)}"
                )
    path.parent.mkdir(parents=True, exist_ok=True)
    return Path(os.path.realpath(path)) if path.is_symlink() else path


def is_linked(path: Path) -> bool:
    """True where a file of the checkout is a link, or lies in a folder that is one."""
    inside = [each for each in path.parents if each.is_relative_to(paths.root())]
    return any(each.is_symlink() for each in (path, *inside) if each != paths.root())


def _write_through(target: Path, data: bytes) -> None:
    """Write to what is no file; a folder is refused."""
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(target))
    with open(target, "wb", buffering=0) as file:
        file.write(data)


def _sweep(folder: Path) -> None:
    """Delete the temporary files that writes have left in a folder which were killed."""
    for left in folder.glob(f".*{INFIX}????????{SUFFIX}"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > WRITE_SECONDS:
                left.unlink()


def keep_copy(path: str | Path) -> Path | None:
    """Copy a file that is about to change into `.dojo/kept/`; return the copy's path.

    Returns None where there is no file. Two copies never share a name, and a text
    that is the newest kept copy already is not kept twice.
    """
    path = Path(path)
    if not path.exists():
        return None
    earlier = kept_copies(path)
    data = path.read_bytes()
    if earlier and earlier[-1].read_bytes() == data:
        return earlier[-1]
    stamp = datetime.now().strftime("%Y-%m-%d-%H%M%S-%f")
    copy = kept_folder() / path.parent.name / f"{path.stem}.{stamp}{path.suffix}"
    write_atomic(copy, data)
    return copy


def kept_copies(path: str | Path) -> list[Path]:
    """The kept copies of a file, oldest first."""
    path = Path(path)
    return sorted(
        (kept_folder() / path.parent.name).glob(f"{path.stem}.*{path.suffix}")
    )


def replace(path: str | Path, content: str | bytes) -> Path | None:
    """Keep a copy of the file at `path`, then write `content`; return the copy."""
    copy = keep_copy(path)
    write_atomic(path, content)
    return copy

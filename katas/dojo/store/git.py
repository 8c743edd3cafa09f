"""Run git on the checkout; its message on failure becomes one sentence."""

import os
import shutil
import subprocess
from pathlib import Path

from katas.dojo.store import paths
from katas.dojo.store.errors import CourseError

FOREIGN = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")


def run(
    *arguments: str, stdin: bytes | None = None, index: str | Path | None = None
) -> bytes:
    """What `git arguments` prints, as bytes, run in the checkout.

    Args
        stdin  bytes for its standard input
        index  another index file than the checkout's

    Raises
        CourseError  with git's last line when it fails
    """
    environment = {k: v for k, v in os.environ.items() if k not in FOREIGN}
    environment["LC_ALL"] = "C"
    if index:
        environment["GIT_INDEX_FILE"] = str(index)
    done = subprocess.run(
        ["git", "-C", str(paths.root()), *arguments],
        input=stdin if stdin is not None else b"",
        capture_output=True,
        env=environment,
        check=False,
    )
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        message = next((x for x in lines if x.startswith(("fatal:", "error:"))), "")
        message = message or (lines[-1] if lines else f"exit code {done.returncode}")
        raise CourseError(f"git {arguments[0]}: {message}")
    return done.stdout


def line(*arguments: str) -> str:
    """The one line that git prints."""
    return run(*arguments).decode("utf-8", "replace").strip()


def names(*arguments: str, index: str | Path | None = None) -> list[str]:
    """The paths that git prints with -z."""
    text = run(*arguments, index=index).decode("utf-8", "surrogateescape")
    return [name for name in text.split("\0") if name]


def try_line(*arguments: str) -> str | None:
    """The line that git prints, or None where it fails."""
    try:
        return line(*arguments)
    except CourseError:
        return None


def problem() -> str:
    """Why git cannot be used on this checkout, in one sentence; empty if it can."""
    if not shutil.which("git"):
        return "git is not installed"
    if try_line("rev-parse", "--show-toplevel") is None:
        return f"{paths.root()} is not a git repository"
    if try_line("ls-files", "--error-unmatch", "--", "katas/course.toml") is None:
        return "katas/course.toml is not under version control here"
    return ""


def busy() -> str:
    """The name of an unfinished operation (a merge, a rebase), or ""."""
    for name, what in (
        ("MERGE_HEAD", "merge"),
        ("rebase-merge", "rebase"),
        ("rebase-apply", "rebase"),
        ("CHERRY_PICK_HEAD", "cherry-pick"),
    ):
        if (paths.root() / line("rev-parse", "--git-path", name)).exists():
            return what
    return ""

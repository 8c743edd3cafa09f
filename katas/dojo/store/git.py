"""Run git on the checkout; its message on failure becomes one sentence, with the cure."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from katas.dojo.store import paths
from katas.dojo.store.errors import CourseError

FOREIGN = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")
INSTALL = {"win32": "winget install Git.Git", "darwin": "xcode-select --install"}
# (pattern in git's message, what to type); {0} is the pattern's group, quoted
CURES = (
    (
        r"dubious ownership in repository at '(.+)'",
        "git config --global --add safe.directory {0}",
    ),
    (
        r"Unable to create '(.+\.lock)': File exists",
        "end other git commands, then rm {0}",
    ),
    (r"must be run in a work tree", "git config core.bare false"),
    (r"bad config line \d+ in file (.+)", "mend that line of {0}"),
    (r"index file|bad signature|index uses", "rm .git/index && git reset"),
    (r"bad object HEAD", "git fetch, then git fsck lists what is missing"),
    (
        r"could not read (?:Username|Password)|terminal prompts disabled",
        "type it in a terminal",
    ),
)


@dataclass(frozen=True)
class Problem:
    """Why git cannot be used on the checkout, and what to type."""

    reason: str
    fix: str = ""  # empty where nothing is broken

    def __str__(self) -> str:
        return f"{self.reason}: {self.fix}" if self.fix else self.reason


class GitError(CourseError):
    """A git command that failed."""

    def __init__(self, command: str, problem: Problem) -> None:
        super().__init__(f"{command}: {problem}")
        self.problem = problem


def run(
    *arguments: str, stdin: bytes | None = None, index: str | Path | None = None
) -> bytes:
    """What `git arguments` prints, as bytes, run in the checkout.

    Args
        stdin  bytes for its standard input
        index  another index file than the checkout's

    Raises
        GitError  with git's own reason when it fails, and the cure where it is known
    """
    environment = {k: v for k, v in os.environ.items() if k not in FOREIGN}
    environment["LC_ALL"] = "C"
    if index:
        environment["GIT_INDEX_FILE"] = str(index)
    command = f"git {arguments[0]}"
    try:
        done = subprocess.run(
            ["git", "-C", str(paths.root()), *arguments],
            input=stdin if stdin is not None else b"",
            capture_output=True,
            env=environment,
            check=False,
        )
    except OSError as error:
        if not shutil.which("git"):
            raise GitError(command, _not_installed()) from None
        raise GitError(command, Problem(error.strerror or str(error))) from error
    if done.returncode:
        message = done.stderr.decode("utf-8", "replace").strip()
        raise GitError(command, _described(message or f"exit code {done.returncode}"))
    return done.stdout


def _not_installed() -> Problem:
    return Problem(
        "git is not installed", INSTALL.get(sys.platform, "sudo apt install git")
    )


def _described(message: str) -> Problem:
    """Git's reason in one line, and the cure of a kind that is known."""
    lines = message.splitlines()
    reasons = [line for line in lines if line.startswith(("fatal:", "error:"))]
    reason = (reasons or lines[-1:])[0]
    for pattern, fix in CURES:
        if found := re.search(pattern, message):
            return Problem(reason, fix.format(*map(shlex.quote, found.groups())))
    return Problem(reason)


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


def problem() -> Problem | None:
    """Why git cannot be used on this checkout; None where it can."""
    if not shutil.which("git"):
        return _not_installed()
    try:
        run("rev-parse", "--show-toplevel")
        run("ls-files", "-z", "--", "katas/course.toml")
        run("status", "--porcelain", "--", "katas/course.toml")
    except GitError as error:
        if "not a git repository" in error.problem.reason:
            return _no_repository(error.problem)
        return error.problem
    if try_line("ls-files", "--error-unmatch", "--", "katas/course.toml") is None:
        return Problem("katas/course.toml is not under version control here")
    return _damaged_branch()


def _no_repository(problem: Problem) -> Problem:
    """Why git finds no repository: there is none, or what it consists of is damaged."""
    git = paths.root() / ".git"
    if git.is_file():
        return Problem(f"{problem.reason}, which {git} names", "git worktree repair")
    if not git.is_dir():
        return Problem(f"{paths.root()} is not a git repository")
    if not (git / "objects").is_dir() or not (git / "refs").is_dir():
        return Problem(f"{git} is damaged", "clone the course anew beside it")
    branches = sorted(each.name for each in (git / "refs" / "heads").glob("*"))
    branch = "main" if "main" in branches else (branches or ["main"])[0]
    fix = f"echo 'ref: refs/heads/{branch}' > {shlex.quote(str(git / 'HEAD'))}"
    return Problem(f"{git / 'HEAD'} is damaged", fix)


def _damaged_branch() -> Problem | None:
    """A branch whose file holds no commit: git would take it for one without history."""
    if try_line("rev-parse", "-q", "--verify", "HEAD"):
        return None
    head = (paths.root() / line("rev-parse", "--git-path", "HEAD")).read_text("utf-8")
    reference = head.removeprefix("ref:").strip()
    file = paths.root() / line("rev-parse", "--git-path", reference)
    log = paths.root() / line("rev-parse", "--git-path", f"logs/{reference}")
    if not file.exists():  # a new branch, before its first commit
        return None
    entries = log.read_text("utf-8", "replace").split("\n") if log.exists() else []
    last = [entry.split(" ")[1] for entry in entries if entry.count(" ") > 2][-1:]
    fix = f"git update-ref {reference} {last[0]}" if last else "git fsck --lost-found"
    return Problem(f"{reference} is damaged", f"rm {shlex.quote(str(file))} && {fix}")


def lock() -> Path | None:
    """The lock of the index, which a killed git command leaves behind."""
    found = try_line("rev-parse", "--git-path", "index.lock")
    file = paths.root() / found if found else None
    return file if file and file.exists() else None


def is_detached() -> bool:
    """True where HEAD is a commit and no branch: a commit there is easily lost."""
    return try_line("symbolic-ref", "-q", "HEAD") is None


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

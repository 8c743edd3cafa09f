"""`kata doctor`: the checks in their order, each finding with the line that fixes it."""

import os
import shlex
import shutil
import sys
from collections.abc import Iterator
from importlib import util
from pathlib import Path

from katas.dojo.doctor import course_files, installation, machine, settings
from katas.dojo.doctor.findings import Finding, note, ok, problem
from katas.dojo.store import git, paths, terminal
from katas.dojo.store.errors import DataError
from katas.dojo.store.paths import shown
from katas.dojo.store.terminal import format_count, print_line, print_text

STYLES = {"ok": "green", "failed": "red", "note": None}
LEAST_MEMORY, LEAST_DISK = 4, 1  # GiB
LEAST_WATCHES = 8192


def show() -> int:
    """Run every check and print its findings; return the number of problems."""
    problems = 0
    for check in CHECKS:
        with terminal.status(check.__doc__ or ""):
            findings = list(check())
        for finding in findings:
            problems += finding.state == "failed"
            _print(finding)
    print_text()
    count = f"{format_count(problems, 'problem')} found."
    print_text(count if problems else "No problems found.", "bold")
    return problems


def _print(finding: Finding) -> None:
    mark, style = terminal.marks()[finding.state], STYLES[finding.state]
    print_line(f"{mark} {finding.name:<13} {finding.text}", style)
    if finding.fix:
        by_pip = util.find_spec("pip") is not None
        fix = finding.fix if by_pip else installation.by_uv(finding.fix)
        print_line(f"{'':<16}{fix}")


def resources() -> Iterator[Finding]:
    """memory and disk"""
    memory, disk = machine.memory(), machine.disk(paths.root())
    close = "close other programs while a day trains"
    yield from _at_least("memory", memory, LEAST_MEMORY, close)
    yield from _at_least("disk", disk, LEAST_DISK, "free some space: pip cache purge")


def _at_least(
    name: str, value: float | None, least: float, fix: str
) -> Iterator[Finding]:
    if value is None:
        return
    if value >= least:
        yield ok(name, f"{value:.1f} GiB")
    else:
        yield problem(name, f"{value:.1f} GiB, expected {least} or more", fix)


def checkout() -> Iterator[Finding]:
    """the checkout"""
    import katas

    here = paths.root() / "katas"
    imported = os.path.dirname(katas.__file__ or "")
    if installed := os.environ.get(paths.RESTARTED):
        text = f"{paths.root()}, but this environment has {installed} installed"
        fix = f"cd {shlex.quote(str(paths.root()))} && pip install -e ."
        yield problem("course", text, fix)
    elif os.path.samefile(imported, here):
        yield ok("course", str(paths.root()))
    else:
        text = f"Python imports katas from {imported}"
        yield problem("course", text, "pip install -e .")
    for folder in (here, paths.root() / "notes", paths.root()):
        if not machine.is_writable(folder):
            text = f"{folder} is read-only"
            yield problem("folder", text, f"chmod -R u+w {folder}")
            return


def data() -> Iterator[Finding]:
    """the data"""
    from katas.detector.recordings import fetch  # late: NumPy may be what is broken

    folder = fetch.data_folder()
    if not machine.is_writable(folder):
        text = f"{folder} is read-only"
        yield problem("data", text, "set KATAS_DATA to another folder")
        return
    try:
        yield ok("data", f"real falls: {fetch.find_weda()}")
    except DataError:
        yield note("data", "simulated falls; real ones with", "kata data weda")


def watcher() -> Iterator[Finding]:
    """ptw and its watches"""
    ptw = shutil.which("ptw")
    if ptw is None:
        activate = Path(sys.executable).with_name("activate")
        fix = f"source {activate}" if activate.exists() else "pip install -e ."
        yield problem("ptw", "not on the PATH", fix)
    elif util.find_spec("pytest_watcher"):
        text = "another package's: pytest-watcher has taken the name"
        fix = "pip uninstall pytest-watcher; pip install --force-reinstall pytest-watch"
        yield problem("ptw", text, fix)
    else:
        yield ok("ptw", ptw)
    count = machine.watches()
    if count is not None and count < LEAST_WATCHES:
        text = f"{count} watches, expected {LEAST_WATCHES} or more"
        fix = "sudo sysctl fs.inotify.max_user_watches=65536, or ptw --poll"
        yield problem("inotify", text, fix)
    elif why := machine.watch_problem(paths.root() / "katas"):
        yield problem("watch", f"katas/ cannot be watched: {why}", "ptw --poll")


def version_control() -> Iterator[Finding]:
    """git"""
    if found := git.problem():
        if found.fix:
            yield problem("git", found.reason, found.fix)
        else:
            yield note("git", f"{found.reason}: kata done commits nothing")
    elif git.try_line("var", "GIT_COMMITTER_IDENT") is None:
        fix = 'git config user.email "YOU@EXAMPLE.ORG" && git config user.name "YOU"'
        yield problem("git", "has no name for you", fix)
    else:
        yield ok("git", git.line("--version").removeprefix("git version "))
        if lock := git.lock():
            text = f"{shown(lock)} is left behind, or a git command runs"
            yield problem("git", text, f"rm {shlex.quote(shown(lock))}")
        if git.is_detached() and not git.busy():
            text = "HEAD is on no branch (detached): commits there are easily lost"
            yield note("git", text, "git switch -c NAME")


def editor_and_terminal() -> Iterator[Finding]:
    """editor and terminal"""
    settings = paths.root() / ".vscode" / "settings.json"
    if settings.exists():
        yield ok("editor", shown(settings))
    else:
        yield note("editor", "no set-up here; any editor will do")
    encoding = getattr(sys.stdout, "encoding", None) or "unknown"
    if terminal.marks() is terminal.MARKS:
        yield ok("terminal", encoding)
    else:
        text = f"{encoding} can't write the marks; the course uses + and x"
        yield note("terminal", text, "set PYTHONUTF8=1")


CHECKS = (
    *(installation.python, installation.packages, installation.tensorflow),
    *(settings.keras, settings.pytest, resources, checkout, course_files.shadowing),
    *(course_files.memory, course_files.tests, course_files.learners),
    *(course_files.links, data, watcher),
    *(version_control, editor_and_terminal),
)

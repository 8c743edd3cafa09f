"""`kata doctor`: what is wrong here, and for each the line that mends it.

A check yields findings: (state, name, what was found, the line that mends it), with
the state `true` (as it should be), `false` (to be mended) or `dot` (worth knowing).
"""

import os
import shutil
import sys
from importlib import util
from pathlib import Path

from katas.dojo.doctor import installation, machine
from katas.dojo.store import git, paths, terminal
from katas.dojo.store.paths import shown
from katas.dojo.store.terminal import print_line, print_text

STYLES = {"ok": "green", "failed": "red", "note": None}


def show():
    """Run every check, print a line each; return how many must be mended."""
    bad = 0
    for check in CHECKS:
        with terminal.console().status(check.__doc__ or ""):
            findings = list(check())
        for state, name, found, mend in findings:
            bad += state == "failed"
            print_line(f"{terminal.marks()[state]} {name:<13} {found}", STYLES[state])
            if mend:
                mend = mend if util.find_spec("pip") else installation.by_uv(mend)
                print_line(f"{'':<16}{mend}")
    print_text()
    print_text(
        f"{terminal.format_count(bad, 'thing')} to mend." if bad else "All is well.",
        "bold",
    )
    return bad


def room():
    """memory and disk"""
    for name, value, least, mend in (
        ("memory", machine.memory(), 4, "close other programs while a day trains"),
        ("disk", machine.disk(paths.root()), 1, "make room: pip cache purge"),
    ):
        if value is not None:
            state = "ok" if value >= least else "failed"
            found = f"{value:.1f} GiB"
            wanted = "" if state == "ok" else f", expected {least} or more"
            yield state, name, found + wanted, mend if wanted else ""


def checkout():
    """the checkout"""
    import katas

    here = paths.root() / "katas"
    came = os.path.dirname(katas.__file__)
    if os.path.samefile(came, here):
        yield "ok", "course", str(paths.root()), ""
    else:
        yield (
            "failed",
            "course",
            f"Python imports katas from {came}",
            "pip install -e .",
        )
    for folder in (here, paths.root() / "notes", paths.root()):
        if not machine.writable(folder):
            yield "failed", "folder", f"{folder} is read-only", f"chmod -R u+w {folder}"
            return


def data():
    """the data"""
    from katas.detector.recordings import DataError, fetch

    folder = fetch.data_folder()
    if not machine.writable(folder):
        yield "failed", "data", f"{folder} is read-only", "set KATAS_DATA to another"
        return
    try:
        yield "ok", "data", f"real falls: {fetch.find_weda()}", ""
    except DataError:
        yield "note", "data", "simulated falls; real ones with", "kata data weda"


def watcher():
    """ptw and its watches"""
    beside = Path(sys.executable).with_name("activate")
    if not shutil.which("ptw"):
        mend = f"source {beside}" if beside.exists() else "pip install -e ."
        yield "failed", "ptw", "not on the PATH", mend
    elif util.find_spec("pytest_watcher"):
        found = "another package's: pytest-watcher has taken the name"
        mend = "pip uninstall pytest-watcher; "
        mend += "pip install --force-reinstall pytest-watch"
        yield "failed", "ptw", found, mend
    else:
        yield "ok", "ptw", shutil.which("ptw"), ""
    count = machine.watches()
    if count is not None and count < 8192:
        mend = "sudo sysctl fs.inotify.max_user_watches=65536"
        yield "failed", "inotify", f"{count} watches, expected 8192 or more", mend


def tools():
    """git, editor and terminal"""
    why = git.problem()
    if why:
        yield "note", "git", f"{why}: kata done commits nothing", ""
    elif git.try_line("var", "GIT_COMMITTER_IDENT") is None:
        mend = 'git config user.email "YOU@EXAMPLE.ORG" && git config user.name "YOU"'
        yield "failed", "git", "has no name for you", mend
    else:
        yield "ok", "git", git.line("--version").removeprefix("git version "), ""
    settings = paths.root() / ".vscode" / "settings.json"
    if settings.exists():
        yield "ok", "editor", shown(settings), ""
    else:
        yield "note", "editor", "no set-up here; any editor will do", ""
    encoding = getattr(sys.stdout, "encoding", None) or "unknown"
    if terminal.marks() is terminal.MARKS:
        yield "ok", "terminal", encoding, ""
    else:
        found = f"{encoding} can't write the marks; the course uses + and x"
        yield "note", "terminal", found, "set PYTHONUTF8=1"


INSTALLED = (installation.python, installation.packages, installation.tensorflow)
CHECKS = (*INSTALLED, room, checkout, data, watcher, tools)

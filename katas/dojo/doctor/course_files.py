"""Checks of the files in the checkout: the state, the days' tests, the learner's files."""

import os
from collections.abc import Iterator

from katas.dojo.course import index, listed_tests
from katas.dojo.course.index import Day
from katas.dojo.doctor.findings import Finding, note, problem
from katas.dojo.store import files, paths, state
from katas.dojo.store.errors import CourseError
from katas.dojo.store.paths import shown


def shadowing() -> Iterator[Finding]:
    """names of files"""
    for path in paths.shadowing():
        text = f"{shown(path)} hides the module {path.stem} from `python -m`"
        fix = f"mv {shown(path)} my_{path.name}"
        yield problem("name", text, fix)


def memory() -> Iterator[Finding]:
    """the state"""
    probe = state.file().with_name("probe")
    try:
        with state.locked():
            state.read()
        files.write_atomic(probe, "")
        probe.unlink()
    except CourseError as error:
        text, _, fix = str(error).rpartition(": ")
        yield problem("state", text, fix.rstrip("."))


def tests() -> Iterator[Finding]:
    """the days' tests"""
    if not listed_tests.file().exists():
        name = shown(listed_tests.file())
        yield problem("tests", f"{name} is missing", f"git restore {name}")
        return
    for day in index.built_days():
        now = listed_tests.present(day)
        for name, functions in listed_tests.of(day).items():
            file = shown(day.folder / name)
            if name not in now:
                yield problem("tests", f"{file} is missing", f"git restore {file}")
            elif missing := set(functions) - set(now[name]):
                text = f"{file} lacks {min(missing)}, which the course lists"
                yield problem("tests", text, f"git diff {file}")


def links() -> Iterator[Finding]:
    """links"""
    days = index.built_days()
    folders = [paths.root() / "notes", *(day.folder for day in days)]
    for path in folders + [file for day in days for file in (*day.owned, day.note)]:
        if not path.is_symlink():
            continue
        if not path.exists():
            text = f"{shown(path)} is a link to {os.readlink(path)}, which is missing"
            yield problem("link", text, f"rm {shown(path)}")
        elif path.suffix == ".py":
            text = f"{shown(path)} is a link: ptw sees a save only where it stands"
            yield note("link", text, f"save through {shown(path)}, or link the folder")


def learners() -> Iterator[Finding]:
    """your files"""
    for day in index.built_days():
        for path in day.owned:
            try:
                path.read_text("utf-8")
            except FileNotFoundError:
                yield _restorable(day, f"{shown(path)} is missing")
            except UnicodeDecodeError:
                text = f"{shown(path)} is not saved as UTF-8"
                yield problem(
                    day.name, text, "choose that encoding in the editor, save"
                )
            except OSError as error:
                yield _restorable(day, f"{shown(path)}: {error.strerror}")


def _restorable(day: Day, text: str) -> Finding:
    fix = f"kata back {day.number}, or kata reset {day.number} for a blank one"
    return problem(day.name, text, fix)

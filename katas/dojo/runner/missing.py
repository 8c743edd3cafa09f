"""Why a test did not pass that did not fail: it was skipped, or it was never run."""

import pytest

from katas.dojo.course import listed_tests
from katas.dojo.course.index import Day
from katas.dojo.runner.session import Outcome, Run
from katas.dojo.store.paths import shown


def skipped(report: pytest.TestReport, place: str) -> str:
    """The text under a test that pytest skipped, or that was expected to fail."""
    if hasattr(report, "wasxfail") or "XPASS" in str(report.longrepr):
        return f"It is marked xfail, so it proves nothing: take the mark out.\n{place}"
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
    reason = reason.removeprefix("Skipped").removeprefix(": ")
    because = f" ({reason})" if reason else ""
    return (
        f"It was skipped{because}, and so has not passed: take the skip out.\n{place}"
    )


def add_unrun(run: Run, day: Day) -> None:
    """Add an outcome for each of the course's tests that a whole run left out."""
    for file, name in run.unrun(day):
        text = _why_unrun(run, day, file, name)
        run.add(Outcome(f"katas/{day.name}/{file}::{name}", day, name, text=text))
    for file in listed_tests.of(day):
        path = day.folder / file
        if path.exists() and (name := listed_tests.defined_twice(path)):
            text = f"{shown(path)} defines it twice, and only the last one runs."
            nodeid = f"katas/{day.name}/{file}::{name}"
            run.add(Outcome(nodeid, day, name, text=_with_difference(text, path)))


def _why_unrun(run: Run, day: Day, file: str, name: str) -> str:
    path = day.folder / file
    if not path.exists():
        return f"{shown(path)} is missing: git restore {shown(path)}"
    if reason := run.skipped_files.get(file):
        text = f"{shown(path)} was skipped as a whole ({reason}): take the skip out."
    elif name not in listed_tests.present(day).get(file, ()):
        text = f"{shown(path)} lacks this test, which the course lists."
    else:
        text = "It was not run: an option, a plugin or a conftest.py left it out."
    return _with_difference(text, path)


def _with_difference(text: str, path: object) -> str:
    return f"{text}\n  git diff {shown(str(path))}"

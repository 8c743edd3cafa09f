"""Run days in processes of their own, to check that what was green still is."""

import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from katas.dojo.course import index, records, standing
from katas.dojo.course.index import Day
from katas.dojo.store import paths, terminal
from katas.dojo.store.errors import CourseError
from katas.dojo.store.paths import shown
from katas.dojo.store.terminal import print_text
from katas.dojo.supervision.variables import PARENT

LIMIT = 900  # s for one day


@dataclass(frozen=True)
class Verdict:
    """The result of one run of a day's tests."""

    day: Day
    passed: int = 0
    total: int = 0
    failing_test: str = ""  # the first one, as readable text
    message: str = ""  # the explanation under it
    seconds: float = 0.0
    problem: str = ""  # why the run ended without a result

    @property
    def green(self) -> bool:
        return self.total > 0 and self.passed == self.total and not self.problem


def run_pytest(
    day: Day,
    plugin: str,
    file: Path,
    extra: Sequence[str] = (),
    limit: float = LIMIT,
    root: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> int | None:
    """Run a day's tests in a new process; return its exit code, None after a timeout.

    Args
        plugin       a module of katas.dojo that writes its results to `file`
        root         the checkout whose day it is
        environment  more variables for the process
    """
    root = root or paths.root()
    folder = f"katas/{day.name}"  # a [ in the path above would be read as a test's case
    # With -c, because a pytest.ini of the learner's would come before .pytest.ini.
    course = [folder, "-c", ".pytest.ini", "-p", plugin]
    command = [sys.executable, "-m", "pytest", *course, *extra]
    path = os.pathsep.join(filter(None, [str(root), os.getenv("PYTHONPATH")]))
    own = {"KATAS_VERDICT": str(file), "PYTHONPATH": path, "KATAS_ROOT": str(root)}
    own[PARENT] = str(os.getpid())  # the run ends with this process
    process = subprocess.Popen(
        command,
        cwd=root,
        env={**_without_options(os.environ), **(environment or {}), **own},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # os.kill(0, 9) in a learner's file ends this run alone
    )
    try:
        return process.wait(limit)
    except subprocess.TimeoutExpired:
        return None
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def _without_options(variables: Mapping[str, str]) -> dict[str, str]:
    """The variables without those that would change how pytest runs."""
    return {k: v for k, v in variables.items() if not k.startswith("PYTEST_")}


def evaluate(
    day: Day, root: Path | None = None, environment: Mapping[str, str] | None = None
) -> Verdict:
    """The Verdict of a day's tests, run in the checkout at `root`."""
    start = time.monotonic()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        file = Path(folder) / secrets.token_hex(16)  # no other run can guess the name
        plugin = "katas.dojo.runner.json_report"
        code = run_pytest(day, plugin, file, root=root, environment=environment)
        report = _read_report(file)
    if code is None:
        report["problem"] = f"stopped after {LIMIT} s"
    elif not report.get("total"):
        report["problem"] = _why_without_a_verdict(code)
    return Verdict(day=day, seconds=time.monotonic() - start, **report)


def _read_report(file: Path) -> dict[str, Any]:
    """What json_report wrote; empty where it wrote nothing, or something else did."""
    types = {"passed": int, "total": int, "failing_test": str, "message": str}
    try:
        report = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(report, dict) or {*report} != {*types}:
        return {}
    sound = all(type(report[key]) is kind for key, kind in types.items())
    return report if sound and 0 <= report["passed"] <= report["total"] else {}


def _why_without_a_verdict(code: int) -> str:
    if hiding := paths.shadowing():
        return f"{shown(hiding[0])} hides the module {hiding[0].stem}: rename it"
    return f"pytest ended without a verdict (exit code {code})"


def verify_day(day: Day, count: bool = False) -> Verdict:
    """Evaluate a day and bring the state's record of it in line with the Verdict.

    With `count` the run counts as one of the learner's: note and picture follow.
    """
    before = standing.fingerprint(day)
    verdict = evaluate(day, environment={"KATAS_COUNT": "1"} if count else None)
    if standing.fingerprint(day) == before:
        try:
            _record(day, before, verdict.green)
        except CourseError as error:  # the verdict does not depend on it
            print_text(f"This run was not recorded. {error}", "yellow")
    return verdict


def _record(day: Day, fingerprint: str, green: bool) -> None:
    with records.changing(day) as record:
        if green:
            record.green_at = record.green_at or time.time()
            record.fingerprint = fingerprint
        else:
            record.fingerprint = None


def days_once_green() -> list[Day]:
    """The built days that were green at least once, according to the state."""
    return [day for day in index.built_days() if records.record(day).green_at]


def verify_all(
    days: Iterable[Day], evaluate: Callable[[Day], Verdict] = verify_day
) -> list[Verdict]:
    """Evaluate the days one after the other and print a line for each."""
    days, verdicts = list(days), []
    with terminal.progress() as bar:
        task = bar.add_task("verify", total=len(days))
        for day in days:
            bar.update(task, description=f"day {day.number:02d}  {day.title}")
            verdict = evaluate(day)
            verdicts.append(verdict)
            bar.advance(task)
            _print(verdict)
    return verdicts


def _print(verdict: Verdict) -> None:
    day, mark = verdict.day, terminal.marks()["ok" if verdict.green else "failed"]
    count = f"{verdict.passed} of {verdict.total} passed"
    line = f"{mark} {day.number:02d}  {day.title:<42}{count:>16}"
    print_text(f"{line}{verdict.seconds:>8.1f} s", "green" if verdict.green else "red")
    if not verdict.green:
        print_text(f"      {verdict.problem or verdict.failing_test}")
        print_text(f"      pytest katas/{day.name}")

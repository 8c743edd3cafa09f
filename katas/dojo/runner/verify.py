"""Run days again in processes of their own: what is claimed green is recomputed."""

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from katas.dojo.course import index, standing
from katas.dojo.store import paths, state, terminal
from katas.dojo.store.terminal import print_text

LIMIT = 900  # s for one day


@dataclass(frozen=True)
class Verdict:
    """What one run of a day's tests gave; `trouble` where it ended without a word."""

    day: index.Day
    true: int = 0
    total: int = 0
    sentence: str = ""
    text: str = ""
    seconds: float = 0.0
    trouble: str = ""

    @property
    def green(self):
        return self.total > 0 and self.true == self.total and not self.trouble


def pytest(day, plugin, file, extra=(), limit=LIMIT, root=None, **more):
    """Run a day's tests in a new process; return its exit code, None for too long.

    Args
        plugin  a module of katas.dojo that writes its findings to `file`
        root    the checkout whose day it is
        more    environment variables
    """
    root = root or paths.root()
    folder = str(root / "katas" / day.name)
    command = [sys.executable, "-m", "pytest", folder, "-p", plugin, *extra]
    path = os.pathsep.join(filter(None, [str(root), os.getenv("PYTHONPATH")]))
    more |= {"KATAS_VERDICT": str(file), "PYTHONPATH": path, "KATAS_ROOT": str(root)}
    process = subprocess.Popen(
        command,
        cwd=root,
        env={**os.environ, **more},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        return process.wait(limit)
    except subprocess.TimeoutExpired:
        return None
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def look(day, root=None, **more):
    """The Verdict of a day's tests, run in the checkout at `root`."""
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "verdict.json"
        code = pytest(day, "katas.dojo.runner.json_report", file, root=root, **more)
        found = json.loads(file.read_text("utf-8")) if file.exists() else {}
    if code is None:
        found["trouble"] = f"stopped after {LIMIT} s"
    elif not found.get("total"):
        found["trouble"] = f"pytest ended without a verdict (exit code {code})"
    return Verdict(day=day, seconds=time.monotonic() - start, **found)


def run(day, count=False):
    """The Verdict of a day, and the state's claim brought in line with it.

    With `count` the run counts as one of the learner's: note and picture follow.
    """
    before = standing.fingerprint(day)
    verdict = look(day, **({"KATAS_COUNT": "1"} if count else {}))
    if standing.fingerprint(day) == before:
        with state.of(day) as mine:
            if verdict.green:
                mine.setdefault("green_at", time.time())
                mine["fingerprint"] = before
            else:
                mine.pop("fingerprint", None)
    return verdict


def claimed():
    """The built days that were green once, as the state says."""
    return [day for day in index.built_days() if state.record(day).get("green_at")]


def every(days, judge=run):
    """Judge the days one after the other, a line each; return the verdicts."""
    marks, verdicts = terminal.marks(), []
    with terminal.progress() as bar:
        task = bar.add_task("verify", total=len(days))
        for day in days:
            bar.update(task, description=f"day {day.number:02d}  {day.title}")
            verdict = judge(day)
            verdicts.append(verdict)
            bar.advance(task)
            count = f"{verdict.true} of {verdict.total} true"
            head = f"{marks['ok' if verdict.green else 'failed']} {day.number:02d}"
            style = "green" if verdict.green else "red"
            print_text(
                f"{head}  {day.title:<42}{count:>16}{verdict.seconds:>8.1f} s", style
            )
            if not verdict.green:
                print_text(f"      {verdict.trouble or verdict.sentence}")
                print_text(f"      pytest katas/{day.name}")
    return verdicts

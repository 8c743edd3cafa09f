"""Days on which the learner writes the tests: are they correct, steady and sharp?

The learner's tests are called properties. They run in a process of their own
(property_runner.py): several times on the correct code, on broken copies of it, and on
stand-ins that return nonsense. A property that fails on the correct code, that passes
only now and then, or that no nonsense makes fail catches nothing.

The code under test is `under_test.py` in the day's folder; the broken copies are its
one-place edits in `katas/misconceptions/dayNN.toml`, `[[broken]]`, where `caught_by`
names the property of the reference that fails on them.
"""

import json
import linecache
import os
import subprocess
import sys
import tempfile
import time
import tomllib
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any, cast

from katas.dojo.course import index, misconceptions
from katas.dojo.course.index import Day
from katas.dojo.course.misconceptions import Misconception
from katas.dojo.course.targets import Loader
from katas.dojo.judge.property_runner import Job, Property
from katas.dojo.store import settings
from katas.dojo.store.paths import shown
from katas.dojo.supervision import watchdog
from katas.dojo.supervision.descendants import Descendants

SECONDS = 15.0  # for all properties together, on all the code
REASONS = {  # why a property that was written does not count
    "fails": "fails on the right code",
    "flaky": "is not steady",
    "vacuous": "objects to nothing",
}
_scores: dict[str, tuple[int, int]] = {}  # {name of the day: (caught, of how many)}


def evaluate(module: ModuleType) -> dict[str, Property]:
    """{name: Property} of the learner's module, each tried on all the code."""
    day, path = index.day(module.__name__), _path(module)
    properties = evaluate_source(day, path, "".join(linecache.getlines(path)))
    caught = {claim for each in properties.values() for claim in each.catches}
    _scores[day.name] = (len(caught), len(broken_copies(day)))
    return properties


def score(day: Day) -> tuple[int, int] | None:
    """(caught, of how many) from the last evaluation here; None before the first."""
    return _scores.get(day.name)


def broken_copies(day: Day) -> dict[str, Misconception]:
    """{what is wrong: the edit of the code under test}."""
    table = tomllib.loads(misconceptions.file_of(day).read_text("utf-8"))
    return {b["claim"]: Misconception(**b) for b in table["broken"]}


def passes_on_correct_code(module: ModuleType, rule: str) -> None:
    """Fail where a property that is written fails on the correct code."""
    for each in _written(module):
        if each.status == "fails":
            text = f"{rule}\n  {each.name} fails on the right code: {each.message}"
            raise _failure(text, module, each)


def is_deterministic(module: ModuleType, rule: str) -> None:
    """Fail where a property passes and fails on the same code."""
    for each in _written(module):
        if each.status == "flaky":
            what = f"{each.name} on the right code, over and over: {each.message}"
            raise _failure(f"{rule}\n  {what}", module, each)


def fails_on_nonsense(module: ModuleType, rule: str) -> None:
    """Fail where a property passes whatever the code returns."""
    for each in _written(module):
        if each.status == "vacuous":
            text = f"{rule}\n  {each.name} passes, whatever comes back: {each.message}"
            raise _failure(text, module, each)


def caught(module: ModuleType, claim: str, rule: str) -> None:
    """Fail unless a property fails on the broken copy that `claim` names."""
    properties, day = evaluate(module), index.day(module.__name__)
    if any(claim in each.catches for each in properties.values()):
        return
    expected = properties.get(broken_copies(day)[claim].caught_by)
    if expected and expected.status == "blank":
        raise _blank(module, expected)
    if expected and expected.status in REASONS:
        reason = f"{expected.name} does not count: it {REASONS[expected.status]}"
        raise _failure(f"{rule}\n  {reason}", module, expected)
    held = sum(each.status == "holds" for each in properties.values())
    count = "caught {} of {}".format(*_scores[day.name])
    text = f"{rule}\n  expected a law to fail, all {held} passed; {count}"
    raise _failure(text, module, expected)


def _written(module: ModuleType) -> list[Property]:
    """The properties that are not blank."""
    properties = list(evaluate(module).values())
    if not properties:
        raise AssertionError("The file holds no law: a function whose name is test_...")
    written = [each for each in properties if each.status != "blank"]
    if not written:
        raise _blank(module, properties[0])
    return written


def _blank(module: ModuleType, each: Property) -> NotImplementedError:
    error = NotImplementedError(each.message)
    vars(error).update(blank=each.name, place=_place(module, each.line))
    return error


def _failure(text: str, module: ModuleType, each: Property | None) -> AssertionError:
    """An AssertionError with the property that it is about, for the hint."""
    place = f"\n{_place(module, each.failed_line or each.line)}" if each else ""
    error = AssertionError(f"{text}{place}")
    vars(error).update(blank=each.name if each else None)
    return error


def _path(module: ModuleType) -> str:
    return cast(Loader, module.__loader__).path


def _place(module: ModuleType, line: int) -> str:
    return f"  {shown(_path(module))}:{line}"


def evaluate_source(day: Day, path: str, source: str) -> dict[str, Property]:
    """{name: Property} of the text of a learner's file.

    Raises
        AssertionError  where a property does not come to an end
    """
    results = _evaluated(day, path, source)
    if isinstance(results, AssertionError):
        raise AssertionError(str(results))
    return results


@lru_cache(maxsize=1)
def _evaluated(
    day: Day, path: str, source: str
) -> dict[str, Property] | AssertionError:
    correct = (day.folder / "under_test.py").read_text("utf-8")
    broken = {claim: copy.edit(correct) for claim, copy in broken_copies(day).items()}
    module = f"katas.{day.name}.under_test"
    with tempfile.TemporaryDirectory() as folder:
        try:
            return run_job(Job(path, source, module, correct, broken), Path(folder))
        except AssertionError as error:  # kept: it may have taken all of its time
            return error


def run_job(job: Job, folder: Path) -> dict[str, Property]:
    """Run property_runner.py on a job, with its files in `folder`; {name: Property}."""
    job_file, results = folder / "job.json", folder / "results.jsonl"
    job_file.write_text(json.dumps(asdict(job)), "utf-8")
    path = [str(Path(__file__).parents[3]), os.environ.get("PYTHONPATH", "")]
    variables = {
        "PYTHONPATH": os.pathsep.join(filter(None, path)),
        "HYPOTHESIS_STORAGE_DIRECTORY": str(folder / "hypothesis"),
    }
    program = [sys.executable, "-m", "katas.dojo.judge.property_runner"]
    limit = SECONDS * settings.timeout_factor()
    command = [*program, str(job_file), str(results)]
    with watchdog.suspended():
        in_time = _run(command, {**os.environ, **variables}, limit)
    ended = "ended the process" if in_time else f"did not come to an end in {limit:g} s"
    lines = results.read_text("utf-8").splitlines() if results.exists() else []
    records = [json.loads(line) for line in lines]
    if not records or not records[-1].get("done"):
        raise AssertionError(
            f"{_last_attempt(records)} {ended}. Is there a loop or an exit in it?"
        )
    properties = [_property(r["property"]) for r in records if "property" in r]
    return {each.name: each for each in properties}


def _run(command: list[str], environment: dict[str, str], limit: float) -> bool:
    """Run a command and end all that it has started; False where it took too long."""
    silent = subprocess.DEVNULL
    process = subprocess.Popen(
        command, env=environment, stdin=silent, stdout=silent, stderr=silent
    )
    below, began = Descendants(process.pid), time.monotonic()
    try:
        while process.poll() is None:
            if watchdog.is_due(limit, time.monotonic() - began, below.cpu_seconds()):
                return False
            time.sleep(0.02)
        return True
    finally:
        below.end()
        process.kill()
        process.wait()


def _last_attempt(records: list[dict[str, Any]]) -> str:
    """Which property was running, and on which code, when the process ended."""
    last = next((r for r in reversed(records) if "now" in r), None)
    return f"{last['now']}, on {last['on']}," if last else "The file"


def _property(record: dict[str, Any]) -> Property:
    lists = {key: tuple(record[key]) for key in ("calls", "catches")}
    return Property(**{**record, **lists})

"""Days on which the learner writes the tests: are they right, steady, pointed, enough?

The learner's tests are called laws. They run in a process of their own (trial.py):
against the right code several times, against broken copies of it, and against
stand-ins that return nonsense. A law that fails on the right code, that says now this
and now that, or that objects to nothing catches nothing.

The code under test is `under_test.py` in the day's folder; the broken copies are its
one-place edits in `katas/misconceptions/dayNN.toml`, `[[broken]]`, where `caught_by` names the
law of the reference that fails on them.
"""

import json
import linecache
import os
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from katas.dojo.course import index, misconceptions
from katas.dojo.store import settings
from katas.dojo.store.paths import shown

SECONDS = 15.0  # for all laws together, on all the code
_scores = {}  # {name of the day: (caught, of how many)} as last judged


@dataclass(frozen=True)
class Law:
    """One of the learner's tests and what came of it."""

    law: str
    line: int
    status: str  # blank, fails, flaky, idle (it objects to nothing) or holds
    said: str = ""  # what it said, or which error it met
    at: int = 0  # the line of the learner's file that failed
    calls: tuple = ()  # the functions under test that it called
    catches: tuple = ()


def judged(laws):
    """{name: Law} of the learner's module, each tried on all the code."""
    day, path = index.day(laws.__name__), laws.__loader__.path
    found = _judged(day, path, "".join(linecache.getlines(path)))
    caught = {broken for law in found.values() for broken in law.catches}
    _scores[day.name] = (len(caught), len(broken_copies(day)))
    return found


def score(day):
    """(caught, of how many) as last judged in this process; None before."""
    return _scores.get(day.name)


def broken_copies(day):
    """{what is wrong: Misconception}: the edits of the code under test."""
    table = tomllib.loads(misconceptions.file_of(day).read_text("utf-8"))
    return {b["claim"]: misconceptions.Misconception(**b) for b in table["broken"]}


def right_code_obeys(laws, rule):
    """Fail where a law that is written fails on the right code."""
    _refuse(laws, "fails", f"{rule}\n  {{law}} fails on the right code: {{said}}")


def each_time_the_same(laws, rule):
    """Fail where a law passes and fails on the same code."""
    _refuse(
        laws, "flaky", f"{rule}\n  {{law}} on the right code, over and over: {{said}}"
    )


def each_objects(laws, rule):
    """Fail where a law passes whatever the code returns."""
    said = f"{rule}\n  {{law}} passes, whatever comes back: {{said}}"
    _refuse(laws, "idle", said)


def caught(laws, claim, rule):
    """Fail unless a law fails on the broken copy that `claim` names."""
    found = judged(laws)
    day = index.day(laws.__name__)
    law = found.get(broken_copies(day)[claim].caught_by)
    if any(claim in each.catches for each in found.values()):
        return
    if law and law.status == "blank":
        raise _blank(law, laws)
    if law and law.status != "holds":
        said = {"fails": "fails on the right code", "flaky": "is not steady"}
        said = said.get(law.status, "objects to nothing")
        raise _error(law, laws, f"{rule}\n  {law.law} does not count: it {said}")
    names = [n for n in found if found[n].status == "holds"]
    of = "caught {} of {}".format(*score(day))
    raise _error(
        law, laws, f"{rule}\n  expected a law to fail, all {len(names)} passed; {of}"
    )


def _refuse(laws, status, text):
    found = judged(laws)
    written = [law for law in found.values() if law.status != "blank"]
    for law in written:
        if law.status == status:
            raise _error(law, laws, text.format(law=law.law, said=law.said))
    if not written:
        raise _first_blank(found, laws)


def _first_blank(found, laws):
    if not found:
        return AssertionError(
            "The file holds no law: a function whose name is test_..."
        )
    return _blank(next(iter(found.values())), laws)


def _blank(law, laws):
    error = NotImplementedError(law.said)
    error.blank, error.place = law.law, _place(law.line, laws)
    return error


def _error(law, laws, text):
    """An AssertionError that knows which law it is about."""
    place = f"\n{_place(law.at or law.line, laws)}" if law else ""
    error = AssertionError(f"{text}{place}")
    error.blank = law.law if law else None
    return error


def _place(line, laws):
    return f"  {shown(laws.__loader__.path)}:{line}"


@lru_cache(maxsize=1)
def _judged(day, path, source):
    right = (day.folder / "under_test.py").read_text("utf-8")
    broken = {claim: b.edit(right) for claim, b in broken_copies(day).items()}
    module = f"katas.{day.name}.under_test"
    job = {"path": path, "source": source, "module": module}
    job |= {"right": right, "broken": broken}
    with tempfile.TemporaryDirectory() as folder:
        return _try(job, Path(folder))


def _try(job, folder):
    """Run property_runner.py on a job; {name: Law}."""
    told, asked = folder / "told.jsonl", folder / "job.json"
    asked.write_text(json.dumps(job), "utf-8")
    code = [str(Path(__file__).parents[3]), os.environ.get("PYTHONPATH", "")]
    place = {"PYTHONPATH": os.pathsep.join(filter(None, code))}
    place["HYPOTHESIS_STORAGE_DIRECTORY"] = str(folder / "hypothesis")
    command = [
        sys.executable,
        "-m",
        "katas.dojo.judge.property_runner",
        str(asked),
        str(told),
    ]
    limit, ended = SECONDS * settings.timeout_factor(), "ended the process"
    try:
        subprocess.run(
            command,
            env={**os.environ, **place},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=limit,
        )
    except subprocess.TimeoutExpired:
        ended = f"did not come to an end in {limit:g} s"
    lines = told.read_text("utf-8").splitlines() if told.exists() else []
    facts = [json.loads(line) for line in lines]
    found = {f["law"]: _law(f) for f in facts if "law" in f}
    if not facts or not facts[-1].get("done"):
        now = next((f for f in reversed(facts) if "now" in f), {"now": "", "on": ""})
        where = f"{now['now']}, on {now['on']}," if now["now"] else "The file"
        raise AssertionError(f"{where} {ended}. Is there a loop or an exit in it?")
    return found


def _law(facts):
    return Law(**{k: tuple(v) if isinstance(v, list) else v for k, v in facts.items()})

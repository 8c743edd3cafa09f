"""A pytest plugin for the commands: write the result of a day's run to a JSON file.

`kata verify` runs a day to learn whether it is green; that must not count as a run of
the learner, so unless KATAS_COUNT is set the state stays as it is.
"""

import json
import os
import sys
from pathlib import Path

import pytest

from katas.dojo.runner import explain
from katas.dojo.runner.session import RUN

FILE = pytest.StashKey[str]()


def pytest_configure(config: pytest.Config) -> None:
    # Before any of the learner's code runs, which has no business with this file.
    config.stash[FILE] = os.environ.pop("KATAS_VERDICT")


def pytest_sessionstart(session: pytest.Session) -> None:
    session.config.stash[RUN].is_counted = bool(os.environ.get("KATAS_COUNT"))


def pytest_sessionfinish(session: pytest.Session) -> None:
    run = session.config.stash[RUN]
    counts = [run.count(day) for day in run.days]
    failures = [failure for day in run.days for failure in run.failures(day)]
    report = {
        "passed": sum(passed for passed, _ in counts),
        "total": sum(total for _, total in counts),
        "failing_test": explain.readable_name(failures[0].test) if failures else "",
        "message": failures[0].text if failures else "",
    }
    Path(session.config.stash[FILE]).write_text(json.dumps(report), "utf-8")
    sys.stdout.flush()

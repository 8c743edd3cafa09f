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


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    run = session.config.stash[RUN]
    if not os.environ.get("KATAS_COUNT"):
        run.is_whole = False
    outcomes = list(run.outcomes.values())
    failures = [outcome for outcome in outcomes if outcome.failed]
    report = {
        "passed": len(outcomes) - len(failures),
        "total": len(outcomes),
        "failing_test": explain.readable_name(failures[0].test) if failures else "",
        "message": failures[0].text if failures else "",
    }
    Path(os.environ["KATAS_VERDICT"]).write_text(json.dumps(report), "utf-8")
    sys.stdout.flush()

"""A pytest plugin for the commands: run a day and write down what came out.

`kata verify` asks whether a day is green; that must not count as a run of the
learner, so unless KATAS_COUNT is set the state stays as it is.
"""

import json
import os
import sys
from pathlib import Path

import pytest

from katas.dojo.runner import explain
from katas.dojo.runner.session import RUN


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session):
    run = session.config.stash[RUN]
    if not os.environ.get("KATAS_COUNT"):
        run.whole = False
    outcomes = list(run.outcomes.values())
    false = [(name, text) for _, name, _, text in outcomes if text]
    verdict = {
        "true": len(outcomes) - len(false),
        "total": len(outcomes),
        "sentence": explain.sentence(false[0][0]) if false else "",
        "text": false[0][1] if false else "",
    }
    Path(os.environ["KATAS_VERDICT"]).write_text(json.dumps(verdict), "utf-8")
    sys.stdout.flush()

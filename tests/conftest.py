"""How `pytest tests` runs: on every core, the long part only when it is asked for."""

import json
import os
import re
import signal
from collections import Counter
from itertools import chain

import pytest

from katas.dojo.store.files import write_atomic
from tests import table


def pytest_addoption(parser):
    parser.addoption(
        "--tally", action="store_true", help="keep each day's seconds: a whole run only"
    )


def pytest_configure(config):
    config.addinivalue_line("markers", "deep: the long part: pytest tests -m deep")
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # A shell's background job ignores Ctrl-C, and so would all it starts.
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config):
    return os.cpu_count()


def pytest_collection_modifyitems(config, items):
    if config.option.markexpr or any("::" in argument for argument in config.args):
        return
    deep = [item for item in items if item.get_closest_marker("deep")]
    items[:] = [item for item in items if not item.get_closest_marker("deep")]
    config.hook.pytest_deselected(items=deep)


def pytest_terminal_summary(terminalreporter, config):
    """Keep how long the tests of each day took on one core, and those of the tooling."""
    if not config.option.tally:
        return
    seconds = Counter()
    for report in chain(*terminalreporter.stats.values()):
        if isinstance(report, pytest.TestReport):
            day = re.search(r"\[(day\d\d)", report.nodeid)
            seconds[day[1] if day else "tooling"] += report.duration
    kept = {name: round(spent) for name, spent in sorted(seconds.items())}
    write_atomic(table.SECONDS, json.dumps(kept, indent=1) + "\n")


@pytest.fixture(autouse=True)
def _own_place(monkeypatch):
    """No test of the course answers to the learner's settings."""
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)

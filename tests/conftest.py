"""How `pytest tests` runs: on every core, the long part only with `-m deep`.

Nothing of the course is imported here at the start, and nothing changes for a learner's
run: `pytest .` loads this file as well.
"""

import json
import os
import re
import signal
from collections import Counter
from itertools import chain
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
TIMEOUT_FACTOR = "10"  # every core is busy, so all tests take longer


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--tally", action="store_true", help="keep each day's seconds: a whole run only"
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "deep: the long part: pytest tests -m deep")
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # A shell's background job ignores Ctrl-C, and so would all it starts.
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if any(_is_of_the_proof(argument, config) for argument in config.args):
        os.environ.setdefault("KATAS_TIMEOUT_FACTOR", TIMEOUT_FACTOR)


def _is_of_the_proof(argument: str, config: pytest.Config) -> bool:
    path = (config.invocation_params.dir / argument.split("::")[0]).resolve()
    return path.is_relative_to(TESTS)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    return os.cpu_count()


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    if config.option.markexpr or any("::" in argument for argument in config.args):
        return
    deep = [item for item in items if item.get_closest_marker("deep")]
    items[:] = [item for item in items if not item.get_closest_marker("deep")]
    config.hook.pytest_deselected(items=deep)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Keep how long the tests of each day took on one core, and those of the tooling."""
    if not config.option.tally:
        return
    from katas.dojo.store.files import write_atomic
    from tests import table

    seconds = Counter()
    for report in chain(*terminalreporter.stats.values()):
        if isinstance(report, pytest.TestReport):
            day = re.search(r"\[(day\d\d)", report.nodeid)
            seconds[day[1] if day else "tooling"] += report.duration
    kept = {name: round(spent) for name, spent in sorted(seconds.items())}
    write_atomic(table.SECONDS, json.dumps(kept, indent=1) + "\n")


@pytest.fixture(autouse=True)
def _without_settings_of_the_learner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)

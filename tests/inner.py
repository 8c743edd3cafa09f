"""Run one day's tests inside this process against a target, and collect the results."""

import os
import random
from typing import Any
from unittest import mock

import pytest
from hypothesis import Phase, settings

from katas.dojo.course.index import Day
from katas.dojo.course.misconceptions import Misconception
from katas.dojo.runner import signatures
from katas.dojo.runner.session import RUN
from katas.dojo.store import paths
from katas.dojo.store.settings import TIMEOUT_FACTOR

# Without the search for unraisable exceptions, which collects garbage ten times over.
DISABLED = ["terminal", "xdist", "unraisableexception", "threadexception"]


class Results:
    """The tests that passed and failed, with each failure's text and type of error."""

    def __init__(self) -> None:
        self.passed: list[str] = []
        self.failed: dict[str, str] = {}
        self.errors: dict[str, type[BaseException]] = {}
        self.signature: str | None = None
        self.misconception: Misconception | None = None  # with the same signature

    def pytest_configure(self, config: pytest.Config) -> None:
        config.option.tbstyle = "no"  # the plugin explains each failure

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        run = session.config.stash[RUN]
        for day in run.days:
            self.signature = signatures.signature(run, day)
            self.misconception = signatures.misconception(run, day)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        name = report.nodeid.rsplit("::", 1)[1]
        if report.failed or report.skipped:
            self.failed[name] = report.longreprtext
        elif report.when == "call":
            self.passed.append(name)

    def pytest_exception_interact(
        self, node: pytest.Item, call: pytest.CallInfo[Any]
    ) -> None:
        assert call.excinfo is not None
        self.errors[node.name] = call.excinfo.type

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.failed["collection"] = report.longreprtext


class Shuffled:
    """Runs the tests in a random order."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        self.random.shuffle(items)


class StopWithoutSignature:
    """Stops at the first failure after which the run can have no signature."""

    def pytest_exception_interact(
        self, node: pytest.Item, call: pytest.CallInfo[Any]
    ) -> None:
        assert call.excinfo is not None
        slow = node.get_closest_marker("slow")  # a signature leaves these out
        if call.excinfo.type is not AssertionError and not slow:
            node.session.shouldstop = "no misconception can match any more"


class WithoutShrinking:
    """Keeps the first falsifying example: nobody reads it, so none is simpler."""

    @pytest.hookimpl(trylast=True)  # after the profile of the course
    def pytest_sessionstart(self) -> None:
        phases = [Phase.explicit, Phase.generate]
        settings.register_profile("first", settings(), phases=phases)
        settings.load_profile("first")


def run(
    day: Day,
    target: str,
    *options: str,
    slow: str = "--all",
    order: int | None = None,
    signature_only: bool = False,
    shrink: bool = True,
    timeout_factor: float = 10.0,
) -> Results:
    """Run a day's tests; what the learner filled in is never touched.

    Args
        slow            "" for a test that trains a network to wait until the others pass
        order           the seed of another order than the file's
        signature_only  True where only the signature is of interest, and any failure
        shrink          False where nobody reads the falsifying examples
        timeout_factor  stretches every time limit: all cores are busy
    """
    results = Results()
    plugins: list[object] = [results]
    plugins += [] if order is None else [Shuffled(order)]
    plugins += [StopWithoutSignature()] if signature_only else []
    plugins += [] if shrink else [WithoutShrinking()]
    folder = str(paths.root() / "katas" / day.name)
    flags = [flag for name in DISABLED for flag in ("-p", f"no:{name}")]
    flags += ["-W", "ignore", *slow.split()]
    with mock.patch.dict(os.environ, {TIMEOUT_FACTOR: str(timeout_factor)}):
        pytest.main([folder, "--against", target, *flags, *options], plugins=plugins)
    return results

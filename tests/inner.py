"""Run one day's tests inside this process against a target, and collect what came."""

import random

import pytest
from hypothesis import Phase, settings

from katas.dojo.runner import limits, signatures
from katas.dojo.runner.session import RUN
from katas.dojo.store import paths

limits.PATIENCE = 10.0


class Seen:
    """The names that passed and failed, with each failure's text and kind of error."""

    def __init__(self):
        self.passed, self.failed, self.errors = [], {}, {}
        self.signature = self.named = None

    def pytest_configure(self, config):
        config.option.tbstyle = "no"  # the plugin tells each failure

    def pytest_sessionfinish(self, session):
        run = session.config.stash[RUN]
        for day in run.days:
            self.signature = signatures.signature(run, day)
            self.named = signatures.misconception(run, day)

    def pytest_runtest_logreport(self, report):
        name = report.nodeid.rsplit("::", 1)[1]
        if report.failed or report.skipped:
            self.failed[name] = report.longreprtext
        elif report.when == "call":
            self.passed.append(name)

    def pytest_exception_interact(self, node, call, report):
        self.errors[node.name] = call.excinfo.type

    def pytest_collectreport(self, report):
        if report.failed:
            self.failed["collection"] = report.longreprtext


class Shuffled:
    """Runs the sentences in an order of chance."""

    def __init__(self, seed):
        self.chance = random.Random(seed)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items):
        self.chance.shuffle(items)


class UntilUnnamed:
    """Stops at the first error that is no false sentence: look-up names none after it."""

    def pytest_exception_interact(self, node, call, report):
        slow = node.get_closest_marker("slow")  # look-up leaves these out
        if call.excinfo.type is not AssertionError and not slow:
            node.session.shouldstop = "no misconception can be named any more"


class FirstExample:
    """Takes the first example that breaks a law: nobody reads it, so none is simpler."""

    @pytest.hookimpl(trylast=True)  # after the profile of the course
    def pytest_sessionstart(self):
        phases = [Phase.explicit, Phase.generate]
        settings.register_profile("first", settings(), phases=phases)
        settings.load_profile("first")


def run(day, target, *options, slow="--all", order=None, named=False, first=False):
    """Run a day's tests; stubs and misconceptions never touch what the learner filled in.

    With slow="" a sentence that trains a network waits until the others are true;
    `order` is the seed of another order than the file's; `named` is asked by whoever
    wants to know no more than whether the day is red, and what look-up calls it;
    `first` by whoever reads no drawn example.
    """
    seen = Seen()
    plugins = [seen] if order is None else [seen, Shuffled(order)]
    plugins += [UntilUnnamed()] if named else []
    plugins += [FirstExample()] if first else []
    folder = str(paths.root() / "katas" / day.name)
    # Without the search for unraisable exceptions, which collects garbage ten times over.
    spared = ["terminal", "xdist", "unraisableexception", "threadexception"]
    quiet = [word for name in spared for word in ("-p", f"no:{name}")]
    quiet += ["-W", "ignore", *slow.split()]
    pytest.main([folder, "--against", target, *quiet, *options], plugins=plugins)
    return seen

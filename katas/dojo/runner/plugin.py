"""The pytest plugin of the course: whose code is tested, and how a failure is told.

Options
    --against TARGET   katas (default), solutions, stubs, dayNN:K, dayNN=FILE
    --deep             200 random examples a law instead of 25 fixed ones, no fixed seed
    --all              run slow sentences even when an earlier one is false
"""

import functools
import os
import sys

import pytest

from katas.dojo.course import index, standing, targets
from katas.dojo.course.targets import LearnerStopped
from katas.dojo.judge import profiles, quiz
from katas.dojo.runner import explain, hints, limits, tensorflow_import
from katas.dojo.runner.session import RUN, Run
from katas.dojo.store.errors import CourseError


def pytest_addoption(parser):
    group = parser.getgroup("katas")
    group.addoption(
        "--against", default="katas", metavar="TARGET", help=targets.__doc__
    )
    group.addoption("--deep", action="store_true", help="200 random examples a law")
    group.addoption("--all", action="store_true", help="run slow sentences regardless")


@pytest.hookimpl(wrapper=True)
def pytest_cmdline_main(config):
    """`pytest tests`, the course's own tests, uses every core."""
    own = [a for a in config.args if a.rstrip("/").split("/")[-1] == "tests"]
    a_worker = hasattr(config, "workerinput")
    if own and not a_worker and getattr(config.option, "numprocesses", 1) is None:
        config.option.numprocesses = os.cpu_count()
        config.option.dist = "worksteal"
    return (yield)


@pytest.hookimpl(trylast=True)
def pytest_configure(config):
    config.addinivalue_line("markers", "slow: trains a network; waits for the others")
    config.addinivalue_line("markers", "seconds(n): time limit of this test [s]")
    config.stash[RUN] = Run(config.getoption("--against"))
    if config.args_source is config.ArgsSource.INVOCATION_DIR or not config.args:
        config.args = [str(standing.today().folder)]
    if all(day_of(argument) for argument in config.args) and not config.getoption(
        "verbose", 0
    ):
        from katas.dojo.runner import screen

        screen.take_over(config)
        if config.getoption("tbstyle", "") == "auto":
            config.option.tbstyle = "no"  # report.py tells the failure


def day_of(path):
    """The Day whose folder holds a path (or node id); None outside the days."""
    text = str(path).split("::")[0].replace("\\", "/")
    if "katas/day" not in text and not text.lstrip("./").startswith("day"):
        return None
    try:
        return index.day(text)
    except CourseError:
        return None


def pytest_sessionstart(session):
    try:
        targets.install(session.config.stash[RUN].target)
    except CourseError as error:
        raise pytest.UsageError(str(error)) from None
    _load_profile(session.config)
    if any(day_of(argument) for argument in session.config.args):
        tensorflow_import.import_tensorflow()


def _load_profile(config):
    from hypothesis import HealthCheck, settings

    unhurried = [HealthCheck.too_slow, HealthCheck.data_too_large]
    profiles.register("learn", suppress_health_check=unhurried)
    settings.register_profile(
        "deep", settings.get_profile("learn"), max_examples=200, derandomize=False
    )
    settings.load_profile("deep" if config.getoption("--deep") else "learn")


def pytest_unconfigure(config):
    run = config.stash.get(RUN, None)
    for day in run.green if run else ():
        from katas.dojo.runner import progress

        picture = progress.celebrate(day)
        if picture and config.pluginmanager.hasplugin("terminalreporter"):
            config.get_terminal_writer().line(f"  picture  {picture}")
    targets.remove()


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    outcome = yield
    day = day_of(collector.nodeid)
    if day and outcome.failed and outcome_error(outcome):
        error = outcome_error(outcome)
        text = explain.explain(error, day)
        outcome.longrepr = text
        run = collector.config.stash[RUN]
        run.outcomes[collector.nodeid] = (day, "test_the_file_can_be_read", error, text)
    return outcome


def outcome_error(outcome):
    """The learner's error under the collection error of pytest."""
    error = getattr(getattr(outcome, "call", None), "excinfo", None)
    error = error.value if error else None
    while getattr(error, "__cause__", None) and not isinstance(error, LearnerStopped):
        error = error.__cause__
    return error


def pytest_collection_modifyitems(config, items):
    """The topic's sentences first, in the order of the file; the quiz last."""
    items.sort(key=lambda item: item.path.name == "test_quiz.py")
    for item in items:
        test = getattr(getattr(item, "obj", None), "hypothesis", None)
        if test and day_of(item.nodeid):
            test.inner_test = _at_the_first_blank(test.inner_test)
    config.stash[RUN].whole = not config.option.keyword and "::" not in str(config.args)


class Blank(BaseException):
    """Carries a NotImplementedError past hypothesis, which would try to shrink it."""


def _at_the_first_blank(test):
    @functools.wraps(test)
    def once(*args, **given):
        try:
            return test(*args, **given)
        except NotImplementedError as error:
            if hints.is_blank(error):
                raise Blank from error
            raise

    return once


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    day = day_of(item.nodeid)
    if not day:
        return (yield)
    run = item.config.stash[RUN]
    if (
        item.get_closest_marker("slow")
        and run.failed(day)
        and not item.config.option.all
    ):
        raise AssertionError(explain.WAITS)
    if item.path.name == "test_quiz.py":
        quiz.ask(item.obj)
    marker = item.get_closest_marker("seconds")
    if not item.config.option.deep:
        limits.start_anew()
    before = limits.snapshot()
    try:
        limit = marker.args[0] if marker else limits.SECONDS
        with limits.time_limit(limits.PATIENCE * limit):
            yield
    except Blank as blank:
        raise blank.__cause__ from None
    finally:
        moved = limits.restore(before)
    if moved:
        raise AssertionError(
            f"The code changed {' and '.join(moved)} for everyone after it."
            " Is a global switch set and not put back?"
        )
    return None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    day = day_of(item.nodeid)
    if not day or (call.when != "call" and not outcome.failed):
        return outcome
    error = call.excinfo.value if call.excinfo else None
    run = item.config.stash[RUN]
    text = ""
    if error is not None and outcome.failed:
        text = outcome.longrepr = explain.explain(error, day)
    run.items[item.nodeid] = item.obj
    if item.get_closest_marker("slow"):
        run.slow.add(item.nodeid)
    run.outcomes[item.nodeid] = (day, item.name, error if text else None, text)
    return outcome


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session):
    """Write down what a run of the learner's own code brought."""
    run = session.config.stash[RUN]
    if run.target != "katas" or hasattr(session.config, "workerinput"):
        return
    from katas.dojo.runner import progress

    all_ran = len(run.items) >= session.testscollected
    for day in run.days:
        # An interrupted run has proved nothing of what it did not reach.
        if run.whole and (all_ran or run.failed(day)):
            progress.settle(run, day)
    sys.stdout.flush()

"""The pytest plugin of the course: whose code is tested, and how failures are shown.

Options
    --against TARGET   katas (default), solutions, stubs, dayNN:K, dayNN=FILE
    --deep             200 random examples a property instead of 25 fixed ones
    --all              run slow tests even when an earlier one has failed
"""

import dataclasses
import functools
import os
import sys
from collections.abc import Callable, Generator
from typing import Any

import pytest

from katas.dojo.course import index, standing, targets
from katas.dojo.course.index import Day
from katas.dojo.course.targets import LearnerStopped
from katas.dojo.judge import profiles, quiz
from katas.dojo.runner import explain, hints, limits, tensorflow_import
from katas.dojo.runner.session import RUN, Outcome, Run
from katas.dojo.store import settings
from katas.dojo.store.errors import CourseError


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("katas")
    group.addoption(
        "--against", default="katas", metavar="TARGET", help=targets.__doc__
    )
    deep = "200 random examples a property"
    group.addoption("--deep", action="store_true", help=deep)
    group.addoption("--all", action="store_true", help="run slow tests regardless")


@pytest.hookimpl(wrapper=True)
def pytest_cmdline_main(config: pytest.Config) -> Generator[None, Any, Any]:
    """`pytest tests`, the course's own tests, uses every core."""
    own = [a for a in config.args if a.rstrip("/").split("/")[-1] == "tests"]
    is_worker = hasattr(config, "workerinput")
    if own and not is_worker and getattr(config.option, "numprocesses", 1) is None:
        config.option.numprocesses = os.cpu_count()
        config.option.dist = "worksteal"
    return (yield)


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "slow: trains a network; waits for the others")
    config.addinivalue_line("markers", "seconds(n): time limit of this test [s]")
    config.stash[RUN] = Run(config.option.against)
    if config.args_source is not config.ArgsSource.ARGS or not config.args:
        config.args = [str(standing.today().folder)]
    if all(day_of(arg) for arg in config.args) and not config.getoption("verbose", 0):
        from katas.dojo.runner import screen

        screen.replace_reporter(config)
        if config.getoption("tbstyle", "") == "auto":
            config.option.tbstyle = "no"  # explain.py describes the failure


def day_of(path: object) -> Day | None:
    """The Day whose folder holds a path (or node id); None outside the days."""
    text = str(path).split("::")[0].replace("\\", "/")
    if "katas/day" not in text and not text.lstrip("./").startswith("day"):
        return None
    try:
        return index.day(text)
    except CourseError:
        return None


def pytest_sessionstart(session: pytest.Session) -> None:
    try:
        targets.install(session.config.stash[RUN].target)
        settings.timeout_factor()
    except CourseError as error:
        raise pytest.UsageError(str(error)) from None
    _load_profile(session.config)
    if any(day_of(arg) for arg in session.config.args):
        tensorflow_import.import_tensorflow()


def _load_profile(config: pytest.Config) -> None:
    from hypothesis import HealthCheck
    from hypothesis import settings as hypothesis_settings

    slow_draws = [HealthCheck.too_slow, HealthCheck.data_too_large]
    profiles.register("learn", suppress_health_check=slow_draws)
    hypothesis_settings.register_profile(
        "deep",
        hypothesis_settings.get_profile("learn"),
        max_examples=200,
        derandomize=False,
    )
    hypothesis_settings.load_profile("deep" if config.getoption("--deep") else "learn")


def pytest_unconfigure(config: pytest.Config) -> None:
    run = config.stash.get(RUN, None)
    for day in run.green_days if run else ():
        from katas.dojo.runner import progress

        picture = progress.draw_and_fill_note(day)
        if picture and config.pluginmanager.hasplugin("terminalreporter"):
            config.get_terminal_writer().line(f"  picture  {picture}")
    targets.remove()


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    day = day_of(collector.nodeid)
    error = _collection_error(report)
    if day and report.failed and error:
        text = report.longrepr = explain.explain(error, day)
        name = "test_the_file_can_be_read"
        run = collector.config.stash[RUN]
        run.add(Outcome(collector.nodeid, day, name, error, text))
    return report


def _collection_error(report: pytest.CollectReport) -> BaseException | None:
    """The learner's error under the collection error of pytest."""
    excinfo = getattr(getattr(report, "call", None), "excinfo", None)
    error = excinfo.value if excinfo else None
    while error and error.__cause__ and not isinstance(error, LearnerStopped):
        error = error.__cause__
    return error


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """The topic's tests first, in the order of the file; the quiz last."""
    items.sort(key=lambda item: item.path.name == "test_quiz.py")
    for item in items:
        test = getattr(getattr(item, "obj", None), "hypothesis", None)
        if test and day_of(item.nodeid):
            test.inner_test = _stopping_at_a_blank(test.inner_test)
    config.stash[RUN].is_whole = not config.option.keyword and "::" not in str(
        config.args
    )


class Blank(BaseException):
    """Carries a NotImplementedError past hypothesis, which would try to shrink it."""


def _stopping_at_a_blank(test: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(test)
    def stopping(*args: Any, **kwargs: Any) -> Any:
        try:
            return test(*args, **kwargs)
        except NotImplementedError as error:
            if hints.is_blank(error):
                raise Blank from error
            raise

    return stopping


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Function) -> Generator[None, object, object]:
    day = day_of(item.nodeid)
    if not day:
        return (yield)
    must_wait = item.config.stash[RUN].failures(day) and not item.config.option.all
    if item.get_closest_marker("slow") and must_wait:
        raise AssertionError(explain.NOT_RUN)
    if item.path.name == "test_quiz.py":
        quiz.require_prediction(item.obj)
    if not item.config.option.deep:
        limits.reset_random_state()
    before = limits.global_state()
    try:
        with limits.time_limit(limits.seconds_for(item)):
            yield
    except Blank as blank:
        raise (blank.__cause__ or blank) from None
    finally:
        changed = limits.restore(before)
    if changed:
        raise AssertionError(
            f"The code changed {' and '.join(changed)} for everyone after it."
            " Is a global switch set and not put back?"
        )
    return None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Function, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    day = day_of(item.nodeid)
    if not day or (call.when != "call" and not report.failed):
        return report
    outcome = Outcome(
        item.nodeid,
        day,
        item.name,
        function=item.obj,
        is_slow=item.get_closest_marker("slow") is not None,
    )
    if call.excinfo is not None and report.failed:
        error = call.excinfo.value
        text = report.longrepr = explain.explain(error, day)
        outcome = dataclasses.replace(outcome, error=error, text=text)
    item.config.stash[RUN].add(outcome)
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Record the results of a run of the learner's own code."""
    run = session.config.stash[RUN]
    if run.target != "katas" or hasattr(session.config, "workerinput"):
        return
    from katas.dojo.runner import progress

    all_ran = run.tests_run >= session.testscollected
    for day in run.days:
        # An interrupted run has proved nothing of what it did not reach.
        if run.is_whole and (all_ran or run.failures(day)):
            progress.update(run, day)
    sys.stdout.flush()

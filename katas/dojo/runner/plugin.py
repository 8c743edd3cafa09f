"""The pytest plugin of the course: whose code is tested, and how failures are shown.

Options
    --against TARGET   katas (default), solutions, stubs, dayNN:K, dayNN=FILE
    --deep             200 random examples a property instead of 25 fixed ones
    --all              run slow tests even when an earlier one has failed
"""

import dataclasses
import functools
import os
import re
import sys
from collections.abc import Callable, Generator
from typing import Any

import pytest

from katas.dojo.course import index, listed_tests, standing, targets
from katas.dojo.course.index import Day
from katas.dojo.course.targets import LearnerStopped
from katas.dojo.judge import profiles, quiz
from katas.dojo.runner import explain, hints, limits, tensorflow_import
from katas.dojo.runner.session import RUN, Outcome, Run, add_unrun
from katas.dojo.store import paths, settings
from katas.dojo.store.errors import CourseError
from katas.dojo.store.paths import shown
from katas.dojo.supervision import watchdog

ENDED = (
    *(pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED),
    pytest.ExitCode.NO_TESTS_COLLECTED,
)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("katas")
    group.addoption(
        "--against", default="katas", metavar="TARGET", help=targets.__doc__
    )
    deep = "200 random examples a property"
    group.addoption("--deep", action="store_true", help=deep)
    group.addoption("--all", action="store_true", help="run slow tests regardless")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(
    early_config: pytest.Config,
) -> Generator[None, None, None]:
    """Test a checkout with its own tooling; before pytest captures any output."""
    paths.use_own_tooling(early_config.rootpath)
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_cmdline_main(config: pytest.Config) -> Generator[None, Any, Any]:
    """`pytest tests`, the course's own tests, uses every core."""
    if config.args_source is not config.ArgsSource.ARGS or not config.args:
        config.args = [_todays_folder(config)]
    own = [a for a in config.args if a.rstrip("/").split("/")[-1] == "tests"]
    is_worker = hasattr(config, "workerinput")
    if own and not is_worker and getattr(config.option, "numprocesses", 1) is None:
        config.option.numprocesses = os.cpu_count()
        config.option.dist = "worksteal"
    if all(chosen_days(config)) and hasattr(config.option, "dist"):
        # One process: a day takes seconds, and its screen has one order.
        config.option.numprocesses = config.option.maxprocesses = None
        config.option.dist, config.option.tx = "no", []
        config.option.distload = config.option.looponfail = False
    return (yield)


def _todays_folder(config: pytest.Config) -> str:
    """The folder to run where none is named: the day it was typed in, else today's."""
    here = config.invocation_params.dir
    folder = (index.day_at(here) or standing.today()).folder
    try:
        # Relative: pytest would take a [ in the path above for the case of a test.
        return os.path.relpath(folder, here)
    except ValueError:  # another drive
        return str(folder)


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "slow: trains a network; waits for the others")
    config.addinivalue_line("markers", "seconds(n): time limit of this test [s]")
    days = chosen_days(config)
    run = config.stash[RUN] = Run(config.option.against)
    run.chosen = [day for day in days if day]
    run.is_whole = _is_whole(config)
    if str(config.rootpath) not in sys.path:
        # Last, so that a random.py or keras.py of the learner's hides no package.
        sys.path.append(str(config.rootpath))
    if all(days) and not _is_verbose(config) and not config.option.collectonly:
        from katas.dojo.runner import screen

        screen.replace_reporter(config)
        config.option.verbose = 0
        if config.getoption("tbstyle", "") in ("auto", "short", "long", "line"):
            config.option.tbstyle = "no"  # explain.py describes the failure


def _is_verbose(config: pytest.Config) -> bool:
    """True where the command line itself has -v, which shows pytest's own screen."""
    args = map(str, config.invocation_params.args)
    return any(re.match(r"-\w*v|--verb", arg) for arg in args)


def chosen_days(config: pytest.Config) -> list[Day | None]:
    """The day of each path on the command line; None for another path."""
    here = config.invocation_params.dir
    return [index.day_at(here / arg.split("::")[0]) for arg in config.args]


def pytest_sessionstart(session: pytest.Session) -> None:
    run = session.config.stash[RUN]
    try:
        targets.install(run.target)
        settings.timeout_factor()
        for day in run.chosen:
            listed_tests.require(day)
    except CourseError as error:
        raise pytest.UsageError(str(error)) from None
    _load_profile(session.config)
    if run.chosen:
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

        for line in progress.draw_and_fill_note(day):
            if config.pluginmanager.hasplugin("terminalreporter"):
                config.get_terminal_writer().line(f"  {line}")
    targets.remove()


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    with watchdog.limit(limits.READING * settings.timeout_factor()):
        report = yield
    day = index.day_at(collector.path)
    error = _collection_error(report)
    if day and report.skipped and isinstance(report.longrepr, tuple):
        run = collector.config.stash[RUN]
        reason = report.longrepr[2].removeprefix("Skipped: ")
        run.skipped_files[collector.path.name] = reason
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
        if test and index.day_at(item.path):
            test.inner_test = _stopping_at_a_blank(test.inner_test)


def _is_whole(config: pytest.Config) -> bool:
    """True where no option and no path chooses some of a day's tests."""
    option, here = config.option, config.invocation_params.dir
    narrowed = option.keyword or option.markexpr or option.deselect
    narrowed = narrowed or option.ignore or option.ignore_glob
    return not narrowed and all((here / arg).is_dir() for arg in config.args)


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
    day = index.day_at(item.path)
    if not day:
        return (yield)
    must_wait = item.config.stash[RUN].failures(day) and not item.config.option.all
    if item.get_closest_marker("slow") and must_wait:
        raise AssertionError(explain.NOT_RUN)
    if reason := limits.reason_to_wait(item.config.stash[RUN], item):
        raise AssertionError(reason)
    if item.path.name == "test_quiz.py":
        quiz.require_prediction(item.obj)
    if not item.config.option.deep:
        limits.reset_random_state()
    before = limits.global_state()
    try:
        with watchdog.limit(limits.seconds_for(item)):
            yield
    except Blank as blank:
        raise (blank.__cause__ or blank) from None
    except pytest.exit.Exception as stop:
        if stop.msg == "Quitting debugger":
            raise
        error = LearnerStopped("The code calls pytest.exit()")
        raise error.with_traceback(stop.__traceback__) from None
    finally:
        changed = limits.restore(before)
    if changed:
        raise AssertionError(
            f"The code changed {' and '.join(changed)} for everyone after it."
            " Is a global switch set and not put back?"
        )
    return None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Function) -> Generator[None, object, object]:
    if not index.day_at(item.path):
        return (yield)
    with watchdog.limit(limits.seconds_for(item)):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Function, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    day = index.day_at(item.path)
    if not day or (call.when != "call" and report.passed):
        return report
    outcome = Outcome(
        item.nodeid,
        day,
        item.name,
        function=item.obj,
        is_slow=item.get_closest_marker("slow") is not None,
    )
    is_listed = outcome.name in listed_tests.of(day).get(outcome.file, ())
    outcome = dataclasses.replace(outcome, is_listed=is_listed)
    error = call.excinfo.value if call.excinfo is not None else None
    if error and report.failed:
        text = report.longrepr = explain.explain(error, day)
        outcome = dataclasses.replace(outcome, error=error, text=text)
    elif not report.passed or hasattr(report, "wasxfail"):
        place = explain.place(error) if error else ""
        place = place or f"  {shown(item.path)}:{(item.location[1] or 0) + 1}"
        text = explain.explain_skip(report, place)
        outcome = dataclasses.replace(outcome, text=text)
    item.config.stash[RUN].add(outcome)
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(
    session: pytest.Session, exitstatus: int | pytest.ExitCode
) -> Generator[None, object, object]:
    """Complete the results and record those of a run of the learner's own code."""
    run = session.config.stash[RUN]
    if hasattr(session.config, "workerinput") or session.config.option.collectonly:
        return (yield)
    # An interrupted run has proved nothing of what it did not reach.
    ended = exitstatus in ENDED and not (session.shouldstop or session.shouldfail)
    for day in run.days:
        if ended and run.is_whole and not run.failures(day):
            add_unrun(run, day)
        is_counted = run.is_whole and run.is_counted and run.target == "katas"
        if is_counted and (run.is_green(day) or run.failures(day)):
            _record(run, day)
    if exitstatus == pytest.ExitCode.OK and any(map(run.failures, run.days)):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    sys.stdout.flush()
    return (yield)


def _record(run: Run, day: Day) -> None:
    """Update what the course remembers; the results do not depend on it."""
    from katas.dojo.runner import progress

    try:
        progress.update(run, day)
    except (CourseError, OSError) as error:
        run.remarks.append(f"This run was not recorded. {error}")

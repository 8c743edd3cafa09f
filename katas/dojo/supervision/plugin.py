"""The hooks of pytest: run in a child, write down what runs, start the watchdog.

What died in the session before this one is given as a failure, and is not run again.
"""

import faulthandler
import json
import os
import sys
import threading
from typing import IO, NoReturn

import pytest

from katas.dojo.supervision import exit_check, run_log, supervisor, watchdog
from katas.dojo.supervision.run_log import Death, RunDied, RunLog
from katas.dojo.supervision.variables import DEATHS, LOG, PARENT


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> int | None:
    """Go on in a child process; the exit code in its supervisors."""
    if not _is_to_be_supervised(config):
        return None
    return supervisor.run_in_child(_parent_check())


def _is_to_be_supervised(config: pytest.Config) -> bool:
    """True for a run of the days that a learner has started, and for no debugger."""
    args = config.invocation_params.args
    paths = [os.path.abspath(arg.split("::")[0]) for arg in config.args]
    katas = os.path.join(config.rootpath, "katas")
    return (
        LOG not in os.environ
        and list(args) == sys.argv[1:]
        and threading.active_count() == 1
        and "pydevd" not in sys.modules
        and any(path == katas or path.startswith(katas + os.sep) for path in paths)
    )


def _parent_check() -> supervisor.Check:
    parent = os.environ.pop(PARENT, "")
    return exit_check.exit_check(int(parent)) if parent else lambda: False


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    path = os.environ.pop(LOG, None)
    deaths = json.loads(os.environ.pop(DEATHS, "[]"))
    if path is None:
        config.pluginmanager.register(Unsupervised())
    else:
        recorder = Recorder(RunLog(path), [Death(**death) for death in deaths])
        config.pluginmanager.register(recorder, "katas-recorder")


class Unsupervised:
    """For a session inside another program: the stacks go to its stderr."""

    def pytest_sessionstart(self) -> None:
        watchdog.start(_stderr())


def _stderr() -> IO[bytes]:
    return os.fdopen(os.dup(2), "wb", buffering=0)


class Recorder:
    """Writes down what runs, and fails what a session before this one has died of."""

    def __init__(self, log: RunLog, deaths: list[Death]) -> None:
        self.log = log
        self.deaths = {death.name: death for death in deaths}
        self.session: pytest.Session | None = None

    @pytest.hookimpl(trylast=True)
    def pytest_sessionstart(self, session: pytest.Session) -> None:
        faulthandler.enable(self.log.file)
        watchdog.start(self.log.file)

    def pytest_collectstart(self, collector: pytest.Collector) -> None:
        if collector.nodeid:
            self.log.running(collector.nodeid)
        if death := self.deaths.get(collector.nodeid):

            def collect() -> NoReturn:
                raise RunDied(death)

            collector.collect = collect

    def pytest_runtest_protocol(self, item: pytest.Item) -> None:
        self.log.running(item.nodeid)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        if death := self.deaths.get(item.nodeid):
            raise RunDied(death)

    def pytest_enter_pdb(self) -> None:
        self.log.running(run_log.DEBUGGER)
        watchdog.cancel()

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        self.log.running(run_log.SUMMARY)
        self.session = session

    @pytest.hookimpl(trylast=True)
    def pytest_unconfigure(self) -> None:
        self.log.ended(self.session and int(self.session.exitstatus))

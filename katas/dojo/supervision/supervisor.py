"""Run the rest of this program in a child process, watched by two supervisors.

Each supervisor waits for the process below it, and then ends all that this process has
started. The outer one is there because the inner one may be killed as well. Where the
session dies, the inner one starts another that leaves out the test in which it died.
"""

import contextlib
import json
import math
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from types import FrameType

from katas.dojo.supervision import descendants, run_log
from katas.dojo.supervision.run_log import Death
from katas.dojo.supervision.variables import DEATHS, LOG, SUPERVISOR

TICK = 0.3  # s between two looks at whether the run is still needed
GRACE = 5.0  # s that a session has to end by itself after Ctrl-C, or after its result
MAX_DEATHS = 5  # after so many, the run is given up
STOPPING = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT")

Check = Callable[[], bool]


def run_in_child(is_needless: Check, repeats: bool = True) -> int | None:
    """Go on in a child: None there, in its two supervisors the exit code of the child.

    Args
        is_needless  true once nobody waits for the result any more
        repeats      False where somebody else repeats a session that has died
    """
    if not hasattr(os, "fork"):
        return _run_in_new_process(is_needless, repeats)
    outer = os.getpid()
    code = _Supervisor(is_needless).run()
    if code is None:
        # The inner one lives on when the outer one is killed, to end what is below it.
        inner = os.getpid()
        kind = _InnerSupervisor if repeats else _Supervisor
        code = kind(lambda: os.getppid() != outer or is_needless()).run()
        if code is None:
            descendants.die_with_parent(signal.SIGKILL)
            if os.getppid() != inner:
                os._exit(1)
        return code
    if code < 0:
        print(f"The run ended without a result: {signal.Signals(-code).name}.")
    return abs(code)


def as_variable(deaths: Sequence[Death]) -> str:
    """The variable DEATHS, which makes a session leave out the tests that died."""
    return json.dumps([vars(death) for death in deaths])


class _Supervisor:
    """Waits for one forked child and ends all that it has started."""

    def __init__(self, is_needless: Check) -> None:
        self.is_needless = is_needless
        self.signals: list[int] = []
        self.deadline = math.inf

    def run(self) -> int | None:
        """None in the child, else the child's exit code."""
        descendants.become_subreaper()
        with self._signals_noted() as wake_up:
            child = self._fork()
            if child is None:
                return None
            tree = descendants.Descendants()
            try:
                return self._wait(child, wake_up, tree)
            finally:
                tree.end()

    def _fork(self) -> int | None:
        sys.stdout.flush()
        sys.stderr.flush()
        return os.fork() or None

    @contextlib.contextmanager
    def _signals_noted(self) -> Iterator[int]:
        """Note signals instead of dying of them, and restore this in the child; yields
        a file that is ready for reading after a signal."""
        wake_up, written = os.pipe()
        os.set_blocking(written, False)
        before = {}
        for number in [getattr(signal, name) for name in (*STOPPING, "SIGCHLD")]:
            if signal.getsignal(number) != signal.SIG_IGN or number == signal.SIGCHLD:
                before[number] = signal.signal(number, self._note)
        wakeup_fd = signal.set_wakeup_fd(written, warn_on_full_buffer=False)
        try:
            yield wake_up
        finally:
            signal.set_wakeup_fd(wakeup_fd)
            for number, handler in before.items():
                signal.signal(number, handler)
            os.close(wake_up)
            os.close(written)

    def _note(self, number: int, frame: FrameType | None) -> None:
        if number != signal.SIGCHLD:
            self.signals.append(number)

    def _wait(self, child: int, wake_up: int, tree: descendants.Descendants) -> int:
        """Wait until the child ends, or end it; return its exit code."""
        while True:
            code = _reaped(child)
            if code is not None:
                return code
            if self._must_end():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
                return 128 + self.signals[0] if self.signals else 1
            tree.look_up()
            if select.select([wake_up], [], [], TICK)[0]:
                os.read(wake_up, 1000)

    def _must_end(self) -> bool:
        """True when the child has to end at once."""
        if not self.signals:
            return self.is_needless()
        if self.deadline == math.inf:
            self.deadline = time.monotonic() + self._grace()
        return (
            any(number != signal.SIGINT for number in self.signals)
            or len(self.signals) > 1
            or time.monotonic() > self.deadline
        )

    def _grace(self) -> float:
        return 2 * GRACE  # the inner supervisor comes first


class _InnerSupervisor(_Supervisor):
    """Supervises the session, and starts another one where it dies."""

    def run(self) -> int | None:
        self.log = os.environ[LOG] = run_log.create()
        deaths: list[Death] = []
        while True:
            self.result_since = math.inf
            code = super().run()
            if code is None:
                return None
            death = None if self.signals else run_log.death(self.log, code)
            if death is None or not may_go_on([*deaths, death]):
                break
            deaths.append(death)
            os.environ[DEATHS] = as_variable(deaths)
        result = run_log.exit_code(self.log)
        os.unlink(self.log)
        return _exit_code(code, result, [*deaths, death] if death else [])

    def _must_end(self) -> bool:
        if super()._must_end():
            return True
        # A thread or a process that learner's code left may keep it from ending.
        if run_log.exit_code(self.log) is None:
            return False
        self.result_since = min(self.result_since, time.monotonic())
        return time.monotonic() > self.result_since + GRACE

    def _grace(self) -> float:
        name = run_log.name_of_running(self.log)
        return math.inf if name == run_log.DEBUGGER else GRACE


def may_go_on(deaths: Sequence[Death]) -> bool:
    """True where another session can give a result without the tests that died."""
    names = [death.name for death in deaths]
    last = deaths[-1]
    return (
        last.is_of_a_test and len(deaths) < MAX_DEATHS and len(set(names)) == len(names)
    )


def describe(death: Death) -> str:
    """What to print about a death where no session can report it."""
    what = "it did not come to an end" if death.stopped else death.cause
    place = f"\n  {death.place}" if death.place else ""
    return f"The run ended without a result, during {death.name}:\n  {what}.{place}"


def _exit_code(code: int, result: int | None, deaths: Sequence[Death]) -> int:
    """The exit code of the run; where it died for good, print where it died first."""
    if deaths:
        print(describe(deaths[0]), flush=True)
        return abs(code) or 1  # os._exit(0) must not pass for a green run
    return abs(code) if result is None else result


def _reaped(child: int) -> int | None:
    """The child's exit code once it has ended; reap what else has ended below us."""
    while True:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == child:
            return os.waitstatus_to_exitcode(status)
        if not pid:
            return None


def _run_in_new_process(is_needless: Check, repeats: bool) -> int | None:
    """The same on Windows, where a job object is what ends the processes."""
    from katas.dojo.supervision import job_object  # no other system has it

    if os.environ.pop(SUPERVISOR, None) == str(os.getppid()):
        return None
    job_object.join_new_job()
    log = run_log.create()
    deaths: list[Death] = []
    while True:
        own = {SUPERVISOR: str(os.getpid()), LOG: log, DEATHS: as_variable(deaths)}
        command = [sys.executable, *sys.orig_argv[1:]]
        child = subprocess.Popen(command, env={**os.environ, **own})
        code = _wait_on_windows(child, log, is_needless)
        death = run_log.death(log, code) if repeats else None
        if death is None or not may_go_on([*deaths, death]):
            break
        deaths.append(death)
    result = run_log.exit_code(log)
    os.unlink(log)
    return _exit_code(code, result, [*deaths, death] if death else [])


def _wait_on_windows(
    child: "subprocess.Popen[bytes]", log: str, is_needless: Check
) -> int:
    result_since = math.inf
    while True:
        with contextlib.suppress(subprocess.TimeoutExpired, KeyboardInterrupt):
            return child.wait(TICK)
        if run_log.exit_code(log) is not None:
            result_since = min(result_since, time.monotonic())
        if is_needless() or time.monotonic() > result_since + GRACE:
            child.kill()

"""End what takes too long, even where Python cannot: a thread looks at the clocks."""

import contextlib
import ctypes
import faulthandler
import math
import os
import re
import signal
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import FrameType
from typing import IO

TICK = 0.25  # s between two looks
GRACE = 5.0  # s in which the code must react to the exception, else the process ends
MAX_STRETCH = (
    3  # a busy machine gives so many times the limit, on the clock on the wall
)
IDLE = 0.02  # a process that uses less of a core than this waits for something
POSIX = os.name != "nt"
# The learner's code: not the tests of a day. With `--against` it is the reference.
LEARNERS = re.compile(r"[/\\](katas|solutions)[/\\]day\d\d[/\\](?!test_)\w+\.py")


class TimeLimitExceeded(BaseException):
    """Not an Exception: neither the learner's `except` nor hypothesis may catch it.

    Attributes
        wall   the time on the clock [s]
        cpu    the time of computing [s]
        calls  of the learner's code: "one" lasted to the end, "several" came and went,
               "none" was seen at the end
    """

    wall = cpu = 0.0
    calls = "one"


@dataclass
class Task:
    """What runs under a time limit now."""

    limit: float  # s
    thread: int
    began: float = field(default_factory=time.monotonic)
    cpu_before: float = field(default_factory=time.process_time)
    interrupted: float = math.inf  # when the exception was first raised in it
    call: FrameType | None = None  # the outermost of the learner's code, seen last
    call_runs: bool = False  # at the last look
    call_changed: float = -math.inf  # when another call was seen than before

    @property
    def wall(self) -> float:
        return time.monotonic() - self.began

    @property
    def cpu(self) -> float:
        return time.process_time() - self.cpu_before

    @property
    def grace(self) -> float:
        """The time to react to the exception, before the process ends [s]."""
        return min(GRACE, max(1.0, self.limit / 4))

    @property
    def is_due(self) -> bool:
        return is_due(self.limit, self.wall, self.cpu)

    def observe(self) -> None:
        """Note which call of the learner's code runs."""
        call = _outermost_call(sys._current_frames().get(self.thread))
        self.call_runs = call is not None
        if call and call is not self.call:
            if self.call:
                self.call_changed = time.monotonic()
            self.call = call

    def error(self) -> TimeLimitExceeded:
        error = TimeLimitExceeded(f"{self.wall:.0f} s")
        error.wall, error.cpu = self.wall, self.cpu
        if self.call_changed > time.monotonic() - self.limit / 2:
            error.calls = "several"
        elif not self.call_runs:
            error.calls = "none"
        return error


def is_due(limit: float, wall: float, cpu: float) -> bool:
    """True once something has computed for its limit, or waited for it, or got too
    little of a busy machine. All in seconds."""
    if wall < limit:
        return False
    return cpu >= limit or cpu < IDLE * wall or wall > MAX_STRETCH * limit


def _outermost_call(frame: FrameType | None) -> FrameType | None:
    """The outermost frame of the learner's code on a stack."""
    call = None
    while frame:
        if LEARNERS.search(frame.f_code.co_filename):
            call = frame
        frame = frame.f_back
    return call


class Watchdog(threading.Thread):
    """The thread that looks at the clocks; one for all tests of a process."""

    def __init__(self, log: IO[bytes]) -> None:
        super().__init__(daemon=True, name="watchdog")
        self.log = log
        self.task: Task | None = None
        self.armed = threading.Event()

    def run(self) -> None:
        while True:
            self.armed.wait()
            time.sleep(TICK)
            task = self.task
            if task is None:
                self.armed.clear()
                if self.task is None:
                    continue
                self.armed.set()
            else:
                self._look(task)

    def _look(self, task: Task) -> None:
        self._arm_last_resort(task)
        if task.wall > task.limit / 4:
            task.observe()
        if not task.is_due or task is not self.task:
            return
        task.interrupted = min(task.interrupted, time.monotonic())
        if time.monotonic() > task.interrupted + task.grace:
            self._end_process(task)
        _interrupt(task.thread)

    def _arm_last_resort(self, task: Task) -> None:
        """C code that never lets this thread run is ended by a timer in C."""
        left = max(task.limit - task.wall, 0.0) + 2 * task.grace
        faulthandler.dump_traceback_later(left, exit=True, file=self.log)
        if task is not self.task:
            faulthandler.cancel_dump_traceback_later()

    def _end_process(self, task: Task) -> None:
        if task is self.task:
            self.log.write(b"Timeout\n")
            faulthandler.dump_traceback(self.log, all_threads=True)
            os._exit(1)

    def cancel(self) -> None:
        """Set no limit to what runs now: the learner is in a debugger."""
        self.task = None
        faulthandler.cancel_dump_traceback_later()

    @contextlib.contextmanager
    def suspended(self) -> Iterator[None]:
        """Let the block take its time, which has a limit of its own."""
        task, began = self.task, time.monotonic()
        self.cancel()
        try:
            yield
        finally:
            if task is not None:
                task.began += time.monotonic() - began
                self._start(task)

    def _start(self, task: Task) -> None:
        self.task = task
        self._arm_last_resort(task)
        self.armed.set()

    @contextlib.contextmanager
    def limit(self, seconds: float) -> Iterator[None]:
        """Raise TimeLimitExceeded in this thread after so many seconds."""
        task = Task(seconds, threading.get_ident())

        def stop(number: int, frame: FrameType | None) -> None:
            if self.task is task and task.is_due:
                raise task.error()

        has_signal = threading.current_thread() is threading.main_thread()
        before = signal.signal(signal.SIGALRM, stop) if POSIX and has_signal else None
        self._start(task)
        try:
            yield
        except TimeLimitExceeded as error:
            if not error.args:  # raised from outside, without its details
                raise task.error().with_traceback(error.__traceback__) from None
            raise
        finally:
            self.cancel()
            if before is not None:
                signal.signal(signal.SIGALRM, before)


def _interrupt(thread: int) -> None:
    """Raise TimeLimitExceeded in a thread. Again and again: a bare `except:` in the
    learner's loop swallows the first."""
    if POSIX and thread == threading.main_thread().ident:
        signal.pthread_kill(thread, signal.SIGALRM)
    else:
        raise_in = ctypes.pythonapi.PyThreadState_SetAsyncExc
        raise_in(ctypes.c_ulong(thread), ctypes.py_object(TimeLimitExceeded))


_watchdog: Watchdog | None = None


def start(log: IO[bytes]) -> None:
    """Start the watchdog of this process, which writes stacks to a log."""
    global _watchdog
    if _watchdog is None:
        _watchdog = Watchdog(log)
        _watchdog.start()
    _watchdog.log = log


@contextlib.contextmanager
def limit(seconds: float) -> Iterator[None]:
    """Watchdog.limit() where one is started, and no debugger runs."""
    if _watchdog is None or "pydevd" in sys.modules:
        yield
    else:
        with _watchdog.limit(seconds):
            yield


def cancel() -> None:
    """Watchdog.cancel() where one is started."""
    if _watchdog is not None:
        _watchdog.cancel()


def suspended() -> contextlib.AbstractContextManager[None]:
    """Watchdog.suspended() where one is started."""
    return _watchdog.suspended() if _watchdog else contextlib.nullcontext()

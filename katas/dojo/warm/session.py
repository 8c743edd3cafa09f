"""One pytest session in a worker, on the terminal of the client."""

import contextlib
import faulthandler
import importlib
import os
import signal
import sys
import threading
from collections.abc import Sequence

from katas.dojo.runner import limits
from katas.dojo.warm.messages import Job, Location, Running
from katas.dojo.warm.wire import Connection

TYPE_CHECKING = False  # a worker listens before it imports pytest
if TYPE_CHECKING:
    import pytest

EXTRA_MEMORY = 4 * 2**30  # bytes that a session may take beyond what the worker holds
MARGIN = 10  # s by which the client's limit exceeds that of a test
COLLECTION = 60  # s for reading one test file
LONGEST = 3600  # s after which even a loop inside C code ends


def run(job: Job, connection: Connection) -> int:
    """Run pytest with the job's arguments, folder and environment; return its exit
    code. The connection carries the terminal in and the progress out."""
    _take_terminal(connection.files)
    os.environ.clear()
    os.environ.update(job.environment)
    os.chdir(job.cwd)
    sys.argv = ["pytest", *job.args]
    sys.path[0] = job.cwd  # as `python -m pytest` has it
    importlib.invalidate_caches()
    _limit_memory()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    import pytest  # see TYPE_CHECKING above

    with open(job.crash_log, "w") as crash_log:
        faulthandler.enable(crash_log)
        faulthandler.dump_traceback_later(LONGEST, exit=True, file=crash_log)
        args = [*job.args, "-p", "no:faulthandler"]
        code = pytest.main(args, plugins=[Progress(connection)])
        faulthandler.cancel_dump_traceback_later()
        faulthandler.disable()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    return int(code)


class Progress:
    """A pytest plugin that sends the client what runs, and for how long it may."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.limited = True

    def send(self, name: str, seconds: float | None) -> None:
        limit = seconds if self.limited else None
        with contextlib.suppress(EOFError):
            self.connection.send(Running(name=name, seconds=limit))

    def pytest_configure(self, config: "pytest.Config") -> None:
        debugging = config.getoption("usepdb") or config.getoption("trace")
        self.limited = not debugging

    def pytest_collectstart(self, collector: "pytest.Collector") -> None:
        if collector.nodeid:
            self.send(collector.nodeid, COLLECTION)

    def pytest_runtest_protocol(self, item: "pytest.Item") -> None:
        self.send(item.nodeid, limits.seconds_for(item) + MARGIN)

    def pytest_enter_pdb(self) -> None:
        self.send("the debugger", None)

    def pytest_sessionfinish(self) -> None:
        self.send("the summary", COLLECTION)


def location() -> Location:
    """Where the main thread is, such as katas/day01/tensors.py:31, if in a day."""
    frame = sys._current_frames().get(threading.main_thread().ident or 0)
    while frame:
        file = frame.f_code.co_filename
        if f"{os.sep}katas{os.sep}day" in file:
            return Location(place=f"{os.path.relpath(file)}:{frame.f_lineno}")
        frame = frame.f_back
    return Location(place="")


def _take_terminal(files: Sequence[int]) -> None:
    """Replace stdin, stdout and stderr by those of the client."""
    for own, received in zip((0, 1, 2), files, strict=False):
        os.dup2(received, own)
        os.close(received)
    for name, number, mode in (
        ("stdin", 0, "r"),
        ("stdout", 1, "w"),
        ("stderr", 2, "w"),
    ):
        old = getattr(sys, name)
        by_line = number == 2 or os.isatty(number)
        stream = open(  # noqa: SIM115
            number,
            mode,
            buffering=1 if by_line else -1,
            encoding=old.encoding,
            errors=old.errors,
            closefd=False,
        )
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def _limit_memory() -> None:
    """Make an array too large for the machine raise MemoryError, before the system
    kills the process."""
    try:
        import resource  # missing on Windows

        with open("/proc/self/statm") as pages, open("/proc/meminfo") as machine:
            held = int(pages.read().split()[5]) * resource.getpagesize()
            free = next(text for text in machine if text.startswith("MemAvailable"))
    except (ImportError, OSError, StopIteration):
        return  # macOS and Windows page instead
    limit = held + min(EXTRA_MEMORY, int(free.split()[1]) * 1024 * 3 // 4)
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    if hard == resource.RLIM_INFINITY or limit < hard:
        resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))

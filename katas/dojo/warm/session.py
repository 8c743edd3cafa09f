"""One pytest session in a worker, on the terminal of the client."""

import contextlib
import importlib
import os
import signal
import sys
from collections.abc import Sequence

from katas.dojo.supervision.variables import DEATHS, LOG
from katas.dojo.warm.messages import Job
from katas.dojo.warm.wire import Connection

EXTRA_MEMORY = 4 * 2**30  # bytes that a session may take beyond what the worker holds


def run(job: Job, connection: Connection) -> int:
    """Run pytest with the job's arguments, folder and environment; return its exit
    code. The connection carries the terminal."""
    _take_terminal(connection.files)
    os.environ.clear()
    os.environ.update(job.environment)
    os.environ[LOG] = job.run_log
    os.environ[DEATHS] = job.deaths
    os.chdir(job.cwd)
    sys.argv = ["pytest", *job.args]
    sys.path[0] = job.cwd  # as `python -m pytest` has it
    importlib.invalidate_caches()
    _limit_memory()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    import pytest  # late: a worker listens before it imports this

    code = pytest.main(list(job.args))
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    return int(code)


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

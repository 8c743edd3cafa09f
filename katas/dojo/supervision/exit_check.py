"""Find out whether a process still runs, without touching it."""

import os
import select
import sys
from collections.abc import Callable


def exit_check(pid: int) -> Callable[[], bool]:
    """Return a function that is True once process `pid` has ended.

    The process is held by a handle where the system has one, so that a later
    process with the same number is not taken for it.
    """
    if sys.platform == "win32":
        import _winapi  # os.kill(pid, 0) would end the process there

        synchronise = 0x00100000
        try:
            process = _winapi.OpenProcess(synchronise, False, pid)
        except OSError:
            return lambda: True
        return lambda: _winapi.WaitForSingleObject(process, 0) == _winapi.WAIT_OBJECT_0
    if hasattr(os, "pidfd_open"):
        try:
            handle = os.pidfd_open(pid)
            return lambda: bool(select.select([handle], [], [], 0)[0])
        except ProcessLookupError:
            return lambda: True
        except OSError:  # an old kernel
            pass
    return lambda: not _is_running(pid)


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True

"""Does a process still live? Asked of the system without touching the process."""

import os
import select
import sys


def watch(pid):
    """Return a function that is True once process `pid` has ended.

    The process is held by a handle where the system has one, so that a later
    process with the same number is not taken for it.
    """
    if sys.platform == "win32":
        return _watch_windows(pid)
    if hasattr(os, "pidfd_open"):
        try:
            handle = os.pidfd_open(pid)
            return lambda: bool(select.select([handle], [], [], 0)[0])
        except ProcessLookupError:
            return lambda: True
        except OSError:  # an old kernel
            pass
    return lambda: not _answers(pid)


def _answers(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def _watch_windows(pid):
    import _winapi  # os.kill(pid, 0) would end the process there

    synchronise = 0x00100000
    try:
        handle = _winapi.OpenProcess(synchronise, False, pid)
    except OSError:
        return lambda: True
    return lambda: _winapi.WaitForSingleObject(handle, 0) == _winapi.WAIT_OBJECT_0

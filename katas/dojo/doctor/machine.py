"""What the machine has: memory, disk, watches. Each is None where it is unknown."""

import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path

GIB = 2**30


def memory() -> float | None:
    """The machine's memory [GiB]."""
    try:
        if sys.platform == "win32":
            return _windows_memory() / GIB
        if sys.platform == "darwin":
            output = subprocess.check_output(["sysctl", "-n", "hw.memsize"])
            return int(output) / GIB
        pages = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        return min(pages, _container_limit()) / GIB
    except (OSError, ValueError, AttributeError, subprocess.SubprocessError):
        return None


def _container_limit() -> int:
    """The limit that a Linux container sets [bytes]."""
    try:
        return int(Path("/sys/fs/cgroup/memory.max").read_text())
    except (OSError, ValueError):  # none, or the word `max`
        return 2**63


def _windows_memory() -> int:
    """The field ullTotalPhys of Windows' MEMORYSTATUSEX [bytes]."""
    assert sys.platform == "win32"

    class Status(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ulong), ("load", ctypes.c_ulong)] + [
            (name, ctypes.c_ulonglong) for name in ("total", *"abcdef")
        ]

    status = Status(length=ctypes.sizeof(Status))
    if not ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status)):
        raise OSError("GlobalMemoryStatusEx failed")
    return status.total


def disk(folder: Path) -> float | None:
    """The free space where a folder is [GiB]."""
    try:
        return shutil.disk_usage(folder).free / GIB
    except OSError:
        return None


def watches() -> int | None:
    """How many folders one user may watch for changes; None except on Linux."""
    try:
        return int(Path("/proc/sys/fs/inotify/max_user_watches").read_text())
    except (OSError, ValueError):
        return None


def watch_problem(folder: Path) -> str:
    """Why the folder cannot be watched as ptw does it; empty if it can."""
    from watchdog.events import FileSystemEventHandler  # late: ptw's, not the course's
    from watchdog.observers import Observer

    observer = Observer()
    observer.schedule(FileSystemEventHandler(), str(folder), recursive=True)
    try:
        observer.start()
    except OSError as error:
        return error.strerror or str(error)
    observer.stop()
    observer.join()
    return ""


def is_writable(folder: Path) -> bool:
    """True where a file can be made in the folder, or in the nearest one above."""
    while not folder.exists():
        folder = folder.parent
    return os.access(folder, os.W_OK)

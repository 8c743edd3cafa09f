"""Start a warm worker."""

import contextlib
import os
import subprocess
import sys

from katas.dojo.supervision.exit_check import exit_check
from katas.dojo.warm import registry
from katas.dojo.warm.messages import Record


def start_worker(folder: str, ptw: int) -> tuple[str, subprocess.Popen[bytes]]:
    """Start a worker; return the path of its record, and its process."""
    _remove_leftovers(folder)
    token = os.urandom(16).hex()
    name = os.path.join(folder, f"{ptw}-{token[:8]}")
    pipe = rf"\\.\pipe\katas-{token}"
    record = Record(
        address=pipe if os.name == "nt" else f"{name}.socket",
        token=token,
        ptw=ptw,
        path=f"{name}.json",
    )
    stream = None if os.name == "nt" else subprocess.DEVNULL
    try:
        registry.write_record(record)
        child = subprocess.Popen(
            [sys.executable, "-m", "katas.dojo.warm.worker"],
            env={**os.environ, "KATAS_WORKER": record.to_json()},
            stdin=stream,
            stdout=stream,
            stderr=stream,
            start_new_session=True,
        )
    except BaseException:
        registry.remove_files(record.path)
        raise
    return record.path, child


def ensure_worker(folder: str, ptw: int) -> None:
    """Start a worker if none waits."""
    with contextlib.suppress(OSError):
        if not registry.record_paths(ptw):
            start_worker(folder, ptw)


def _remove_leftovers(workers: str) -> None:
    """Remove what a killed ptw left in the folder."""
    for name in os.listdir(workers):
        number = name.partition("-")[0]
        if number.isdigit() and exit_check(int(number))():
            registry.remove_files(os.path.join(workers, name))

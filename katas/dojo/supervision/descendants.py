"""End the processes that a process has started, and those that these have started."""

import contextlib
import sys

import psutil

ROUNDS = 20  # a process may start another while it is being ended


class Descendants:
    """The processes below this one, or below process `pid`.

    On Linux a process that loses its parent comes to the next "subreaper" above it.
    Elsewhere it leaves the tree, so they are looked up from time to time.
    """

    def __init__(self, pid: int | None = None) -> None:
        self.root = psutil.Process(pid)
        self.known: set[psutil.Process] = set()

    def look_up(self) -> None:
        """Remember those that run now, where the system forgets them."""
        if sys.platform != "linux":
            self.known |= self._running()

    def cpu_seconds(self) -> float:
        """The time for which the process at the root has computed."""
        try:
            times = self.root.cpu_times()
        except psutil.Error:
            return 0.0
        return times.user + times.system

    def end(self) -> None:
        """Kill them all; return when they have ended."""
        for _ in range(ROUNDS):
            running = self._running() | {p for p in self.known if p.is_running()}
            if not running:
                return
            for process in running:
                with contextlib.suppress(psutil.Error):
                    process.kill()
            psutil.wait_procs(running, timeout=0.5)
            self.known -= running

    def _running(self) -> set[psutil.Process]:
        try:
            return set(self.root.children(recursive=True))
        except psutil.Error:
            return set()


def become_subreaper() -> None:
    """From now on, a process below this one that loses its parent becomes our child."""
    _prctl(36, 1)  # PR_SET_CHILD_SUBREAPER


def die_with_parent(signal: int) -> None:
    """From now on, this process gets a signal when its parent ends."""
    _prctl(1, signal)  # PR_SET_PDEATHSIG


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        import ctypes  # the other systems have no such call

        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)

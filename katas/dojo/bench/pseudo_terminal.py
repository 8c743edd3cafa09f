"""Run a program on a pseudo-terminal, as a learner sees it: for the bench and tests."""

import codecs
import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self


class Terminal:
    """Run a command on a terminal of its own and read what it prints.

    Attributes
        pid   the program's process number
        text  all that it printed so far
    """

    def __init__(
        self,
        command: Sequence[str],
        cwd: Path,
        environment: Mapping[str, str],
        rows: int = 40,
        columns: int = 80,
    ) -> None:
        self.text = ""
        self.code: int | None = None
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.pid, self.screen = pty.fork()
        if self.pid == 0:
            signal.signal(signal.SIGHUP, signal.SIG_DFL)  # nohup would have it ignored
            with contextlib.suppress(OSError):
                os.chdir(cwd)
                os.execvpe(command[0], list(command), environment)
            os._exit(127)
        size = struct.pack("HHHH", rows, columns, 0, 0)
        fcntl.ioctl(self.screen, termios.TIOCSWINSZ, size)

    def wait_for(
        self, pattern: str, seconds: float = 60, start: int = 0
    ) -> tuple[re.Match[str], float]:
        """Read until `pattern` matches the text from `start` on; return the match and
        the time by time.monotonic() [s].

        Raises
            TimeoutError  with the text so far, when it does not in that time
        """
        until = time.monotonic() + seconds
        while True:
            match = re.compile(pattern, re.DOTALL).search(self.text, start)
            if match:
                return match, time.monotonic()
            left = until - time.monotonic()
            if left < 0 or not self._read(left):
                raise TimeoutError(f"no {pattern!r} in:\n{self.text[start:]}")

    def _read(self, seconds: float) -> bool:
        """Add new output to the text; False once the program has closed its terminal."""
        if not select.select([self.screen], [], [], seconds)[0]:
            return True
        try:
            data = os.read(self.screen, 65536)
        except OSError:  # an end of file on Linux
            data = b""
        self.text += self.decoder.decode(data)
        return bool(data)

    def read(self, seconds: float) -> None:
        """Read what is printed during some seconds."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0 and self._read(left):
            pass

    def type(self, text: str) -> None:
        os.write(self.screen, text.encode())

    def kill(self, number: int = signal.SIGKILL) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def wait(self, seconds: float = 20) -> int | None:
        """Read until the program ends; return its exit code, or None."""
        until = time.monotonic() + seconds
        while self.code is None and time.monotonic() < until:
            if not self._read(0.05):
                time.sleep(0.01)
            ended, status = os.waitpid(self.pid, os.WNOHANG)
            if ended:
                self.code = os.waitstatus_to_exitcode(status)
        return self.code

    def close(self) -> None:
        if self.wait(0.01) is None:
            self.kill()
            self.wait(5)
        with contextlib.suppress(OSError):
            os.close(self.screen)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

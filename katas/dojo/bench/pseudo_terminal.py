"""A program on a pseudo-terminal, as a learner would see it: for measures and tests."""

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


class Terminal:
    """Run a command on a terminal of its own and read what it prints.

    Attributes
        pid   the program's process number
        text  all that it printed so far
    """

    def __init__(self, command, cwd, environment, rows=40, columns=80):
        self.text = ""
        self.code = None
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.pid, self.screen = pty.fork()
        if self.pid == 0:
            signal.signal(signal.SIGHUP, signal.SIG_DFL)  # whatever nohup handed down
            with contextlib.suppress(OSError):
                os.chdir(cwd)
                os.execvpe(command[0], command, environment)
            os._exit(127)
        size = struct.pack("HHHH", rows, columns, 0, 0)
        fcntl.ioctl(self.screen, termios.TIOCSWINSZ, size)

    def wait_for(self, pattern, seconds=60, start=0):
        """Read until `pattern` matches the text from `start` on: (match, when [s]).

        Raises
            TimeoutError  with the text so far, when it does not in that time
        """
        until = time.monotonic() + seconds
        while True:
            found = re.compile(pattern, re.DOTALL).search(self.text, start)
            if found:
                return found, time.monotonic()
            left = until - time.monotonic()
            if left < 0 or not self._read(left):
                raise TimeoutError(f"no {pattern!r} in:\n{self.text[start:]}")

    def _read(self, seconds):
        """Take in what came; False once the program has closed its terminal."""
        if not select.select([self.screen], [], [], seconds)[0]:
            return True
        try:
            data = os.read(self.screen, 65536)
        except OSError:  # how Linux says end of file here
            data = b""
        self.text += self.decoder.decode(data)
        return bool(data)

    def read(self, seconds):
        """Take in what comes during some seconds."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0 and self._read(left):
            pass

    def type(self, text):
        os.write(self.screen, text.encode())

    def kill(self, number=signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def wait(self, seconds=20):
        """Read on until the program ends; return its exit status, or None."""
        until = time.monotonic() + seconds
        while self.code is None and time.monotonic() < until:
            if not self._read(0.05):
                time.sleep(0.01)
            ended, status = os.waitpid(self.pid, os.WNOHANG)
            if ended:
                self.code = os.waitstatus_to_exitcode(status)
        return self.code

    def close(self):
        if self.wait(0.01) is None:
            self.kill()
            self.wait(5)
        with contextlib.suppress(OSError):
            os.close(self.screen)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

"""What ran when a process died: written by the process, read by its supervisor.

The file holds one line, `running NAME` or `ended CODE` (empty where the exit code of the
process is not the session's). After it, faulthandler writes the
stacks when the process crashes or its watchdog ends it.
"""

import contextlib
import os
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from katas.dojo.supervision.exit_check import exit_check

START, DEBUGGER, SUMMARY = "the start of pytest", "the debugger", "the summary"
EXITED = "The code called os._exit(), or the system ran out of memory"
STACK_LINE = re.compile(
    r'  File ".*?((?:katas|solutions)[/\\]day\d\d[/\\](\w+)\.py)", line (\d+)'
)


@dataclass(frozen=True)
class Death:
    """The end of a process that gave no result.

    Attributes
        name   the node id of the test or file that ran, or "the summary"
        cause  "stopped" after its time limit, else in words for the learner
        place  the line of the learner's code, or of the test, such as
               katas/day01/tensors.py:7; empty where unknown
        call   the line of the learner's code that the test called; empty where none
    """

    name: str
    cause: str
    place: str = ""
    call: str = ""

    @property
    def stopped(self) -> bool:
        return self.cause == "stopped"

    @property
    def is_of_a_test(self) -> bool:
        return "::" in self.name or self.name.endswith(".py")


class RunDied(BaseException):
    """The test ended the process of the session before; not an Exception, so nothing
    between it and pytest catches it."""

    def __init__(self, death: Death) -> None:
        super().__init__(f"{death.cause}\n  {death.place}")
        self.death = death


class RunLog:
    """The file, in the process that runs pytest."""

    def __init__(self, path: str | Path) -> None:
        self.file = open(path, "w+b", buffering=0)  # noqa: SIM115
        self.pid = os.getpid()
        self.running(START)

    def running(self, name: str) -> None:
        self._write(f"running {name}")

    def ended(self, code: int | None) -> None:
        self._write("" if code is None else f"ended {code}")

    def _write(self, line: str) -> None:
        if os.getpid() != self.pid:  # learner's code has forked: one session goes on
            os._exit(1)
        self.file.seek(0)
        self.file.truncate()
        self.file.write(f"{line}\n".encode())


def create() -> str:
    """The path of a new log; those that killed runs have left are removed."""
    for left in Path(tempfile.gettempdir()).glob("katas-run-*-*"):
        pid = left.name.split("-")[2]
        if pid.isdigit() and exit_check(int(pid))():
            with contextlib.suppress(OSError):
                left.unlink()
    number, path = tempfile.mkstemp(prefix=f"katas-run-{os.getpid()}-")
    os.write(number, f"running {START}\n".encode())
    os.close(number)
    return path


def exit_code(path: str) -> int | None:
    """The exit code of the session that wrote a log; None where it did not end."""
    state, _, rest = _lines(path)[0].partition(" ")
    return int(rest) if state == "ended" else None


def name_of_running(path: str) -> str:
    """What runs now; empty where nothing does."""
    state, _, rest = _lines(path)[0].partition(" ")
    return rest if state == "running" else ""


def death(path: str, code: int | None) -> Death | None:
    """What happened to the process that wrote a log; None where it ended by itself.

    Args
        code  its exit code, negative for a signal; None where unknown
    """
    name, stacks = name_of_running(path), _lines(path)[1:]
    if not name:
        return None
    return Death(name, _cause(stacks, code), *_places(stacks))


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text("utf-8", "replace").splitlines() or [""]
    except OSError:
        return [""]


def _cause(stacks: Sequence[str], code: int | None) -> str:
    for line in stacks:
        if line.startswith("Timeout"):
            return "stopped"
        if line.startswith("Fatal Python error: "):
            return line.partition(": ")[2]
    if code is not None and code < 0:
        return "Killed by the system"
    return EXITED


def _places(stacks: Sequence[str]) -> tuple[str, str]:
    """Where the innermost and the outermost call of the learner's code are: on the main
    thread, else on another one (tf.data runs generators there). Without such a call the
    first is the line of the test, the second is empty."""
    calls: list[str] = []
    tests: list[str] = []
    for thread in _threads(stacks):  # the main thread comes last
        own = [place for place, is_test in thread if not is_test]
        calls = own or calls
        tests = [place for place, is_test in thread if is_test] or tests
    if calls:
        return calls[0], calls[-1]
    return (tests[0] if tests else ""), ""


def _threads(stacks: Sequence[str]) -> list[list[tuple[str, bool]]]:
    """The lines of the days' files in each thread's stack, innermost first, and whether
    they are of a test."""
    threads: list[list[tuple[str, bool]]] = [[]]
    for line in stacks:
        if "hread 0x" in line:
            threads.append([])
        elif match := STACK_LINE.match(line):
            path, module, number = match.groups()
            place = f"{path.replace(os.sep, '/')}:{number}"
            threads[-1].append((place, module.startswith("test_")))
    return threads

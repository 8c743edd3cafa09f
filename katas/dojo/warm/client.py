"""Run pytest in a warm worker and start the next worker.

This starts anew at every save, while the learner waits, so it imports little.
"""

import contextlib
import os
import signal
import sys
import time

from katas.dojo.warm import registry, wire
from katas.dojo.warm.messages import Exit, Job, Locate, Location, Ready, Running, Stale
from katas.dojo.warm.wire import Connection

TYPE_CHECKING = False  # typing's own constant costs the import of typing
if TYPE_CHECKING:
    import subprocess

ENVIRONMENT = {
    "KERAS_BACKEND": "tensorflow",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
}
STARTING = "Starting TensorFlow: a few seconds now, none at the next save."
LISTEN_TIMEOUT = 15  # s in which a worker that was started must listen
# s of a run after which the next worker starts beside it: at once where cores are free
SUCCESSOR_DELAY = 3 if (os.cpu_count() or 1) < 4 else 0


class NoWorker(Exception):
    """No warm worker can take the job; str() gives the reason."""


class StaleWorker(Exception):
    """The worker imported something that has changed since."""


def main(args: list[str]) -> int:
    """Run `pytest *args`, warm where that works, and return its exit code."""
    with contextlib.suppress(ValueError):
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    ptw = int(os.environ.get("KATAS_PTW") or os.getppid())
    _print_rule()
    try:
        if os.environ.get("KATAS_WARM") != "off":
            try:
                return run_warm(args, ptw)
            except NoWorker as reason:
                _print(f"This run is slower, without a warm worker: {reason}.")
        return run_cold(args)
    except KeyboardInterrupt:
        return 2


def run_cold(args: list[str]) -> int:
    """Run plain pytest in a process of its own."""
    import subprocess  # slow, and a warm run does without

    child = subprocess.Popen([sys.executable, "-m", "pytest", *args])
    try:
        code = child.wait()
    except KeyboardInterrupt:
        child.kill()
        child.wait()
        raise
    if code < 0:
        _print(f"The run ended without a result: {signal.Signals(-code).name}.")
    return abs(code)


def run_warm(args: list[str], ptw: int) -> int:
    """Run pytest in a worker; afterwards the next worker is starting.

    Raises
        NoWorker  where no worker takes the job
    """
    try:
        folder = registry.folder()
        for _ in range(2):
            connection, pid = _ready_worker(folder, ptw)
            crash_log = os.path.join(folder, f"{ptw}-{pid}.crash")
            try:
                connection.send(_job(args, crash_log), files=_terminal())
                return _wait_for_exit(connection, pid, crash_log, folder, ptw)
            except StaleWorker:
                continue
            finally:
                connection.close()
                registry.remove_files(crash_log)
                _start_successor(folder, ptw)
    except EOFError:
        raise NoWorker("the worker ended before the run") from None
    except OSError as error:
        raise NoWorker(error.strerror or error) from None
    raise NoWorker("files of the course change while it starts")


def _ready_worker(folder: str, ptw: int) -> tuple[Connection, int]:
    """The connection to a worker that is ready, and its process number.

    Raises
        NoWorker  where not even a fresh worker becomes ready
    """
    for waiting in [*registry.record_paths(ptw), None]:
        path, child = (waiting, None) if waiting else _start_worker(folder, ptw)
        connection = _connect(path, child)
        if connection:
            with contextlib.suppress(EOFError):
                return connection, _wait_until_ready(connection)
        registry.remove_files(path)
    raise NoWorker("none could be started, run kata doctor")


def _connect(path: str, child: "subprocess.Popen[bytes] | None") -> Connection | None:
    """A connection to the worker of a record, or None where it is dead."""
    while True:
        try:
            record = registry.read_record(path)
            return wire.connect(record.address, record.token)
        except FileNotFoundError:  # gone, or about to listen
            try:
                age = time.time() - os.stat(path).st_mtime
            except OSError:
                return None
            if age > LISTEN_TIMEOUT or (child and child.poll() is not None):
                return None
            time.sleep(0.01)
        except (OSError, ValueError):
            return None


def _wait_until_ready(connection: Connection) -> int:
    """Wait for the worker's first message, with a note on the screen if that takes
    time; return its process number."""
    message = connection.receive(0.2)
    if message is None:
        erase = "\r\x1b[K" if sys.stdout.isatty() else ""
        _print(STARTING, end="" if erase else "\n")
        message = connection.receive()
        _print(erase, end="")
    if not isinstance(message, Ready):
        raise EOFError
    return message.pid


def _start_worker(folder: str, ptw: int) -> "tuple[str, subprocess.Popen[bytes]]":
    from katas.dojo.warm import launcher  # late: mostly a worker waits already

    return launcher.start_worker(folder, ptw)


def _start_successor(folder: str, ptw: int) -> None:
    from katas.dojo.warm import launcher  # late: the run goes first

    launcher.ensure_worker(folder, ptw)


def _job(args: list[str], crash_log: str) -> Job:
    return Job(
        fingerprint=registry.fingerprint(),
        args=args,
        cwd=os.getcwd(),
        environment=dict(os.environ),
        crash_log=crash_log,
    )


def _terminal() -> list[int]:
    """Our stdin, stdout and stderr; the null device in place of a closed one."""
    files = []
    for number in (0, 1, 2):
        try:
            os.fstat(number)
            files.append(number)
        except OSError:
            files.append(os.open(os.devnull, os.O_RDWR))
    return files


def _wait_for_exit(
    connection: Connection, pid: int, crash_log: str, folder: str, ptw: int
) -> int:
    """Wait for the end of the session; return its exit code, or report why there is
    none."""
    from katas.dojo.warm import processes  # late: the session has its job by now

    ptw_has_ended = processes.exit_check(ptw)
    began = since = time.monotonic()
    running = Running(name="the start of pytest", seconds=60)
    successor_started = False
    try:
        while True:
            message = connection.receive(0.5)
            now = time.monotonic()
            if isinstance(message, Exit):
                return message.code
            if isinstance(message, Stale):
                raise StaleWorker
            if isinstance(message, Running):
                running, since = message, now
            if ptw_has_ended():
                return 2
            if not successor_started and now - began > SUCCESSOR_DELAY:
                successor_started = True
                _start_successor(folder, ptw)
            limit = float(os.environ.get("KATAS_LIMIT") or running.seconds or "inf")
            if now - since > limit:
                return _report_timeout(connection, running.name, limit)
    except EOFError:
        return _report_crash(running.name, crash_log)
    finally:
        _kill(pid)


def _report_timeout(connection: Connection, name: str, seconds: float) -> int:
    """Print where a run hangs that its own time limit could not end."""
    place = ""
    with contextlib.suppress(EOFError):
        connection.send(Locate())
        until = time.monotonic() + 1
        while not place and time.monotonic() < until:
            message = connection.receive(0.2)
            place = message.place if isinstance(message, Location) else ""
    near = f" near {place}" if place else ""
    _print(
        f"Stopped after {seconds:g} s without a result, during {name}.\n"
        f"Is there an infinite loop{near}?"
    )
    return 1


def _report_crash(name: str, crash_log: str) -> int:
    """Print why a process ended that sent no exit code."""
    lines = []
    with contextlib.suppress(OSError), open(crash_log) as file:
        lines = file.read().splitlines()
    cause = next((text.partition(": ")[2] for text in lines if text[:5] == "Fatal"), "")
    place = next((text for text in lines if f"katas{os.sep}day" in text), "")
    cause = cause or "the code called os._exit(), or the system ran out of memory"
    _print(f"The run ended without a result, during {name}:\n  {cause}.")
    if place:
        _print(place)
    return 1


def _kill(pid: int) -> None:
    """End the session, unless it has ended already."""
    with contextlib.suppress(OSError):
        os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))


def _print(text: str, end: str = "\n") -> None:
    print(text, end=end, flush=True)


def _print_rule() -> None:
    """Print a line between this run and the one above, since ptw prints none."""
    if not (sys.stdout.isatty() and "KATAS_PTW" in os.environ):
        return
    stroke = "─" if "utf" in sys.stdout.encoding.lower() else "-"
    text = f"{stroke * 2} {time.strftime('%H:%M:%S')} ".ljust(80, stroke)
    _print(f"\n{text}" if os.environ.get("NO_COLOR") else f"\n\x1b[2m{text}\x1b[0m")

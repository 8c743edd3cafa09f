"""Run pytest in a warm worker and start the next worker.

This starts anew at every save, while the learner waits, so it imports little.
"""

import contextlib
import os
import signal
import sys
import time

from katas.dojo.warm import registry, wire
from katas.dojo.warm.messages import Exit, Job, Ready, Stale
from katas.dojo.warm.wire import Connection

TYPE_CHECKING = False  # typing's own constant costs the import of typing
if TYPE_CHECKING:
    import subprocess

    from katas.dojo.supervision.run_log import Death

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
        return run_cold(args, ptw)
    except KeyboardInterrupt:
        return 2


def run_cold(args: list[str], ptw: int) -> int:
    """Run plain pytest in a process of its own."""
    import subprocess  # slow, and a warm run does without

    from katas.dojo.supervision import exit_check

    environment = {**os.environ, "KATAS_PARENT": str(os.getpid())}
    command = [sys.executable, "-m", "pytest", *args]
    child = subprocess.Popen(command, env=environment)
    ptw_has_ended = exit_check.exit_check(ptw)
    try:
        code = None
        while code is None and not ptw_has_ended():
            with contextlib.suppress(subprocess.TimeoutExpired):
                code = child.wait(0.5)
        if code is not None and code < 0:
            name = signal.Signals(-code).name
            _print(f"The run ended without a result: {name}.")
        return 2 if code is None else abs(code)
    finally:
        child.kill()
        child.wait()


def run_warm(args: list[str], ptw: int) -> int:
    """Run pytest in a worker; afterwards the next worker is starting. Where the session
    dies, another one leaves out the test in which it died.

    Raises
        NoWorker  where no worker takes the job
    """
    deaths: list[Death] = []
    variable = "[]"
    try:
        while True:
            result = _run_in_worker(args, ptw, variable)
            if isinstance(result, int):
                return result
            from katas.dojo.supervision import supervisor  # late: rarely needed

            deaths.append(result)
            if not supervisor.may_go_on(deaths):
                _print(supervisor.describe(result))
                return 1
            variable = supervisor.as_variable(deaths)
    except EOFError:
        raise NoWorker("the worker ended before the run") from None
    except OSError as error:
        raise NoWorker(error.strerror or error) from None


def _run_in_worker(args: list[str], ptw: int, deaths: str) -> "int | Death":
    """The exit code of a session, or how it died.

    Raises
        NoWorker  where files of the course change all the time
    """
    folder = registry.folder()
    for _ in range(2):
        connection, pid = _ready_worker(folder, ptw)
        log = os.path.join(folder, f"{ptw}-{pid}.log")
        try:
            connection.send(_job(args, log, deaths), files=_terminal())
            code = _wait_for_exit(connection, pid, folder, ptw)
            return _death(log) if code is None else code
        except StaleWorker:
            continue
        finally:
            connection.close()
            registry.remove_files(log)
            _start_successor(folder, ptw)
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
        erase = "\r\x1b[K" if _understands_escapes() else ""
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


def _job(args: list[str], log: str, deaths: str) -> Job:
    return Job(
        fingerprint=registry.fingerprint(),
        args=args,
        cwd=os.getcwd(),
        environment=dict(os.environ),
        run_log=log,
        deaths=deaths,
        client=os.getpid(),
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
    connection: Connection, pid: int, folder: str, ptw: int
) -> int | None:
    """Wait for the end of the session; return its exit code, None where it died."""
    from katas.dojo.supervision import exit_check  # late: the session has its job

    ptw_has_ended = exit_check.exit_check(ptw)
    began = time.monotonic()
    successor_started = False
    try:
        while True:
            message = connection.receive(0.5)
            if isinstance(message, Exit):
                return message.code
            if isinstance(message, Stale):
                raise StaleWorker
            if ptw_has_ended():
                return 2
            if not successor_started and time.monotonic() - began > SUCCESSOR_DELAY:
                successor_started = True
                _start_successor(folder, ptw)
    except EOFError:
        return 2 if ptw_has_ended() else None
    finally:
        _kill(pid)


def _death(log: str) -> "Death":
    """How the session died that wrote a log."""
    from katas.dojo.supervision import run_log  # late: rarely needed

    death = run_log.death(log, None)
    return death or run_log.Death(run_log.START, run_log.EXITED)


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
    plain = os.environ.get("NO_COLOR") or not _understands_escapes()
    _print(f"\n{text}" if plain else f"\n\x1b[2m{text}\x1b[0m")


def _understands_escapes() -> bool:
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"

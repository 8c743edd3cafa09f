"""The warm worker: a process that warms up, waits for one job, runs it and ends.

The client starts it as `python -m katas.dojo.warm.worker` with its record (address and
token of its socket, path of the record, process number of its ptw) in KATAS_WORKER.
It ends with its ptw, when its record is removed, or after an idle hour.
"""

import atexit
import contextlib
import os
import select
import signal
import sys
import threading
import time

from katas.dojo.store.streams import silent_stderr
from katas.dojo.supervision import supervisor
from katas.dojo.supervision.exit_check import exit_check
from katas.dojo.warm import registry, session, warmup
from katas.dojo.warm.listener import Listener, listen
from katas.dojo.warm.messages import Exit, Job, Ready, Record, Stale
from katas.dojo.warm.wire import Connection

IDLE = 3600  # s


class Guardian(threading.Thread):
    """End this process when it is no longer needed, or its client is gone."""

    def __init__(self, record: Record) -> None:
        super().__init__(daemon=True, name="guardian")
        self.record = record
        self.ptw_has_ended = exit_check(record.ptw)
        self.deadline = time.monotonic() + float(os.environ.get("KATAS_IDLE") or IDLE)
        self.connection: Connection | None = None  # to the client, once a job runs

    def run(self) -> None:
        while not self.ptw_has_ended():
            if self.connection is None:
                time.sleep(1)
                if not self._is_needed():
                    break
            else:
                try:
                    self.connection.receive(1)  # it sends nothing
                except EOFError:  # the client is gone
                    break
        registry.remove_files(self.record.path, self.record.address)
        os._exit(1)

    def _is_needed(self) -> bool:
        path = self.record.path
        if not os.path.exists(path):
            time.sleep(1)  # a client may be connected already
        registered = os.path.exists(path) or self.connection is not None
        return registered and time.monotonic() < self.deadline


def wait_for_job(listener: Listener) -> tuple[Connection, Job]:
    """The first job that comes, and the connection it came over."""
    while True:
        connection = listener.accept()
        if connection is None:
            continue
        with contextlib.suppress(EOFError):
            connection.send(Ready(pid=os.getpid()))
            job = connection.receive(10)
            if isinstance(job, Job):
                return connection, job
        connection.close()


class ClientCheck:
    """True once the ptw has ended, or the client that the worker works for.

    A supervisor checks this as well as the guardian: C code may keep the guardian from
    running. The worker sends it the client's process number through a pipe.
    """

    def __init__(self, ptw: int) -> None:
        self.checks = [exit_check(ptw)]
        self.received, self.sent = os.pipe()
        if os.name != "nt":
            os.set_blocking(self.received, False)

    def client_is(self, pid: int) -> None:
        os.write(self.sent, pid.to_bytes(8))

    def __call__(self) -> bool:
        if os.name != "nt" and select.select([self.received], [], [], 0)[0]:
            with contextlib.suppress(BlockingIOError):  # the other supervisor was first
                client = int.from_bytes(os.read(self.received, 8))
                self.checks.append(exit_check(client))
        return any(has_ended() for has_ended in self.checks)


def main() -> None:
    record = Record.from_json(os.environ["KATAS_WORKER"])
    is_needless = ClientCheck(record.ptw)
    code = supervisor.run_in_child(is_needless, repeats=False)
    if code is not None:
        registry.remove_files(record.path, record.address)
        sys.exit(code)
    del os.environ["KATAS_WORKER"]
    fingerprint = registry.fingerprint()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the client
    listener = listen(record.address, record.token)
    guardian = Guardian(record)
    guardian.start()
    with silent_stderr():  # TensorFlow's start-up lines
        warmup.warm_up(hurried=listener.has_client)
    if os.path.exists(record.path):
        record.pid = os.getpid()
        registry.write_record(record)
    connection, job = wait_for_job(listener)
    registry.remove_files(record.path)  # before the client gets the result and kills us
    listener.close()
    if job.fingerprint != fingerprint:
        with contextlib.suppress(EOFError):
            connection.send(Stale())
        return
    is_needless.client_is(job.client)
    guardian.connection = connection
    code = session.run(job, connection)
    with contextlib.suppress(EOFError):
        connection.send(Exit(code=code))
    atexit._run_exitfuncs()  # a graph leaves its source in a file until then
    os._exit(code)  # TensorFlow takes a quarter of a second to end by itself


if __name__ == "__main__":
    main()

"""The spare: a process that warms up, waits for one job, runs it and ends.

Started by the client as `python -m katas.dojo.warm.worker`, its order in KATAS_SPARE:
address and token of its socket, the path of its record, the process number of its ptw.
It ends with its ptw, when its record is taken away, or after an idle hour.
"""

import atexit
import contextlib
import json
import os
import signal
import threading
import time

from katas.dojo.warm import processes, registry, warmup, wire

IDLE = 3600  # s


class Guardian(threading.Thread):
    """End this process when nobody needs it any more; answer `where` during a job."""

    def __init__(self, order):
        super().__init__(daemon=True, name="guardian")
        self.order = order
        self.ptw_is_gone = processes.watch(order["ptw"])
        self.until = time.monotonic() + float(os.environ.get("KATAS_IDLE") or IDLE)
        self.line = None  # to the client, once a job runs
        self.answer = None  # a function: question -> message

    def run(self):
        while not self.ptw_is_gone():
            if self.line is None:
                time.sleep(1)
                if not self._wanted():
                    break
            else:
                try:
                    question = self.line.receive(1)
                    if question is not None:
                        self.line.send(self.answer(question))
                except EOFError:  # the client is gone
                    break
        registry.remove(self.order["record"], self.order["address"])
        os._exit(1)

    def _wanted(self):
        record = self.order["record"]
        if not os.path.exists(record):
            time.sleep(1)  # a client may hold the wire already
        there = os.path.exists(record) or self.line is not None
        return there and time.monotonic() < self.until


def wait_for_job(listener, own):
    """The first job that comes, and its wire; the job is None where our world is
    no longer the owner's."""
    while True:
        line = listener.accept()
        if line is None:
            continue
        with contextlib.suppress(EOFError):
            line.send({"ready": os.getpid()})
            job = line.receive(10)
            if job:
                return (job if job["key"] == own else None), line
        line.close()


def main():
    order = json.loads(os.environ.pop("KATAS_SPARE"))
    own = registry.key()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the client
    listener = wire.listen(order["address"], order["token"])
    guardian = Guardian(order)
    guardian.start()
    with _quiet():
        warmup.warm_up(listener.waiting)
    if os.path.exists(order["record"]):
        registry.write(order["record"], {**order, "pid": os.getpid(), "ready": True})
    job, line = wait_for_job(listener, own)
    registry.remove(order["record"])  # before the client hears of it and kills us
    listener.close()
    if job is None:
        with contextlib.suppress(EOFError):
            line.send({"stale": True})
        return
    from katas.dojo.warm import session

    guardian.answer, guardian.line = session.place, line
    code = session.run(job, line)
    with contextlib.suppress(EOFError):
        line.send({"exit": code})
    atexit._run_exitfuncs()  # a graph leaves its source in a file until then
    os._exit(code)  # TensorFlow takes a quarter of a second to leave politely


@contextlib.contextmanager
def _quiet():
    """No start-up lines of TensorFlow, which go past Python's sys.stderr."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


if __name__ == "__main__":
    main()

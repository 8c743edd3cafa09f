"""One search by KerasTuner's chief and workers, each in a process of its own.

    who = workers.search(folder, trials=6)    # ["tuner0", "tuner1", "tuner1", ...]

A first process imports TensorFlow once and starts the others: chief, tuner0, tuner1.
When both workers are done, or one of all three fails or is killed, it ends them and
itself. It also ends when its standard input closes, and so when the process that
started it dies; then it removes the folder. The others end when it does, however it
dies. So nothing is left behind.
"""

import contextlib
import importlib
import multiprocessing
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from multiprocessing import connection
from pathlib import Path

from katas.dojo.store import paths

PATIENCE = 60.0  # [s] for a whole search
# A fork shares the import of TensorFlow, which costs each process 5 s of a core.
KIND = "fork" if sys.platform == "linux" else "spawn"


class Stopped(AssertionError):
    """The processes ended before the search was done."""


def search(folder, count=2, trials=6):
    """Run the learner's search by a chief and `count` workers, and wait for its end.

    Shapes
        returns  the name of who trained, one for each trial that was begun

    Raises
        Stopped  with the last line that the processes wrote
    """
    from katas.dojo.course import index

    order = target(), str(folder), str(count), str(trials)
    with (Path(folder) / "said.txt").open("w+b") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", __name__, *order],
            cwd=paths.root(),
            env=os.environ
            | {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=said,
            start_new_session=True,
        )
        try:
            code = process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            code = f"no end within {PATIENCE:g} s"
        finally:
            process.stdin.close()
            end_all(process.pid)
            process.wait()
        if code:
            said.seek(0)
            lines = [str(code), *said.read().decode("utf-8", "replace").splitlines()]
            last = [line for line in lines if line.strip()][-1]
            raise Stopped(f"The chief and its workers did not end well: {last}")
    return (Path(folder) / "who.txt").read_text("utf-8").split()


def end_all(leader):
    """End a process and, where there are process groups, all that it started."""
    with contextlib.suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(leader, signal.SIGKILL)
        else:
            os.kill(leader, signal.SIGTERM)


def target():
    """Whose code is under test here, and so over there."""
    from katas.dojo.course import targets

    found = [f.target for f in sys.meta_path if isinstance(f, targets.Finder)]
    return found[0] if found else "katas"


def score(values):
    """What stands in for a training: a rate of 0.01 and many filters are good."""
    return values["filters"] / 64 - abs(values["rate"] - 0.01)


def take_part(name, port, order, ready):
    """Be the chief or a worker: the same call, and three environment variables."""
    whose, folder, _, trials = order
    threading.Thread(target=_end_with_the_parent, daemon=True).start()
    os.environ["KERASTUNER_TUNER_ID"] = name
    os.environ["KERASTUNER_ORACLE_IP"] = "127.0.0.1"
    os.environ["KERASTUNER_ORACLE_PORT"] = str(port)
    from katas.dojo.course import targets

    targets.install(whose)
    from katas.day23 import tuning

    waited = []

    def train(values):
        if not waited:  # no trial ends before every worker has one
            waited.append(ready.wait(PATIENCE / 2))
        with (Path(folder) / "who.txt").open("a", encoding="utf-8") as file:
            file.write(f"{name}\n")
        return score(values)

    tuning.search(tuning.SPACE, train, int(trials), folder)


def _end_with_the_parent():
    connection.wait([multiprocessing.parent_process().sentinel])
    os._exit(1)


def _end_with_the_input(folder):
    # Not sys.stdin.read(): its lock would be held in a fork, which closes its copy.
    while os.read(0, 1):
        pass
    for child in multiprocessing.active_children():
        child.kill()
        child.join()
    shutil.rmtree(folder, ignore_errors=True)  # its owner died and cannot
    os._exit(1)


def main(order):
    """Start everybody, wait for the workers, end the chief."""
    watch = threading.Thread(target=_end_with_the_input, args=order[1:2], daemon=True)
    watch.start()
    importlib.import_module("keras_tuner")  # before the fork

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    context = multiprocessing.get_context(KIND)
    ready = context.Barrier(int(order[2]))
    names = ["chief", *(f"tuner{k}" for k in range(int(order[2])))]
    crew = [
        context.Process(target=take_part, args=(name, port, order, ready), daemon=True)
        for name in names
    ]
    for process in crew:
        process.start()
    workers = crew[1:]
    # Without a chief a worker would wait for an hour; a chief looks up every 20 s only.
    while any(one.is_alive() for one in workers) and not any(p.exitcode for p in crew):
        connection.wait([one.sentinel for one in crew if one.is_alive()], 1)
    well = all(worker.exitcode == 0 for worker in workers)
    for process in crew:
        process.kill()
        process.join()
    os._exit(not well)


if __name__ == "__main__":
    main(sys.argv[1:])

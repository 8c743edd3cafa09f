"""Run a function in processes of their own: two CPU devices, or a cluster of workers.

    with workers.devices(2) as crew:          # one process with two logical CPUs
        losses = crew.run(job, 3)             # job(strategy, 3), run over there
    with workers.cluster(2) as crew:          # two processes, joined over loopback
        first, second = crew.run(job, 3)      # one answer a worker

Each process ends when its standard input closes. That is so when its crew is closed and
when the process that started it dies, however it dies. What TensorFlow writes to disk
meanwhile stands in a folder of the crew's own, which goes with it.
"""

import contextlib
import importlib
import io
import json
import os
import pickle
import queue
import shutil
import socket
import subprocess
import sys
import tempfile
import threading

FOLDER = "KATAS_CREW_FOLDER"  # names the crew's folder to its processes
GRACE = 3.0  # s that the other workers get to answer once one has failed


class Crew:
    """Processes with one strategy; they start at the first job."""

    def __init__(self, kind, count):
        self.kind, self.count = kind, count
        self.processes, self.heard, self.folder = [], queue.Queue(), None

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def run(self, job, *args):
        """Return what job(strategy, *args) returns: for a cluster, a list."""
        order = job.__module__, job.__qualname__, pickle.dumps(args)
        try:
            if not self.processes:
                self._start()
            answers = self._ask([order] * len(self.processes))
        except BaseException:
            self.close()
            raise
        return answers if self.kind == "cluster" else answers[0]

    def close(self):
        """End the processes, and wait until they have ended."""
        for process in self.processes:
            with contextlib.suppress(OSError):
                process.stdin.close()
        for process in self.processes:
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)
        self.processes, self.heard, self.folder = [], queue.Queue(), None

    def _start(self):
        self.folder = tempfile.mkdtemp(prefix="katas-day25-")
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(sys.path),
            **dict.fromkeys((FOLDER, "TMPDIR", "TEMP", "TMP"), self.folder),
        }
        command = [sys.executable, "-m", "katas.day25.workers"]
        for index in range(self.count if self.kind == "cluster" else 1):
            process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
            )
            self.processes.append(process)
            hear = threading.Thread(
                target=listen, args=(process, index, self.heard), daemon=True
            )
            hear.start()
        setting = {"kind": self.kind, "count": self.count, "target": _target()}
        indices = range(len(self.processes))
        ports = self._ask([{**setting, "index": index} for index in indices])
        self._ask([ports] * len(ports))

    def _ask(self, orders):
        """Send each process its order; the answers, or the first one's error."""
        for process, order in zip(self.processes, orders, strict=True):
            with contextlib.suppress(OSError):  # one that has ended is heard below
                pickle.dump(order, process.stdin)
                process.stdin.flush()
        answers, errors = {}, []
        with contextlib.suppress(queue.Empty):
            while len(answers) + len(errors) < len(orders):
                heard = self.heard.get(timeout=GRACE if errors else None)
                index, fine, answer, said = heard
                print(said, end="")
                if fine:
                    answers[index] = answer
                else:
                    errors.append(answer)
        if errors:
            if len(answers) + len(errors) < len(orders):
                self.close()  # the others wait for the one that failed
            raise errors[0]
        return [answers[index] for index in sorted(answers)]


def devices(count):
    """A crew of one process, whose strategy mirrors over logical CPU devices."""
    return Crew("devices", count)


def cluster(count):
    """A crew of worker processes, joined by MultiWorkerMirroredStrategy."""
    return Crew("cluster", count)


def listen(process, index, heard):
    """Pass on what a process answers, until it ends."""
    with contextlib.suppress(EOFError, OSError, pickle.UnpicklingError):
        while True:
            heard.put((index, *pickle.load(process.stdout)))
    process.stdout.close()
    gone = ChildProcessError(f"worker {index} ended before it answered")
    heard.put((index, False, gone, ""))


def _target():
    """Whose code is under test here, so that it is the same over there."""
    from katas.dojo.course import targets

    finders = [f for f in sys.meta_path if isinstance(f, targets.Finder)]
    return finders[0].target if finders else "katas"


def serve():
    """Be a member of a crew: set the strategy up, then do one job after the other."""
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)  # what C++ code prints must not get between the answers
    orders = queue.Queue()
    threading.Thread(target=receive, args=(orders,), daemon=True).start()

    def answer(function):
        said = io.StringIO()
        try:
            with contextlib.redirect_stdout(said):
                found = pickle.dumps((True, function(), said.getvalue()))
        except BaseException as error:
            found = pickle.dumps((False, portable(error), said.getvalue()))
        answers.write(found)
        answers.flush()

    setting = orders.get()
    with socket.socket() as place:  # a free port, held until it is needed
        place.bind(("127.0.0.1", 0))
        answer(lambda: place.getsockname()[1])
        ports = orders.get()
        import_all(setting["target"])
    made = []
    answer(lambda: made.append(strategy(setting, ports)))
    while True:
        module, name, packed = orders.get()
        answer(lambda: job(module, name)(*made, *pickle.loads(packed)))  # noqa: B023


def receive(orders):
    """Queue what comes in; end this process when nothing can come any more."""
    with contextlib.suppress(Exception):
        while True:
            orders.put(pickle.load(sys.stdin.buffer))
    if folder := os.environ.get(FOLDER):
        shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)


def import_all(target):
    from katas.dojo.course import targets
    from katas.dojo.runner import tensorflow_import

    tensorflow_import.import_with_stand_ins()
    targets.install(target)


def strategy(setting, ports):
    """The strategy of this process; before TensorFlow has started its devices."""
    import keras
    import tensorflow as tf

    keras.config.disable_traceback_filtering()
    tf.get_logger().setLevel("ERROR")
    tf.config.set_visible_devices([], "GPU")
    if setting["kind"] == "cluster":
        here = {"type": "worker", "index": setting["index"]}
        workers = [f"127.0.0.1:{port}" for port in ports]
        cluster = {"cluster": {"worker": workers}, "task": here}
        os.environ["TF_CONFIG"] = json.dumps(cluster)
        return tf.distribute.MultiWorkerMirroredStrategy()
    cpu = tf.config.list_physical_devices("CPU")[0]
    logical = [tf.config.LogicalDeviceConfiguration()] * setting["count"]
    tf.config.set_logical_device_configuration(cpu, logical)
    names = [f"CPU:{index}" for index in range(setting["count"])]
    return tf.distribute.MirroredStrategy(names)


def job(module, name):
    return getattr(importlib.import_module(module), name)


def portable(error):
    """The error, or its text where it cannot travel between processes."""
    with contextlib.suppress(Exception):
        pickle.loads(pickle.dumps(error))
        return error
    return RuntimeError(f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    from katas.day25 import workers

    workers.serve()

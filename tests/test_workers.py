"""Day 25's worker processes leave nothing behind: no process, no port, no file."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from katas.day25 import workers
from katas.dojo.store import paths

OWNER = """
import json, sys, time
from katas.day25 import workers
from tests import test_workers as jobs

with workers.devices(2) as two, workers.cluster(2) as crew:
    found = [two.run(jobs.graph_of_two), *crew.run(jobs.graph_of_two)]
    pids = [p.pid for c in (two, crew) for p in c.processes]
    print(json.dumps({"pids": pids, "ports": found}), flush=True)
    sys.stdin.readline()
"""


def graph_of_two(strategy):
    """A job that makes TensorFlow write to disk; the worker's port, or None."""
    import tensorflow as tf

    @tf.function
    def add(x):
        return x + 1 if x > 0 else x

    add(tf.constant(1.0))
    cluster = json.loads(os.environ.get("TF_CONFIG", "{}"))
    if not cluster:
        return None
    here = cluster["cluster"]["worker"][cluster["task"]["index"]]
    return int(here.split(":")[1])


def fail_first(strategy):
    """A job that fails on one worker while the other waits for it for ever."""
    if json.loads(os.environ["TF_CONFIG"])["task"]["index"] == 0:
        raise ValueError("the first worker cannot")
    while True:
        time.sleep(0.1)


def pid(strategy):
    return os.getpid()


def runs(number):
    """Whether the process runs; one that has ended and waits to be read does not."""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{number}/stat")
    try:
        return not stat.exists() or stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def still_running(numbers, seconds=20):
    """Those that still run after so many seconds: none, as a rule."""
    end = time.monotonic() + seconds
    while (left := [n for n in numbers if runs(n)]) and time.monotonic() < end:
        time.sleep(0.05)
    return left


def free(port, seconds=5):
    """Whether the port is free; a process that ends releases it a moment later."""
    end = time.monotonic() + seconds
    while True:
        with socket.socket() as place:
            place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                place.bind(("127.0.0.1", port))
                return True
            except OSError:
                if time.monotonic() > end:
                    return False
        time.sleep(0.05)


def start_owner(tmp_path):
    """A process that owns both kinds of workers, and what it reports about them."""
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=paths.root(),
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    return owner, json.loads(owner.stdout.readline())


def nothing_is_left(report, folder):
    assert still_running(report["pids"]) == []
    for port in filter(None, report["ports"]):
        assert free(port), port
    assert [path.name for path in folder.iterdir()] == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, None])
def test_crews_leave_nothing_behind_however_their_owner_ends(tmp_path, how):
    owner, report = start_owner(tmp_path)
    assert len(report["pids"]) == 3
    assert all(map(runs, report["pids"]))
    if how is None:
        owner.stdin.close()
    else:
        owner.send_signal(how)
    owner.wait(30)
    owner.stdout.close()
    nothing_is_left(report, tmp_path)


def test_a_worker_that_waits_for_one_that_failed_is_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(workers, "GRACE", 0.5)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with workers.cluster(2) as crew:
        numbers = crew.run(pid)
        with pytest.raises(ValueError, match="the first worker cannot"):
            crew.run(fail_first)
        assert still_running(numbers) == []
        assert list(tmp_path.iterdir()) == []
        assert crew.run(pid) != numbers  # the next job gets a crew of its own


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_worker_that_is_killed_is_an_error_without_a_wait(monkeypatch):
    monkeypatch.setattr(workers, "GRACE", 0.5)
    with workers.cluster(2) as crew:
        numbers = crew.run(pid)
        os.kill(numbers[1], signal.SIGKILL)
        with pytest.raises(ChildProcessError, match="worker 1 ended"):
            crew.run(pid)
        assert still_running(numbers) == []


def test_two_crews_work_beside_each_other():
    def whole():
        with workers.cluster(2) as crew:
            return crew.run(pid)

    with ThreadPoolExecutor(2) as pool:
        first, second = (pool.submit(whole) for _ in range(2))
        assert len({*first.result(), *second.result()}) == 4

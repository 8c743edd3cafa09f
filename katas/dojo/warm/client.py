"""Run pytest in a spare and leave the next spare behind.

It starts anew at every save while the learner waits, so it imports little.
"""

import contextlib
import json
import os
import signal
import sys
import time

from katas.dojo.warm import processes, registry, wire

SETTINGS = {
    "KERAS_BACKEND": "tensorflow",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
}
STARTING = "TensorFlow starts: some seconds now, none at the next save"
SOON = 15  # s in which a spare that was started listens
# s of a run after which its successor starts beside it: at once where cores are free
PATIENCE = 3 if (os.cpu_count() or 1) < 4 else 0


class NoSpare(Exception):
    """The warm way is closed; str() says why."""


class Stale(Exception):
    """The spare has imported what changed since."""


def main(args):
    """Run `pytest *args`, warm where that works, and return its exit code."""
    with contextlib.suppress(ValueError):
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    for name, value in SETTINGS.items():
        os.environ.setdefault(name, value)
    ptw = int(os.environ.get("KATAS_PTW") or os.getppid())
    _rule()
    try:
        if os.environ.get("KATAS_WARM") != "off":
            try:
                return warm(args, ptw)
            except NoSpare as why:
                _say(f"a cold run this time: {why}")
        return cold(args)
    except KeyboardInterrupt:
        return 2


def cold(args):
    """Plain pytest in a process of its own."""
    import subprocess

    child = subprocess.Popen([sys.executable, "-m", "pytest", *args])
    try:
        code = child.wait()
    except KeyboardInterrupt:
        child.kill()
        child.wait()
        raise
    if code < 0:
        _say(f"The run ended without a verdict: {signal.Signals(-code).name}.")
    return abs(code)


def warm(args, ptw):
    """The run in a spare; afterwards the next spare is on its way."""
    try:
        folder = registry.folder()
        for _ in range(2):
            line, pid = _spare(folder, ptw)
            crash = os.path.join(folder, f"{ptw}-{pid}.crash")
            try:
                line.send(_job(args, crash), files=_terminal())
                return _follow(line, pid, crash, folder, ptw)
            except Stale:
                continue
            finally:
                line.close()
                registry.remove(crash)
                top_up(folder, ptw)
    except EOFError:
        raise NoSpare("the waiting interpreter ended.") from None
    except OSError as error:
        raise NoSpare(error.strerror or error) from None
    raise NoSpare("the course changes under its waiting interpreter.")


def _spare(folder, ptw):
    """A wire to a spare that is ready, and its process number."""
    for waiting in [*registry.records(ptw), None]:
        record, child = (waiting, None) if waiting else start(folder, ptw)
        line = _connect(record, child)
        if line:
            with contextlib.suppress(EOFError):
                return line, _ready(line)
        registry.remove(record)
    raise NoSpare("no interpreter can be kept warm: see kata doctor.")


def _ready(line):
    """Wait for the spare's first message, with a word to the learner if that takes
    time; return its process number."""
    message = line.receive(0.2)
    if message is None:
        erase = "\r\x1b[K" if sys.stdout.isatty() else ""
        _say(STARTING, end="" if erase else "\n")
        message = line.receive()
        _say(erase, end="")
    return message["ready"]


def _connect(path, child):
    """A Wire to the spare of a record, or None where it is dead."""
    while True:
        try:
            with open(path) as file:
                record = json.load(file)
            return wire.connect(record["address"], record["token"])
        except FileNotFoundError:  # gone, or about to listen
            try:
                age = time.time() - os.stat(path).st_mtime
            except OSError:
                return None
            if age > SOON or (child and child.poll() is not None):
                return None
            time.sleep(0.01)
        except (OSError, ValueError):
            return None


def start(folder, ptw):
    """Start a spare; return the path of its record, and its process."""
    import subprocess

    registry.tidy(folder)
    token = os.urandom(16).hex()
    name = os.path.join(folder, f"{ptw}-{token[:8]}")
    order = {
        "address": rf"\\.\pipe\katas-{token}" if os.name == "nt" else f"{name}.socket",
        "token": token,
        "ptw": ptw,
        "record": f"{name}.json",
    }
    own = None if os.name == "nt" else subprocess.DEVNULL
    try:
        registry.write(order["record"], order)
        child = subprocess.Popen(
            [sys.executable, "-m", "katas.dojo.warm.worker"],
            env={**os.environ, "KATAS_SPARE": json.dumps(order)},
            stdin=own,
            stdout=own,
            stderr=own,
            start_new_session=True,
        )
    except BaseException:
        registry.remove(order["record"])
        raise
    return order["record"], child


def top_up(folder, ptw):
    """Start a spare if none waits."""
    with contextlib.suppress(OSError):
        if not registry.records(ptw):
            start(folder, ptw)


def _job(args, crash):
    return {
        "key": registry.key(),
        "args": args,
        "cwd": os.getcwd(),
        "environment": dict(os.environ),
        "crash": crash,
    }


def _terminal():
    """Our stdin, stdout and stderr; nothing in the place of a closed one."""
    files = []
    for number in (0, 1, 2):
        try:
            os.fstat(number)
            files.append(number)
        except OSError:
            files.append(os.open(os.devnull, os.O_RDWR))
    return files


def _follow(line, pid, crash, folder, ptw):
    """Wait for the session's end: its exit code, or a sentence in its place."""
    ptw_is_gone = processes.watch(ptw)
    began = since = time.monotonic()
    doing, seconds = "the start of pytest", 60
    try:
        while True:
            message = line.receive(0.5) or {}
            now = time.monotonic()
            if "exit" in message:
                return message["exit"]
            if "stale" in message:
                raise Stale
            if "doing" in message:
                doing, seconds, since = message["doing"], message["seconds"], now
            if ptw_is_gone():
                return 2
            if began and now - began > PATIENCE:
                began = None
                top_up(folder, ptw)
            limit = float(os.environ.get("KATAS_LIMIT") or seconds or "inf")
            if now - since > limit:
                return _stopped(line, doing, limit)
    except EOFError:
        return _ended(doing, crash)
    finally:
        _kill(pid)


def _stopped(line, doing, seconds):
    """Say where a run hangs that its own time limit could not end."""
    place = ""
    with contextlib.suppress(EOFError):
        line.send({"where": True})
        until = time.monotonic() + 1
        while not place and time.monotonic() < until:
            place = (line.receive(0.2) or {}).get("place", "")
    near = f" near {place}" if place else ""
    _say(
        f"Stopped after {seconds:g} s without a verdict, in {doing}.\n"
        f"Is there a loop that never ends{near}?"
    )
    return 1


def _ended(doing, crash):
    """Say how a process left that gave no verdict."""
    lines = []
    with contextlib.suppress(OSError), open(crash) as file:
        lines = file.read().splitlines()
    cause = next((text.partition(": ")[2] for text in lines if text[:5] == "Fatal"), "")
    place = next((text for text in lines if f"katas{os.sep}day" in text), "")
    cause = cause or "the code called os._exit(), or memory ran out"
    _say(f"The run ended without a verdict, in {doing}:\n  {cause}.")
    if place:
        _say(place)
    return 1


def _kill(pid):
    """End the session, where it has not ended already."""
    with contextlib.suppress(OSError):
        os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))


def _say(text, end="\n"):
    print(text, end=end, flush=True)


def _rule():
    """A line that parts this run from the one above, where ptw is quiet."""
    if not (sys.stdout.isatty() and "KATAS_PTW" in os.environ):
        return
    stroke = "─" if "utf" in sys.stdout.encoding.lower() else "-"
    text = f"{stroke * 2} {time.strftime('%H:%M:%S')} ".ljust(80, stroke)
    _say(f"\n{text}" if os.environ.get("NO_COLOR") else f"\n\x1b[2m{text}\x1b[0m")

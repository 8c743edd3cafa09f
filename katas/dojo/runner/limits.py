"""Keep one run's damage inside it: time, chance, memory and global state."""

import contextlib
import os
import signal
import sys
import threading

SECONDS = 20.0  # per test, where the test does not ask for another limit
PATIENCE = 1.0  # the proof, which runs on every core at once, waits longer


class TookTooLong(BaseException):
    """Not an Exception: neither the learner's `except` nor hypothesis may catch it."""


@contextlib.contextmanager
def time_limit(seconds):
    """Raise TookTooLong in the main thread after so many seconds (POSIX only;
    elsewhere pytest-timeout ends the process). A debugger may take its time."""
    usable = (
        hasattr(signal, "setitimer")
        and "pydevd" not in sys.modules
        and threading.current_thread() is threading.main_thread()
    )
    if not usable or not seconds:
        yield
        return

    def stop(number, frame):
        raise TookTooLong(f"{seconds:g} s")

    before = signal.signal(signal.SIGALRM, stop)
    # Again and again: a bare `except:` in the learner's loop swallows the first.
    signal.setitimer(signal.ITIMER_REAL, seconds, 0.5)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def start_anew():
    """The same code gets the same answer at each save, and look-up knows it again."""
    import keras

    keras.utils.set_random_seed(0)
    keras.src.utils.naming.reset_uids()  # so the first Dense is "dense"


def snapshot():
    """The global switches that one test could leave changed for the next."""
    import keras
    import numpy as np
    import tensorflow as tf

    return {
        "the dtype policy": keras.config.dtype_policy().name,
        "keras.config.floatx": keras.config.floatx(),
        "eager mode of tf.function": tf.config.functions_run_eagerly(),
        "the working folder": os.getcwd(),
        "numpy's error handling": tuple(sorted(np.geterr().items())),
        "the default writer of tf.summary": getattr(_summaries(), "writer", None),
    }


def restore(before):
    """Put the switches back; return the names of those that had moved."""
    import keras
    import numpy as np
    import tensorflow as tf

    moved = [name for name, value in snapshot().items() if value != before[name]]
    if moved:
        keras.config.set_dtype_policy(before["the dtype policy"])
        keras.config.set_floatx(before["keras.config.floatx"])
        tf.config.run_functions_eagerly(before["eager mode of tf.function"])
        os.chdir(before["the working folder"])
        np.seterr(**dict(before["numpy's error handling"]))
        if _summaries():
            _summaries().writer = before["the default writer of tf.summary"]
    return moved


def _summaries():
    """Where TensorFlow keeps the default writer, for which it has no public name."""
    module = sys.modules.get("tensorflow.python.ops.summary_ops_v2")
    return getattr(module, "_summary_state", None)

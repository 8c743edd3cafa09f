"""Import TensorFlow without its start-up lines.

Some of them are written before its logging is set up and heed no variable, so the
error stream is closed to the process for the moment of the import.
"""

import contextlib
import os
import sys


@contextlib.contextmanager
def silent_stderr():
    """Send what the process, C++ included, writes to stderr nowhere."""
    try:
        sys.stderr.flush()
        saved = os.dup(2)
    except (OSError, ValueError, AttributeError):
        yield
        return
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, 2)
    try:
        yield
    finally:
        os.dup2(saved, 2)
        os.close(sink)
        os.close(saved)


def import_tensorflow():
    """Import Keras and TensorFlow and start their devices, silently."""
    with silent_stderr():
        from katas.dojo.warm import imports

        imports.tensorflow()
        import keras
        import tensorflow as tf

        tf.zeros(1)
    keras.config.disable_traceback_filtering()
    return tf

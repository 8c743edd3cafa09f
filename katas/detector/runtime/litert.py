"""A model as a device would run it, and how long one window takes."""

import tempfile
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from katas.dojo.store import streams

RUNS = 1000  # of one window, for a latency
Floats = NDArray[np.floating]


def single_window(model: Any) -> Callable[[Floats], Floats]:
    """Return the Keras model as a LiteRT function of one window, float32, one thread.

    Shapes
        window   float32 [1, 128, 6]
        returns  float32 [1, 1]
    """
    with tempfile.TemporaryDirectory() as folder, streams.silent_stderr():
        model.export(folder, "tf_saved_model", verbose=False)
        content = tf.lite.TFLiteConverter.from_saved_model(folder).convert()
        runner = Interpreter(model_content=content, num_threads=1)
        runner.allocate_tensors()
    (source,), (sink,) = runner.get_input_details(), runner.get_output_details()

    def score(window: Floats) -> Floats:
        runner.set_tensor(source["index"], window)
        runner.invoke()
        return runner.get_tensor(sink["index"])

    return score


def latency(call: Callable[[Floats], Any], windows: Floats) -> tuple[float, float]:
    """Median and 95th percentile of one window at a time [us], after a warm-up.

    Shapes
        windows  float32 [count, 128, 6]
    """
    times = []
    for k in range(RUNS + 50):
        start = time.perf_counter()
        call(windows[k % len(windows)][None])
        times.append((time.perf_counter() - start) * 1e6)
    median, percentile = np.percentile(times[50:], (50, 95))
    return float(median), float(percentile)

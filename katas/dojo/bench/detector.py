"""The detector's speed in one run: training, then Keras, LiteRT, int8 and stream.

The network is the reference's of day 30, trained for a moment on the simulator by day
31's script and exported by day 33's: its speed does not depend on its weights.
Each latency is the median of single windows, after a warm-up.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from katas.detector.runtime import allocator
from katas.dojo.runner import tensorflow_import

if TYPE_CHECKING:
    from katas.detector.parts import ShippingParts

RUNS = 200
STREAM = 6400  # samples: 128 s
UNSCALED = np.zeros(6, "float32"), np.ones(6, "float32")  # day 30's scales by itself


def median_us(call: Callable[[np.ndarray], object], windows: np.ndarray) -> float:
    """Median time of a call on one window [us]."""
    for window in windows[:20]:
        call(window[None])
    times = []
    for k in range(RUNS):
        start = time.perf_counter()
        call(windows[k % len(windows)][None])
        times.append(time.perf_counter() - start)
    return float(np.median(times)) * 1e6


def streaming_us(
    parts: ShippingParts, score: Callable[..., object], signal: np.ndarray
) -> float:
    """Mean time of one sample through ring buffer, model and alarm [us]; the watch's
    budget is 20,000 us a sample at 50 Hz."""
    detector = parts.StreamingDetector(score, 0.5)
    start = time.perf_counter()
    for sample in signal:
        detector.step(sample)
    return (time.perf_counter() - start) / len(signal) * 1e6


def train(parts: ShippingParts) -> tuple[Any, float]:
    """Train for two epochs; return the model and the second epoch's time per 1,000
    windows [s]."""
    import keras  # late: measure() imports TensorFlow silently first

    from katas.detector import simulator
    from katas.detector.sampling import Pool

    times: list[float] = []
    clock = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda *_: times.append(time.perf_counter())
    )
    recordings = simulator.recordings(people=6, seed=30, falls=4, activities=11)
    config = parts.Config(epochs=2, windows=2048)
    pool = Pool.dense(recordings, parts.label_windows, config.hop)
    model = parts.train(pool, config, 0, None, [clock])
    return model, (times[1] - times[0]) * 1000 / config.windows


def measure() -> dict[str, float]:
    """Return all figures by name; a name ends with its unit."""
    allocator.keep_freed_memory()
    tf = tensorflow_import.import_tensorflow()
    import solutions  # noqa: F401  (katas.dayNN is the reference from here on)
    from katas.detector.parts import ShippingParts, load  # late, as in train()
    from katas.detector.recordings import watch

    parts = load(ShippingParts)
    model, epoch = train(parts)
    x, _ = watch.windows(count=1024, seed=33)
    subjects = np.arange(len(x)) % 10
    start = time.perf_counter()
    floats = parts.export(model, UNSCALED)
    calibration = x[:200], subjects[:200], (0,), parts.float_operations
    integers = parts.export(model, UNSCALED, *calibration)
    exporting = time.perf_counter() - start
    litert, int8 = parts.litert(floats), parts.litert(integers)
    graph = tf.function(lambda window: model(window, training=False))
    signal = np.concatenate([each.signal for each in watch.recordings()])[:STREAM]
    return {
        "parameters": model.count_params(),
        "train_1000_windows_s": epoch,
        "export_both_s": exporting,
        "keras_predict_us": median_us(lambda w: model.predict(w, verbose=0), x),
        "keras_call_us": median_us(lambda w: model(w, training=False), x),
        "keras_graph_us": median_us(lambda w: graph(tf.constant(w)), x),
        "litert_float_us": median_us(litert, x),
        "litert_int8_us": median_us(int8, x),
        "stream_float_us_a_sample": streaming_us(parts, litert, signal),
        "stream_int8_us_a_sample": streaming_us(parts, int8, signal),
        "float_bytes": len(floats),
        "int8_bytes": len(integers),
    }

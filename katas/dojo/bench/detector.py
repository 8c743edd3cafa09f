"""The detector's speed, side by side in one run: training, Keras, LiteRT, int8, stream.

It is the reference's network of day 29, trained for a moment on the simulator by day
30's script and packed by day 33's: its speed does not depend on what it has learnt.
Each latency is the median of one window at a time, after a warm-up.
"""

import time

import numpy as np

from katas.detector import allocator
from katas.dojo.runner import tensorflow_import

RUNS = 200
STEP = 6400  # samples of the stream: 128 s
UNSCALED = np.zeros(6, "float32"), np.ones(6, "float32")  # day 29's scales by itself


def median_us(call, windows):
    """Median time of a call on one window [us]."""
    for one in windows[:20]:
        call(one[None])
    times = []
    for k in range(RUNS):
        start = time.perf_counter()
        call(windows[k % len(windows)][None])
        times.append(time.perf_counter() - start)
    return float(np.median(times)) * 1e6


def streaming_us(ship, score, signal):
    """Mean time of one sample through ring, file and alarm; the watch's budget is
    20,000 us a sample at 50 Hz."""
    detector = ship.StreamingDetector(score, 0.5)
    start = time.perf_counter()
    for sample in signal:
        detector.step(sample)
    return (time.perf_counter() - start) / len(signal) * 1e6


def trained(day):
    """A network after two epochs, and how long the second one took [s]."""
    import keras

    from katas.detector import simulator
    from katas.detector.sampling import Pool

    times = []
    clock = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda *_: times.append(time.perf_counter())
    )
    people = simulator.recordings(people=6, seed=30, falls=4, activities=11)
    config = day.Config(epochs=2, windows=2048)
    pool = Pool.dense(people, day.label_windows, config.hop)
    model = day.train(pool, config, 0, None, [clock])
    return model, (times[1] - times[0]) * 1000 / config.windows


def measure():
    """Return every figure of the table."""
    allocator.keep_freed()
    tf = tensorflow_import.import_tensorflow()
    import importlib

    import solutions  # noqa: F401  (katas.dayNN is the reference from here on)
    from katas.detector.recordings import watch

    day = importlib.import_module("katas.day30.train_detector")
    ship = importlib.import_module("katas.day33.ship")
    model, epoch = trained(day)
    x, _ = watch.windows(count=1024, seed=33)
    people = np.arange(len(x)) % 10
    start = time.perf_counter()
    whole = ship.export(model, UNSCALED)
    small = ship.export(model, UNSCALED, x[:200], people[:200], (0,), ship.FLOATS)
    exporting = time.perf_counter() - start
    full, int8 = ship.litert(whole), ship.litert(small)
    graph = tf.function(lambda w: model(w, training=False))
    signal = np.concatenate([one.signal for one in watch.recordings()])[:STEP]
    return {
        "parameters": model.count_params(),
        "train_1000_windows_s": epoch,
        "export_both_s": exporting,
        "keras_predict_us": median_us(lambda w: model.predict(w, verbose=0), x),
        "keras_call_us": median_us(lambda w: model(w, training=False), x),
        "keras_graph_us": median_us(lambda w: graph(tf.constant(w)), x),
        "litert_float_us": median_us(full, x),
        "litert_int8_us": median_us(int8, x),
        "stream_float_us_a_sample": streaming_us(ship, full, signal),
        "stream_int8_us_a_sample": streaming_us(ship, int8, signal),
        "float_bytes": len(whole),
        "int8_bytes": len(small),
    }


def table():
    """Print the table; return it as a dict."""
    found = measure()
    for name, value in found.items():
        text = f"{value:,.3g}" if isinstance(value, float) and value < 100 else ""
        print(f"{name:26}{text or f'{value:,.0f}':>12}")
    return found

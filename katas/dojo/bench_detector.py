"""The detector's speed, side by side in one run: Keras, LiteRT, int8, streaming.

`main(json_flag)` prints the table and returns it as a dict. Each latency is the
median of one window at a time, after a warm-up, on one thread of LiteRT.
"""

import json
import sys
import time

import numpy as np

from katas.dojo import quiet

RUNS = 200
STEP = 6400  # samples of the stream: 128 s


def network(seed=33):
    """A stand-in of about 35,000 parameters, out of stock Keras layers."""
    import keras
    from keras import layers

    keras.utils.set_random_seed(seed)
    raw = keras.Input((128, 6))
    branches = [
        layers.Conv1D(32, width, 2, "same", activation="relu")(raw)
        for width in (3, 9, 15)
    ]
    x = layers.Concatenate()(branches)
    x = layers.Conv1D(56, 5, 2, activation="relu")(x)
    x = layers.GlobalMaxPooling1D()(x)
    return keras.Model(raw, layers.Dense(1, activation="sigmoid")(x))


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


def measure():
    """Return every figure of the table."""
    tf = quiet.import_tensorflow()
    import keras

    from katas.dojo.data import watch
    from solutions.day33 import ship

    x, labels = watch.windows(count=1024, seed=33)
    people = np.arange(len(x)) % 10
    mean, deviation = x.mean((0, 1)), x.std((0, 1))
    model, scaled = network(), (x - mean) / deviation
    model.compile(keras.optimizers.Adam(), "binary_crossentropy")
    model.fit(scaled, labels == 0, 64, epochs=1, verbose=0)  # tracing
    start = time.perf_counter()
    model.fit(scaled, labels == 0, 64, epochs=5, verbose=0)
    epoch = (time.perf_counter() - start) / 5

    start = time.perf_counter()
    whole = ship.export(model, (mean, deviation))
    small = ship.export(model, (mean, deviation), x[:200], people[:200], (0,))
    exporting = time.perf_counter() - start
    full, int8 = ship.litert(whole), ship.litert(small)
    graph = tf.function(lambda w: model(w, training=False))
    signal = np.concatenate([one.signal for one in watch.recordings()])[:STEP]
    return {
        "parameters": model.count_params(),
        "train_1000_windows_s": epoch * 1000 / len(x),
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


def main(json_flag=False):
    """Print the table; with json_flag, the same as one JSON object on the last line."""
    found = measure()
    for name, value in found.items():
        text = f"{value:,.3g}" if isinstance(value, float) and value < 100 else ""
        print(f"{name:26}{text or f'{value:,.0f}':>12}")
    if json_flag:
        print(json.dumps(found))
    return found


if __name__ == "__main__":
    main("--json" in sys.argv[1:])

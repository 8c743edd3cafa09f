"""Day 24. What a step costs in each mode, and where float16 holds a gradient."""

import time

import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

from katas.day24.graphs import network, scaled_gradients, speeds, train_step
from katas.detector.recordings import watch

LOSS = keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def retraced(x, y, steps=4):
    """Return the median seconds of a step that is handed a new Python number."""
    step = train_step(*network(), LOSS, "eager")
    graph = tf.function(lambda rate: rate * step(x, y), autograph=False)
    took = []
    for k in range(1 + steps):
        start = time.perf_counter()
        float(graph(0.1 * k))
        took.append(time.perf_counter() - start)
    return float(np.median(took[1:]))


def errors(x, y, powers):
    """Return how far the float16 gradient is from that of float32, by scale."""
    found = []
    (whole, _), (half, _) = network(), network("mixed_float16")

    def gradient(model, scale):
        def loss():
            return LOSS(y, tf.cast(model(x, training=True), tf.float32))

        slopes = scaled_gradients(loss, model.trainable_variables, scale)
        return np.concatenate([np.ravel(slope) for slope in slopes])

    right = gradient(whole, 1.0)
    for power in powers:
        wrong = np.linalg.norm(gradient(half, 2.0**power) - right)
        found.append(wrong / np.linalg.norm(right))
    return np.array(found)


def draw():
    """Return a figure: milliseconds a step, and the gradient's error by scale."""
    x, y = watch.windows(count=32, seed=24)
    figure, (left, right) = plt.subplots(1, 2)
    costs = {mode: median for mode, (_, median) in speeds(x, y, steps=12).items()}
    costs["graph, new\nnumber each\nstep"] = retraced(x, y)
    milliseconds = 1000 * np.array(list(costs.values()))
    bars = left.barh(list(costs), milliseconds, color=["C5", "C0", "C2", "C1"])
    left.bar_label(bars, [f"{v:.0f}" for v in milliseconds], padding=3)
    left.set(xscale="log", xlabel="time of a step [ms]", xlim=(1, 1000))
    left.invert_yaxis()
    left.grid(visible=False, axis="y")

    powers = np.arange(-15, 25, 3)
    found = errors(x, y, powers)
    fine = np.isfinite(found)
    right.plot(powers[fine], found[fine], marker="o", ms=4)
    first = powers[~fine].min()
    right.axvspan(first - 1, powers[-1] + 1, color="C1", alpha=0.25, lw=0)
    right.text(first - 0.5, 0.02, "overflow", rotation=90, color="C1")
    right.axvline(0, color="C6", lw=1)
    right.set(yscale="log", xlabel="scale, as a power of 2", xlim=(-17, 25))
    right.set(ylabel="error of the gradient, relative")
    return figure

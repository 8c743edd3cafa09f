"""Day 25. Eight replicas on one device: the learning rate, and what a share knows."""

from types import SimpleNamespace

import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from keras import layers

from katas.day25.distribution import accumulate, global_batch, moments
from katas.detector.recordings import watch

BATCH, RATE, REPLICAS = 8, 0.01, 8


def draw():
    """Return a figure: loss against examples seen; variance found against share."""
    x, y = watch.windows(count=960, seed=25)
    x = (x - x.mean((0, 1))) / x.std((0, 1))  # [windows, time, channels]
    size, rate = global_batch(
        SimpleNamespace(num_replicas_in_sync=REPLICAS), BATCH, RATE
    )
    figure, (left, right) = plt.subplots(1, 2)
    for label, each, steps in [
        (f"1 replica, rate {RATE:g}", BATCH, RATE),
        (f"8 replicas, rate {RATE:g}", size, RATE),
        (f"8 replicas, rate {rate:g}", size, rate),
    ]:
        left.plot(*learn(x, y, each, steps), label=label)
    left.set(xlabel="windows seen", ylabel="loss", ylim=(0.8, 2.9))
    left.legend()

    steps = x.reshape(-1, 6)[:4096]  # in the order of time, as recorded
    whole = float(moments(tf.constant(steps))[1][0])
    sizes = [4, 16, 64, 256, 1024, 4096]
    ratio = [own_variance(steps, share) / whole for share in sizes]
    right.plot(sizes, ratio, "o-")
    right.axhline(1.0, color="0.5", linewidth=1)
    right.set(xscale="log", xlabel="samples in a share", ylim=(0, 1.1))
    right.set_ylabel("variance within a share\n(as part of that of all)")
    return figure


def learn(x, y, batch, rate):
    """Windows seen and loss on all of them, step by step, over two epochs."""
    keras.utils.set_random_seed(25)
    flat = [keras.Input(x.shape[1:]), layers.Conv1D(8, 9, 4, activation="relu")]
    model = keras.Sequential([*flat, layers.Flatten(), layers.Dense(7)])
    entropy = keras.losses.SparseCategoricalCrossentropy(True, reduction="none")
    optimizer = keras.optimizers.SGD(rate)
    seen, losses = [], []
    for start in range(0, 2 * len(x), batch):
        rows = np.arange(start, start + batch) % len(x)
        if start % 64 == 0:
            seen.append(start)
            losses.append(float(tf.reduce_mean(entropy(y, model(x, training=False)))))
        gradients = accumulate(model, entropy, x[rows], y[rows], BATCH)
        optimizer.apply(gradients, model.trainable_variables)
    return seen, losses


def own_variance(x, share):
    """Mean over the shares of the variance of the first channel in each."""
    found = [
        moments(tf.constant(x[k : k + share]))[1][0] for k in range(0, len(x), share)
    ]
    return float(np.mean(found))

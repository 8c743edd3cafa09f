"""Day 03. Two activations, and how far a signal gets through twenty dense layers."""

import keras
import matplotlib.pyplot as plt
import numpy as np

from katas.day03.dense import Dense, dense, relu, sigmoid
from katas.detector.recordings import watch

DEPTH, WIDTH = 20, 64


def sizes(x, layer):
    """Return the standard deviation of x, then after each of DEPTH layers."""
    found = [np.std(x)]
    for _ in range(DEPTH):
        x = np.asarray(layer(x))
        found.append(np.std(x))
    return found


def draw():
    """Return a figure: relu and sigmoid; size of a real signal by depth."""
    keras.utils.set_random_seed(3)
    rng = np.random.default_rng(3)
    x, _ = watch.windows(count=280, length=WIDTH, seed=3)
    x = x[:, :, 1]  # one channel: each window is an input of 64 numbers
    x = (x - x.mean()) / x.std()

    def drawn(deviation):
        return lambda x: dense(
            x,
            rng.normal(0, deviation, (WIDTH, WIDTH)).astype("float32"),
            np.zeros(WIDTH, "float32"),
        )

    figure, (left, right) = plt.subplots(1, 2, gridspec_kw={"width_ratios": [3, 4]})
    z = np.linspace(-6, 6, 121, dtype="float32")
    left.plot(z, relu(z), label="relu")
    left.plot(z, sigmoid(z), "--", label="sigmoid")
    left.set(title="Activations", xlabel="x", ylabel="value", ylim=(-0.2, 3))
    left.legend(loc="upper left")
    for layer, mark, name in [
        (drawn(0.3), "C1^-", "deviation 0.3"),
        (lambda x: Dense(WIDTH)(x), "C0o-", "Glorot (0.125)"),
        (drawn(0.05), "C2v-", "deviation 0.05"),
    ]:
        right.semilogy(sizes(x, layer), mark, markersize=4, label=name)
    right.set(title="Size of a signal by depth", xlabel="dense layers passed")
    right.set(ylabel="standard deviation", xticks=range(0, DEPTH + 1, 5))
    right.legend(fontsize=9)
    return figure

"""Day 07. The loss as fit tells it, batch by batch and epoch by epoch, and by Keras."""

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers

from katas.day07.training_loop import evaluate, fit, fit_with_keras, train_step
from katas.detector.recordings import watch

BATCH, EPOCHS = 32, 8


def windows():
    """Return mean and deviation of 250 real windows, standardised, and labels."""
    x, y = watch.windows(count=250, length=128, seed=7)
    x = np.concatenate([x.mean(1), x.std(1)], axis=1)  # [windows, 12]
    return (x - x.mean(0)) / x.std(0), y


def network():
    """Return a small network with the same weights each time, and its optimizer."""
    start = {"kernel_initializer": keras.initializers.GlorotUniform(7)}
    hidden = layers.Dense(24, "relu", **start)
    model = keras.Sequential([keras.Input((12,)), hidden, layers.Dense(7, **start)])
    return model, keras.optimizers.Adam(0.01)


def draw():
    """Return a figure: one loop in detail, and both loops over more epochs."""
    x, y = windows()
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    figure, (left, right) = plt.subplots(1, 2)

    (model, optimizer), batches, after = network(), [], []
    for _ in range(3):
        for start in range(0, len(x), BATCH):
            batch = slice(start, start + BATCH)
            value = train_step(model, optimizer, loss, x[batch], y[batch])
            batches.append(float(value))
        after.append(evaluate(model, loss, x, y, BATCH))
    history = fit(*network(), loss, x, y, EPOCHS, BATCH)
    ends = np.arange(0, len(batches) + 1, len(batches) // 3)
    left.plot(np.arange(len(batches)) + 0.5, batches, "C5", marker=".", label="batch")
    left.hlines(history[:3], ends[:-1], ends[1:], "C0", lw=3, label="history")
    left.plot(ends[1:], after, "C1D", ms=8, label="evaluate")
    left.set(xlabel="step", ylabel="loss [nat]", ylim=(0, None), xticks=ends)
    left.legend()

    epochs = np.arange(1, EPOCHS + 1)
    keras_history, _ = fit_with_keras(*network(), loss, x, y, EPOCHS, BATCH)
    right.plot(epochs, history, label="your loop")
    right.plot(epochs, keras_history, "C1o", ms=8, mfc="none", label="fit of Keras")
    right.set(xlabel="epoch", ylabel="loss of the history [nat]", ylim=(0, None))
    right.legend()
    return figure

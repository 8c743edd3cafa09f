"""Day 13. What three filters answer to one real recording of a smartwatch."""

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers

from katas.day13.conv1d import Conv1D, conv1d, jerk, smoothing
from katas.detector.recordings import watch

RATE = 50  # [Hz]


def draw():
    """Return a figure: two filters made by hand, and a learnt one before and after."""
    keras.utils.set_random_seed(13)
    x, y = watch.windows(count=560, length=200, seed=13)
    size = np.linalg.norm(x[:1, :, :3], axis=2, keepdims=True)  # |a| [g]
    figure, axes = plt.subplots(3, 1, sharex=True, figsize=(7, 4.6))
    seconds = np.arange(200) / RATE

    smooth = conv1d(size, smoothing(15), padding="same")
    axes[0].plot(seconds, size[0, :, 0], alpha=0.5, label="recorded")
    axes[0].plot(seconds, np.asarray(smooth)[0, :, 0], label="mean of 15 steps")
    axes[0].set_ylabel("|acc| [g]")
    axes[1].plot(seconds[1:-1], np.asarray(conv1d(size, jerk(RATE)))[0, :, 0])
    axes[1].set_ylabel("jerk [g/s]")

    x = (x - x.mean((0, 1))) / x.std((0, 1))
    filters = Conv1D(8, 25, padding="same")
    inputs = keras.Input(x.shape[1:])
    hidden = layers.GlobalMaxPooling1D()(layers.ReLU()(filters(inputs)))
    model = keras.Model(inputs, layers.Dense(7)(hidden))
    before = np.asarray(filters(x[:1]))[0]
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.01), loss)
    model.fit(x, y, epochs=10, verbose=0)
    after = np.asarray(filters(x[:1]))[0]
    best = (after.max(0) * np.asarray(model.weights[2])[:, y[0]]).argmax()
    axes[2].plot(seconds, before[:, best], alpha=0.5, label="before training")
    axes[2].plot(seconds, after[:, best], label="after training")
    axes[2].set(ylabel="learnt filter", xlabel="time [s]")
    for axis in (axes[0], axes[2]):
        axis.legend(loc="lower right", bbox_to_anchor=(1, 0.95), ncols=2, frameon=False)
    return figure

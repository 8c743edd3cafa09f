"""Day 18. What the gates of a small network learn about seven real exercises."""

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers

from katas.day18.squeeze_excite import SqueezeExcite
from katas.detector.recordings import watch


def draw():
    """Return a figure: mean gate of each channel and exercise, before and after."""
    keras.utils.set_random_seed(18)
    x, y = watch.windows(count=420, seed=18)
    x = (x - x.mean((0, 1))) / x.std((0, 1))
    inputs = keras.Input(x.shape[1:])
    features = layers.Conv1D(12, 9, 2, activation="relu")(inputs)
    block = SqueezeExcite(ratio=3)
    hidden = layers.GlobalAveragePooling1D()(block(features))
    model = keras.Model(inputs, layers.Dense(7)(hidden))
    filters = keras.Model(inputs, features)

    def gates():
        gate = np.asarray(block.gates(filters(x)))[:, 0]  # [windows, channels]
        return np.stack([gate[y == k].mean(0) for k in range(7)])

    before = gates()
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.01), loss)
    model.fit(x, y, epochs=15, verbose=0)

    figure, (left, right) = plt.subplots(1, 2, sharey=True)
    for axis, gate, title in [
        (left, before, "before training"),
        (right, gates(), "after training"),
    ]:
        image = axis.imshow(gate, vmin=0, vmax=1, cmap="cividis", aspect="auto")
        axis.set(title=title, xlabel="channel", xticks=range(0, 12, 2))
        axis.grid(visible=False)
    left.set_yticks(range(7), watch.EXERCISES)
    left.set_ylabel("exercise")
    figure.colorbar(image, label="mean gate (0 shut, 1 open)")
    return figure

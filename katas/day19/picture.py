"""Day 19. Where a learnt query looks in two real recordings of a smartwatch."""

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers

from katas.day19.attention import AttentionPooling, shares
from katas.detector.recordings import watch

RATE, TIME = 50, 200  # [Hz], steps of one window


def draw():
    """Return a figure: what was recorded, and the share of each step."""
    keras.utils.set_random_seed(19)
    raw, y = watch.windows(count=840, length=TIME, seed=19)
    x = (raw - raw.mean((0, 1))) / raw.std((0, 1))
    inputs = keras.Input(x.shape[1:])
    steps = layers.Conv1D(16, 9, padding="same", activation="relu")(inputs)
    pool = AttentionPooling()
    model = keras.Model(inputs, layers.Dense(7)(pool(steps)))
    features = keras.Model(inputs, steps)
    chosen = [np.flatnonzero(y == k)[0] for k in (0, 5)]

    def look():
        query = np.asarray(pool.query)
        return np.asarray(shares(query, features(x[chosen])))[:, 0]  # [windows, time]

    before = look()
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.01), loss)
    model.fit(x, y, epochs=15, verbose=0)
    after = look()

    figure, axes = plt.subplots(2, 2, sharex=True, sharey="row", figsize=(7, 4.2))
    seconds = np.arange(TIME) / RATE
    for column, window in enumerate(chosen):
        above, below = axes[:, column]
        above.plot(seconds, np.linalg.norm(raw[window, :, 3:], axis=1))
        above.set_title(f"exercise {watch.EXERCISES[y[window]]}")
        below.plot(seconds, 100 * before[column], label="before training")
        below.plot(seconds, 100 * after[column], label="after training")
        below.set_xlabel("time [s]")
    axes[0, 0].set_ylabel("turning [rad/s]")
    axes[1, 0].set_ylabel("share [%]")
    axes[1, 1].legend(loc="upper right", fontsize=9)
    return figure

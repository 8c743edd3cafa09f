"""Day 33. The ring after 200 samples, and scores of one network in two files."""

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers

from katas.day33.ship import RingBuffer, export, litert
from katas.detector import simulator


def windows(people):
    """Raw windows, whether each holds an impact, and whose they are."""
    rows = [
        (one.signal[k : k + 128], one.is_fall and k <= one.impact * 50 < k + 128, name)
        for one in people
        for name in [one.subject]
        for k in range(0, len(one.signal) - 127, 32)
    ]
    x, y, who = zip(*rows, strict=True)
    return np.array(x), np.array(y, float), np.array(who)


def draw():
    """Return a figure: rows of the ring and the window read; float against int8."""
    figure, (left, right) = plt.subplots(1, 2)
    ring = RingBuffer(128, 1)
    for k in range(200):
        ring.push(np.array([k]))
    left.plot(ring.memory[:, 0], ".", markersize=3, label="memory")
    window = ring.read()[:, 0]
    first = 200 % 128
    left.plot(first + np.arange(128), window, linewidth=5, alpha=0.4, label="read()")
    left.set(xlabel="row of the memory", ylabel="number of the sample in it")
    left.legend(fontsize=8, loc="upper center")

    x, y, who = windows(simulator.recordings(people=8, seed=33, falls=8, activities=11))
    known = ~np.isin(who, ("P07", "P08"))
    mean, deviation = x[known].mean((0, 1)), x[known].std((0, 1))
    keras.utils.set_random_seed(33)
    model = keras.Sequential(
        [
            keras.Input((128, 6)),
            layers.Conv1D(16, 9, 2, activation="relu"),
            layers.Conv1D(32, 5, 2, activation="relu"),
            layers.GlobalMaxPooling1D(),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile(keras.optimizers.Adam(0.005), "binary_crossentropy")
    model.fit((x[known] - mean) / deviation, y[known], 64, epochs=15, verbose=0)
    whole = export(model, (mean, deviation))
    small = export(model, (mean, deviation), x, who, ("P07", "P08"))
    scores = [[litert(f)(one[None]) for one in x[~known]] for f in (whole, small)]
    scores = np.array(scores)
    changed = ((scores >= 0.5)[0] != (scores >= 0.5)[1]).sum()
    right.axhline(0.5, color="0.7", linewidth=1)
    right.axvline(0.5, color="0.7", linewidth=1)
    right.plot(*scores, ".", markersize=4)
    right.set(
        title=f"{changed} of {len(y[~known])} decisions change",
        xlabel=f"score, float32 file ({len(whole) / 1000:.0f} kB)",
        ylabel=f"score, int8 file ({len(small) / 1000:.0f} kB)",
    )
    return figure

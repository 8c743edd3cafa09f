"""Day 01. A real recording, its windows, and how far the windows lie apart."""

import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

from katas.day01.tensors import distances, magnitude, windows
from katas.detector.recordings import watch


def draw():
    """Return a figure: one recording's magnitude, and distances between exercises."""
    figure, (left, right) = plt.subplots(1, 2, width_ratios=(3, 2))
    recording = watch.recordings()[0]
    length = np.asarray(magnitude(recording.signal[:500, :3]))
    seconds = np.arange(len(length)) / recording.rate
    left.plot(seconds, length)
    starts = np.asarray(windows(seconds[:, None].astype("float32"), 128, 64))[
        :, [0, -1], 0
    ]
    for k, (first, last) in enumerate(starts):
        left.plot([first, last], [length.min() - 0.03 * (1 + k % 3)] * 2, color="C1")
    left.set(xlabel="time [s]", ylabel="|acceleration| [g]")
    left.set_title("windows: 128 steps, hop 64")

    one_each = {r.activity: r for r in watch.recordings() if r.subject == "W01"}
    chosen = list(one_each.values())[:4]
    parts = [np.asarray(windows(r.signal, 128, 128))[:6] for r in chosen]
    cut = np.concatenate(parts)
    features = tf.concat([cut.mean(axis=1), cut.std(axis=1)], axis=1)  # [windows, 12]
    table = distances(features, features)
    image = right.imshow(table, cmap="cividis")
    edges = np.cumsum([0, *map(len, parts)])
    middle = (edges[1:] + edges[:-1] - 1) / 2
    right.set_xticks(middle, [r.activity for r in chosen])
    right.set_yticks(middle, [r.activity for r in chosen])
    right.grid(visible=False)
    right.set_title("distances of windows")
    figure.colorbar(image, ax=right, shrink=0.8, label="distance")
    return figure

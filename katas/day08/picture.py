"""Day 08. How far a shuffle carries a window, by the size of its buffer."""

import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

from katas.day08.pipelines import batches


def draw():
    """Return a figure: place in the stream against place in the recording."""
    count = 600
    x = np.arange(count, dtype="float32")
    short = tf.data.Dataset.range(count).shuffle(20, seed=8)
    yours = batches(x, x, 50, seed=8)
    figure, (left, right) = plt.subplots(1, 2, sharey=True)
    left.plot([int(v) for v in short], ".", markersize=3)
    left.set(title="buffer of 20", xlabel="place in the stream", ylabel="window number")
    order = np.concatenate([np.asarray(y) for _, y in yours])
    right.plot(order, ".", markersize=3, color="C1")
    right.set(title="yours", xlabel="place in the stream")
    return figure

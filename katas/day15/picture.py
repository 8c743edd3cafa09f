"""Day 15. Six real channels before and after the norm, and what it remembers."""

import matplotlib.pyplot as plt
import numpy as np

from katas.day15.batch_norm import BatchNorm
from katas.detector.recordings import watch

CHANNELS = ["acc x", "acc y", "acc z", "gyro x", "gyro y", "gyro z"]


def draw():
    """Return a figure: spread of the channels, and moving variance over batches."""
    x, _ = watch.windows(count=300 * 8, length=64, seed=15)
    figure, (left, right) = plt.subplots(1, 2, width_ratios=(3, 4))
    y = np.asarray(BatchNorm()(x, training=True))
    for shift, colour, values in [(-0.2, "C1", x), (0.2, "C0", y)]:
        low, middle, high = np.percentile(values, (5, 50, 95), axis=(0, 1))
        at = np.arange(6) + shift
        left.vlines(at, low, high, colour, lw=5)
        left.plot(at, middle, "_", color="white", ms=7)
    left.set(ylabel="5 % to 95 % of all steps", ylim=(-5.5, 5.5))
    left.set_xticks(range(6), CHANNELS, rotation=60)
    left.text(0.03, 0.96, "measured [g, rad/s]", color="C1", transform=left.transAxes)
    left.text(0.03, 0.03, "normalised", color="C0", transform=left.transAxes)

    for momentum, colour in [(0.9, "C2"), (0.99, "C3")]:
        layer = BatchNorm(momentum)
        course = []
        for batch in np.split(x, 300):
            layer(batch, training=True)
            course.append(np.array(layer.moving_variance)[4])
        right.plot(course, color=colour, label=f"momentum {momentum}")
    right.axhline(x[..., 4].var(), color="black", lw=1, ls="--", label="all windows")
    right.set(xlabel="batches of 8 windows", ylabel="moving variance, gyro y [rad²/s²]")
    right.legend(frameon=False)
    return figure

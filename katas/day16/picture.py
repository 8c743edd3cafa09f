"""Day 16. What falls out of a real window: single entries, or whole channels."""

import matplotlib.pyplot as plt
import numpy as np

from katas.day16.dropout import dropout, spatial_dropout
from katas.detector.recordings import CHANNELS, watch


def draw():
    """Return a figure: the kept entries of one window, by kind of dropout."""
    x, _ = watch.windows(count=1, length=60, seed=16)
    figure, axes = plt.subplots(1, 2, sharey=True)
    names = [name.replace("_g", "").replace("_rad_s", "") for name in CHANNELS]
    for axis, drop, title in (
        (axes[0], dropout, "dropout, rate 0.3"),
        (axes[1], spatial_dropout, "spatial dropout, rate 0.3"),
    ):
        kept = np.asarray(drop(x, 0.3, 8))[0] != 0  # [time, channels]
        axis.imshow(kept.T, cmap="cividis", aspect="auto", interpolation="nearest")
        axis.set(title=title, xlabel="step (20 ms each)", yticks=range(6))
        axis.set_yticklabels(names)
        axis.grid(visible=False)
    axes[0].set_ylabel("channel; dark: dropped")
    return figure

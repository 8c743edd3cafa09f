"""Day 27. A simulated fall, its marks, and the label of each window."""

import matplotlib.pyplot as plt
import numpy as np

from katas.day27.recordings import DAILY, FALL, LEFT_OUT, LENGTH, label_windows
from katas.detector import simulator


def draw():
    """Return a figure: |acceleration| of one fall, and its windows by label."""
    one = next(r for r in simulator.recordings(people=1, seed=4) if r.is_fall)
    length = np.linalg.norm(one.signal[:, :3], axis=1)
    figure, (top, low) = plt.subplots(2, 1, sharex=True, height_ratios=(2, 1))
    top.plot(np.arange(len(length)) / one.rate, length)
    top.axvspan(*one.span, color="C4", alpha=0.25, label="marked span")
    top.axvline(one.impact, color="C1", linestyle="--", label="impact")
    top.set(ylabel="|acceleration| [g]")
    top.legend(loc="upper right")
    names = {FALL: ("fall", "C1"), DAILY: ("daily", "C0"), LEFT_OUT: ("left out", "C4")}
    starts, labels = label_windows(one)
    for k, (start, label) in enumerate(zip(starts, labels, strict=True)):
        name, colour = names[label]
        ends = np.array([start, start + LENGTH - 1]) / one.rate
        low.plot(ends, [k % 4] * 2, color=colour, linewidth=4)
        low.text(ends[0], k % 4 + 0.3, name, fontsize=7)
    low.set(xlabel="time [s]", ylabel="windows", yticks=[], ylim=(-0.6, 4.2))
    return figure

"""Day 10. Precision against recall of the plainest detector: a threshold on |a|."""

import matplotlib.pyplot as plt
import numpy as np

from katas.day10.metrics import (
    average_precision,
    confusion,
    pr_curve,
    precision_recall_f1,
)
from katas.detector import simulator


def draw():
    """Return a figure: the curve on simulated windows, and F1 by threshold."""
    rows = [
        (np.linalg.norm(r.signal[s : s + 128, :3], axis=1).max(), s, r)
        for r in simulator.recordings(people=4, seed=10)
        for s in range(0, len(r.signal) - 127, 32)
    ]
    scores = np.array([peak for peak, _, _ in rows])
    labels = np.array(
        [int(r.is_fall and s / 50 <= r.impact <= s / 50 + 2.54) for _, s, r in rows]
    )
    recall, precision = pr_curve(labels, scores)
    grid = np.linspace(1, 8, 60)
    ratios = [precision_recall_f1(confusion(labels, scores, t)) for t in grid]
    figure, (left, right) = plt.subplots(1, 2)
    left.step(recall, precision, where="pre")
    left.axhline(labels.mean(), color="C6", linestyle=":", label="alarm at everything")
    left.set(xlabel="recall", ylabel="precision", ylim=(0, 1.03))
    left.set_title(f"average precision {average_precision(labels, scores):.2f}")
    left.legend()
    styles = zip(("precision", "recall", "F1"), ("--", ":", "-"), strict=True)
    for k, (name, style) in enumerate(styles):
        right.plot(grid, [float(r[k]) for r in ratios], style, label=name)
    right.set(xlabel="threshold on |acceleration| [g]", ylabel="share", ylim=(0, 1.03))
    right.legend(loc="lower center", fontsize=9)
    return figure

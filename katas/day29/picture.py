"""Day 29. Alarms over a simulated fall, and how far probabilities can be believed."""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.calibration import calibration_curve

from katas.day29.evaluate import HOLD_OFF, LENGTH, calibrate, events, probability
from katas.detector import simulator


def scored(one):
    """First samples, logits and labels of a recording's windows: peak |a| alone."""
    size = np.linalg.norm(one.signal[:, :3], axis=1)
    starts = np.arange(0, len(size) - LENGTH + 1, 32)
    peaks = np.array([size[k : k + LENGTH].max() for k in starts])
    blow = one.impact * one.rate if one.is_fall else -1
    return starts, 4 * (peaks - 2.2), (starts <= blow) & (blow < starts + LENGTH)


def draw():
    """Return a figure: scores and alarms of one fall; reliability before and after."""
    people = simulator.recordings(people=16, seed=34)
    fall = people[186]  # a false alarm, then one that detects
    starts, logits, _ = scored(fall)
    scores = probability(logits, 1.0, 0.0)
    alarms, hits = events(fall, starts, scores, 0.5)
    figure, (left, right) = plt.subplots(1, 2, width_ratios=(3, 2))
    left.step((starts + LENGTH - 1) / fall.rate, scores, where="post", label="score")
    left.axhline(0.5, color="0.5", linewidth=1, label="threshold")
    left.axvspan(*fall.span, color="C4", alpha=0.25, label="marked span")
    left.axvline(fall.impact, color="C1", linestyle="--", label="impact")
    for when, hit in zip(alarms, hits, strict=True):
        name = "alarm, detects" if hit else "alarm, false"
        left.plot(when, 1.06, "v", color="C2" if hit else "C3", label=name)
        left.hlines(1.06, when, when + HOLD_OFF, color="0.6", linewidth=1)
    left.set(xlabel="time [s]", ylabel="score at a window's end")
    left.legend(fontsize=7, loc="center right")

    half = [[scored(one)[1:] for one in people[k::2]] for k in (0, 1)]
    (known, truth), (logits, labels) = (
        [np.concatenate(column) for column in zip(*part, strict=True)] for part in half
    )
    slope, offset = calibrate(known, truth.astype(int))
    right.plot([0, 1], [0, 1], color="0.6", linewidth=1)
    for name, told in [
        ("as it comes", probability(logits, 1.0, 0.0)),
        ("calibrated", probability(logits, slope, offset)),
    ]:
        share, mean = calibration_curve(labels, told, n_bins=6)
        right.plot(mean, share, "o-", label=name)
    right.set(xlabel="told probability of a fall", ylabel="share that were falls")
    right.legend(fontsize=7)
    return figure

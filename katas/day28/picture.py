"""Day 28. One set of scores, judged honestly and judged with a leak."""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.metrics import f1_score

from katas.day28.repair_detector import choose_threshold, cut, fit_scaler, split
from katas.detector import simulator


def draw():
    """Return a figure: F1 of a nearest neighbour by split, over ten seeds."""
    from sklearn.neighbors import KNeighborsClassifier

    x, y, subject = cut(simulator.recordings(people=10, seed=28, falls=5, activities=7))
    features = np.concatenate([x.mean(1), x.std(1), np.abs(x).max(1)], axis=1)
    found = {"by person": [], "by window": []}
    for seed in range(10):
        for name, who in (
            ("by person", subject),
            ("by window", np.arange(len(y)).astype(str)),
        ):
            train, validation, test = split(who, seed)
            mean, deviation = fit_scaler(features[:, None], train)
            scaled = (features - mean) / deviation
            near = KNeighborsClassifier(5).fit(scaled[train], y[train])
            p = near.predict_proba(scaled)[:, 1]
            threshold = choose_threshold(y[validation], p[validation])
            found[name].append(f1_score(y[test], p[test] >= threshold))
    figure, axis = plt.subplots(figsize=(6, 3))
    for row, scores in enumerate(found.values()):
        axis.plot(scores, np.full(10, row) + np.linspace(-0.12, 0.12, 10), "o")
        axis.plot([np.mean(scores)] * 2, [row - 0.25, row + 0.25], color="C6")
    axis.set(xlabel="F1 on the test part (bar: mean of ten seeds)", yticks=[0, 1])
    axis.set_yticklabels([f"split {name}" for name in found])
    axis.set_ylim(-0.6, 1.6)
    return figure

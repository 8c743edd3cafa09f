"""Day 32. An ablation of a random forest: F1 of each seed, and paired differences."""

from functools import cache
from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np
from sklearn.ensemble import RandomForestClassifier

from katas.day32.ablation import counts, f1, run, table
from katas.detector import baselines, protocol, simulator

# Features of a window: seven statistics of each of nine channels, in this order.
CHANNELS = np.tile(["acc"] * 3 + ["gyro"] * 3 + ["|acc|", "|gyro|", "jerk"], 7)
WITHOUT = {
    "whole": (),
    "no acceleration": ("acc", "|acc|", "jerk"),
    "no gyroscope": ("gyro", "|gyro|"),
    "no magnitudes": ("|acc|", "|gyro|"),
    "no jerk": ("jerk",),
}


@cache
def data():
    """Features, labels, people and folds of simulated falls, and a label of each row."""
    x, label, subject = [], [], []
    for one in simulator.recordings(people=12, seed=31, falls=5, activities=6):
        for k in range(0, len(one.signal) - 127, 32):
            x.append(one.signal[k : k + 128])
            label.append(int(one.is_fall and k + 15 <= one.impact * 50 <= k + 112))
            subject.append(one.subject)
    label, subject = np.array(label), np.array(subject)
    rows = SimpleNamespace(label=label, subject=subject)
    return baselines.features(np.array(x)), label, subject, protocol.folds(rows)


def one(setup, train, test, seed):
    x, label, *_ = data()
    x = x[:, ~np.isin(CHANNELS, setup.without)]
    forest = RandomForestClassifier(20, min_samples_leaf=2, random_state=seed)
    forest.fit(x[train], label[train])
    return forest.predict_proba(x[test])[:, 1], 0.3


def draw():
    """Return a figure: one dot a seed, and each row's difference with its interval."""
    _, label, subject, folds = data()
    setups = {
        name: SimpleNamespace(without=parts, threshold=None)
        for name, parts in WITHOUT.items()
    }
    alarms = run(setups, folds, [0, 1, 2], len(label), one)
    costs = {name: (0, 0.0) for name in setups}
    rows = table(alarms, label, subject, costs)[::-1]
    figure, (left, right) = plt.subplots(1, 2, sharey=True)
    for y, row in enumerate(rows):
        by_seed = f1(counts(label, alarms[row["setup"]], subject).sum(axis=1))
        left.plot(by_seed, [y] * 3, "o", color="C0", markersize=4, alpha=0.7)
        right.plot([row["low"], row["high"]], [y, y], color="C1", linewidth=2)
        right.plot(row["difference"], y, "o", color="C1", markersize=5)
    right.axvline(0, color="0.6", linewidth=1)
    left.set_yticks(range(len(rows)), [row["setup"] for row in rows])
    left.set(xlabel="F1 of windows, one dot a seed")
    right.set(xlabel="F1 less the whole's F1")
    return figure

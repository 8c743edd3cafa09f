"""Day 31. What a threshold costs: F1 and its plateau, on people who did not train."""

import matplotlib.pyplot as plt
import numpy as np

from katas.day27.recordings import label_windows, windows
from katas.day31.train_detector import Config, choose_threshold, train
from katas.detector import protocol, simulator
from katas.detector.sampling import Pool


def draw():
    """Return a figure: F1 at each threshold for training-side and new people."""
    recordings = simulator.recordings(people=12, seed=30, falls=6, activities=11)
    table = windows(recordings)
    fold = protocol.folds(table, "holdout")[0]
    inner = protocol.folds(table, "3fold", rows=fold.train)
    config = Config(epochs=3, windows=2000, batch=16)
    score = np.full(len(table.label), np.nan)
    for rows, asked in [*inner, fold]:
        people = set(table.subject[rows])
        mine = [one for one in recordings if one.subject in people]
        model = train(Pool.dense(mine, label_windows, config.hop), config, 0)
        score[asked] = np.asarray(model(table.x[asked], training=False))[:, 0]

    chosen = choose_threshold(table.label[fold.train], score[fold.train])
    figure, axis = plt.subplots()
    steps = np.linspace(0.01, 0.99, 99)
    for rows, name in [(fold.train, "held-out training people"), (fold.test, "test")]:
        f1 = [
            protocol.window_scores(table.label[rows], score[rows] >= t)["f1"]
            for t in steps
        ]
        axis.plot(steps, f1, label=f"{name}: {len(np.unique(table.subject[rows]))}")
    axis.axvline(chosen, color="C6", linestyle="--", label=f"chosen {chosen:.2f}")
    axis.set(xlabel="threshold", ylabel="F1 of windows", ylim=(0.4, 1))
    axis.legend(loc="upper right")
    return figure

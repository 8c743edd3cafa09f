"""Day 22. What a balanced training says of rare falls, and F1 by base rate."""

import keras
import matplotlib.pyplot as plt
import numpy as np

from katas.day22.imbalance import best_threshold, f1, focal_loss, prior_shift, resample
from katas.detector import simulator
from katas.detector.baselines import features


def windows(recordings, rate, rng):
    """Features and labels of all daily windows, and of as many falls as `rate` asks."""
    falls, daily = [], []
    for one in recordings:
        onset, rest = np.array(one.span or (np.inf, -np.inf)) * one.rate
        blow = one.impact * one.rate if one.is_fall else -1
        for start in range(0, len(one.signal) - 127, 32):
            window = one.signal[start : start + 128]
            if start + 15 <= blow <= start + 112:
                falls.append(window)
            elif start > rest or start + 127 < onset:
                daily.append(window)
    few = rng.permutation(len(falls))[: round(rate / (1 - rate) * len(daily))]
    x = features(np.stack(daily + [falls[k] for k in few]))
    return x, np.repeat([0, 1], [len(daily), len(few)])


def draw():
    """Return a figure: F1 by threshold, before and after the shift; F1 by base rate."""
    keras.utils.set_random_seed(22)
    rng = np.random.default_rng(22)
    recordings = simulator.recordings(people=16, seed=22)
    x, labels = windows(recordings[: 8 * 37], 0.02, rng)
    other, truth = windows(recordings[8 * 37 :], 0.02, rng)
    mean, deviation = x.mean(0), np.maximum(x.std(0), 1e-3)
    x, other = (x - mean) / deviation, (other - mean) / deviation
    model = keras.Sequential([keras.layers.Dense(16, "relu"), keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(3e-3), lambda y, z: focal_loss(y, z, 0.0))
    stream = resample(x, labels, np.arange(len(x)), 0.5, 64, seed=22)
    model.fit(stream, steps_per_epoch=150, verbose=0)
    logits = np.asarray(model(other))[:, 0]

    def said(shift):
        return 1 / (1 + np.exp(-(logits + shift)))

    figure, (left, right) = plt.subplots(1, 2, sharey=True)
    steps = np.linspace(0.01, 0.99, 99)
    for name, p in [
        ("trained on half falls", said(0.0)),
        ("shifted to 2 %", said(prior_shift(0.5, 0.02))),
    ]:
        (line,) = left.plot(steps, [f1(truth, p, step) for step in steps], label=name)
        best = best_threshold(truth, p)
        left.plot(best, f1(truth, p, best), "o", color=line.get_color())
    left.axvline(0.5, color="0.6", linewidth=1)
    left.set(xlabel="threshold on probability", ylabel="F1", ylim=(0, 1))
    left.legend(fontsize=8, loc="upper center")

    rates = np.geomspace(0.001, 0.5, 40)
    hits = np.array([np.mean(logits[truth == 1] >= z) for z in np.unique(logits)])
    false = np.array([np.mean(logits[truth == 0] >= z) for z in np.unique(logits)])

    def at(rate, z):
        recall, alarm = (np.mean(logits[truth == k] >= z) for k in (1, 0))
        return 2 * rate * recall / (rate * (1 + recall) + (1 - rate) * alarm)

    best = [np.max(2 * r * hits / (r * (1 + hits) + (1 - r) * false)) for r in rates]
    right.plot(rates, [at(r, 0.0) for r in rates], label="0.5, not shifted")
    right.plot(
        rates, [at(r, -prior_shift(0.5, r)) for r in rates], label="0.5, shifted"
    )
    right.plot(rates, best, "--", color="0.3", label="best possible")
    right.set(xlabel="share of falls among windows", xscale="log")
    right.legend(fontsize=8, loc="lower right")
    return figure

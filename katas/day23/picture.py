"""Day 23. A range test, and sixteen trials of which half are dropped in each round."""

import tempfile
from pathlib import Path

import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

from katas.day23.tuning import (
    SPACE,
    Journal,
    learning_rate_range_test,
    sample_space,
    successive_halving,
)
from katas.detector.baselines import features
from katas.detector.recordings import watch


def trainer(x, y, setting, seed=0):
    """A function of epochs that trains a small network so much longer."""
    keras.utils.set_random_seed(seed)
    hidden = keras.layers.Dense(setting["filters"], "relu")
    model = keras.Sequential([keras.Input(x.shape[1:]), hidden, keras.layers.Dense(7)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    optimizer = keras.optimizers.SGD(setting["rate"], momentum=0.9)
    optimizer.build(model.trainable_variables)

    @tf.function(reduce_retracing=True)
    def step(x, y):
        with tf.GradientTape() as tape:
            cost = loss(y, model(x, training=True))
        weights = model.trainable_variables
        optimizer.apply(tape.gradient(cost, weights), weights)
        return cost

    def run(epochs):
        for _ in range(epochs):
            order = np.random.default_rng(seed).permutation(len(x))
            for rows in np.array_split(order, len(x) // setting["batch"]):
                step(x[rows], y[rows])

    return model, optimizer, step, run


def draw():
    """Return a figure: loss by rate; validation accuracy by epochs of each trial."""
    windows, labels = watch.windows(count=900, seed=23)
    x = features(windows)
    x = ((x - x[:600].mean(0)) / np.maximum(x[:600].std(0), 1e-3)).astype("float32")
    y, figure = labels.astype("int32"), plt.figure()
    left, right = figure.subplots(1, 2)

    _, optimizer, step, _ = trainer(x[:600], y[:600], {"filters": 32, "rate": 1e-5})
    rng = np.random.default_rng(23)

    def one_step(rate):
        optimizer.learning_rate.assign(rate)
        rows = rng.choice(600, 64, replace=False)
        return step(x[rows], y[rows])

    rates, losses = learning_rate_range_test(one_step, 1e-4, 1e2, 80)
    left.plot(rates, losses, color="C0")
    left.set(xscale="log", xlabel="learning rate", ylabel="loss of one batch")

    settings = sample_space(SPACE, 16, seed=23)
    trials = [trainer(x[:600], y[:600], setting, 23) for setting in settings]
    curves = [[] for _ in trials]

    def score(number, rows):
        model = trials[number][0]
        guess = np.asarray(model(x[rows])).argmax(axis=1)
        return float(np.mean(guess == y[rows]))

    def train(number, epochs):
        trials[number][3](epochs)
        done = sum(e for e, _ in curves[number][-1:]) + epochs
        curves[number].append((done, score(number, slice(600, 750))))
        return curves[number][-1][1]

    with tempfile.TemporaryDirectory() as folder:
        journal = Journal(Path(folder) / "journal.json")
        winner, _ = successive_halving(
            16, train, lambda k: score(k, slice(750, 900)), 128, journal
        )
    for number, curve in enumerate(curves):
        color = "C1" if number == winner else "0.6"
        right.plot(*zip(*curve, strict=True), "o-", color=color, zorder=color == "C1")
    right.set(xlabel="epochs trained", ylabel="validation accuracy", xscale="log")
    right.set(xticks=(2, 6, 14, 30), xticklabels=(2, 6, 14, 30), ylim=(0, 1))
    right.minorticks_off()
    return figure

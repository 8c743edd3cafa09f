"""Day 23. Each prediction meets its experiment."""

import numpy as np

from katas.day23 import quiz
from katas.dojo.judge.quiz import predicted


def test_the_share_under_a_thousandth():
    rates = np.random.default_rng(23).uniform(1e-4, 1e-1, 1_000_000)
    why = "0.0009 of 0.0999: an even draw spends 90 of 100 trials in the last decade."
    answer = float(np.mean(rates < 1e-3))
    predicted(quiz.under_a_thousandth, answer, why, tolerance=0.1)


def test_the_trials_for_five_percent():
    found = np.random.default_rng(23).uniform(size=(20_000, 100)) < 0.05
    chance = np.maximum.accumulate(found, axis=1).mean(axis=0)
    answer = int(np.argmax(chance >= 0.95)) + 1
    why = "1 - 0.95 ** 59 = 0.95, however many settings the space has."
    predicted(quiz.trials_for_five_percent, answer, why, tolerance=0.05)


def test_the_epochs_of_the_last():
    trained, alive = np.zeros(16, int), 16
    for _ in range(4):
        trained[:alive] += 64 // alive
        alive //= 2
    why = (
        "4 + 8 + 16 + 32: the last of 16 gets a quarter of the budget, not a sixteenth."
    )
    predicted(quiz.epochs_of_the_last, int(trained[0]), why)


def test_the_rates_that_were_tried():
    rng = np.random.default_rng(23)
    grid = [(rate, filters) for rate in range(4) for filters in range(4)]
    answer = (len({rate for rate, _ in grid}), len(set(rng.uniform(size=16).tolist())))
    why = "A grid repeats each rate four times; a random trial never does."
    predicted(quiz.rates_tried, answer, why)

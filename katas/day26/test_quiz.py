"""Day 26. Each prediction meets its experiment."""

import itertools

import numpy as np
from scipy import stats

from katas.day26 import quiz
from katas.dojo.judge.quiz import predicted


def test_how_often_at_least_one_of_ten():
    p = np.random.default_rng(26).uniform(size=(100_000, 10))
    answer = float(np.mean(p.min(axis=1) <= 0.05))
    why = "1 - 0.95 ** 10: ten lottery tickets win more often than one."
    predicted(quiz.at_least_one, answer, why, tolerance=0.1)


def test_the_least_p_of_three_seeds():
    differences = np.array([0.01, 0.02, 0.03])
    signs = np.array(list(itertools.product([-1, 1], repeat=3)))
    far = np.abs(signs @ differences) >= differences.sum() - 1e-12
    why = "2 of 8 ways to set the signs are as extreme: three seeds cannot prove it."
    predicted(quiz.least_p_of_three, float(far.mean()), why)


def test_the_best_of_twenty_seeds():
    seeds = np.random.default_rng(26).normal(0, 0.02, (100_000, 20))
    why = "1.87 standard deviations: the best seed sells luck as skill."
    answer = float(seeds.max(axis=1).mean())
    predicted(quiz.best_of_twenty, answer, why, tolerance=0.1)


def test_what_five_differences_hold():
    rng, held = np.random.default_rng(26), []
    for _ in range(2000):
        x = rng.normal(size=5)
        means = x[rng.integers(0, 5, (400, 5))].mean(axis=1)
        low, high = np.quantile(means, [0.025, 0.975])
        held.append(low <= 0 <= high)
    answer = min((95, 90, 84), key=lambda count: abs(count - 100 * np.mean(held)))
    why = (
        f"{np.mean(held):.2f} of 2,000: five points spread less than what they came"
        " from, and the bootstrap knows no others."
    )
    predicted(quiz.held_by_five, answer, why)


def test_the_width_of_torn_pairs():
    rng = np.random.default_rng(26)
    shared = rng.normal(0, 0.05, 2000)
    a, b = (shared + rng.normal(0, 0.01, 2000) for _ in range(2))
    paired = stats.sem(a - b)
    torn = np.hypot(stats.sem(a), stats.sem(b))
    why = "Root of 2 · (0.05² + 0.01²) against root of 2 · 0.01²: the seed cancels."
    predicted(quiz.times_as_wide, float(torn / paired), why, tolerance=0.2)

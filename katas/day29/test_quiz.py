"""Day 29. Each prediction meets its experiment."""

import numpy as np
from scipy import optimize, stats
from sklearn.metrics import brier_score_loss, roc_auc_score

from katas.day29 import quiz
from katas.dojo.judge.quiz import predicted


def interval(count, hours):
    """The rates at which seeing so many, or so few, has a chance of 2.5 %."""

    def low_end(rate):
        return stats.poisson.sf(count - 1, rate * hours) - 0.025

    def high_end(rate):
        return stats.poisson.cdf(count, rate * hours) - 0.025

    low = optimize.brentq(low_end, 1e-9, 200) if count else 0.0
    return low, optimize.brentq(high_end, 1e-9, 200)


def test_the_interval_of_no_alarm():
    why = "exp(-rate * 8) = 0.025 gives 3.69 / 8: a silent night still allows 11 a day."
    predicted(quiz.upper_end_per_hour, interval(0, 8)[1], why, tolerance=0.05)


def test_the_alarms_of_six_windows():
    count, last = 0, -np.inf
    for start in 32 * np.arange(6):
        if start - last >= 250:
            count, last = count + 1, start
    why = "The sixth starts 160 samples, 3.2 s, after the first: all within 5 s."
    predicted(quiz.alarms, count, why)


def test_the_width_of_the_longer_trial():
    (a, b), (c, d) = interval(4, 1), interval(16, 4)
    why = (
        f"{a:.1f} to {b:.1f} against {c:.1f} to {d:.1f}: the width goes with 1 / root"
        " of the hours."
    )
    predicted(quiz.times_narrower, (b - a) / (d - c), why, tolerance=0.15)


def test_the_brier_score_of_the_base_rate():
    labels = np.arange(1000) < 78
    answer = brier_score_loss(labels, np.full(1000, 0.078))
    why = "0.078 * 0.922: calibrated and useless. A Brier score needs this beside it."
    predicted(quiz.brier_of_the_base_rate, float(answer), why, tolerance=0.05)


def test_the_area_of_sharper_logits():
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 2, 500)
    logits = rng.normal(labels)
    before, after = (roc_auc_score(labels, by * logits) for by in (1, 3))
    gain = after - before
    answer = "stays the same" if abs(gain) < 1e-9 else "rises" if gain > 0 else "falls"
    why = "The order of the windows is the same, so every threshold finds its twin."
    predicted(quiz.area_under_roc, answer, why)

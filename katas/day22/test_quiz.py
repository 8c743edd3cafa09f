"""Day 22. Each prediction meets its experiment."""

import keras
import numpy as np
from sklearn.metrics import f1_score
from sklearn.utils.class_weight import compute_class_weight

from katas.day22 import quiz
from katas.dojo.judge.quiz import predicted


def test_the_weight_of_a_fall():
    labels = np.repeat([0, 1], [98, 2])
    weights = compute_class_weight("balanced", classes=np.array([0, 1]), y=labels)
    why = "100 / (2 · 2): two falls then weigh 50, and so do 98 others, 0.51 each."
    predicted(quiz.weight_of_a_fall, float(weights[1]), why)


def test_the_f1_at_one_percent():
    labels = np.repeat([1, 0], [1000, 99_000])
    alarms = np.r_[np.arange(1000) < 900, np.arange(99_000) < 990]
    why = "900 hits meet 990 false alarms, not 10: 1,800 / (1,800 + 990 + 100)."
    answer = float(f1_score(labels, alarms))
    predicted(quiz.f1_at_one_percent, answer, why, tolerance=0.1)


def test_the_first_loss():
    labels, said = np.repeat([1.0, 0.0], [20, 980]), np.full(1000, 0.02)
    answer = float(keras.losses.binary_crossentropy(labels, said))
    why = "-0.02 ln 0.02 - 0.98 ln 0.98: nothing is learnt yet, but the base rate is."
    predicted(quiz.first_loss, answer, why, tolerance=0.1)


def test_the_validation_falls_that_were_seen():
    falls = np.tile(np.arange(200), 10)
    mixed = np.random.default_rng(22).permutation(falls)
    train, validation = mixed[:1600], mixed[1600:]
    answer = float(np.mean(np.isin(validation, train)))
    why = "Nine copies would have to miss the training: 0.2 ** 9. Split first."
    predicted(quiz.validation_falls_seen, answer, why, tolerance=0.01)


def test_the_threshold_of_the_best_f1():
    said = np.random.default_rng(22).beta(0.1, 0.5, 2_000_000)
    steps = np.linspace(0.05, 0.95, 181)

    def f1(p):
        """Expected F1 at each step where p are true probabilities."""
        hits = np.array([p[p >= step].sum() for step in steps])
        alarms = np.array([(p >= step).sum() for step in steps])
        return 2 * hits / (alarms + p.sum())

    powers = np.linspace(0.5, 4, 15)  # from sharp probabilities to dull ones
    each = [f1(said[:100_000] ** power) for power in powers]
    ratio = np.median([steps[np.argmax(row)] / row.max() for row in each])
    why = "Half the best F1 (Lipton, Elkan & Narayanaswamy 2014): 0.5 is for F1 = 1."
    predicted(quiz.threshold_of_best_f1, float(0.6 * ratio), why, tolerance=0.05)

"""Day 10. Each prediction meets its experiment."""

import keras
import numpy as np

from katas.day10 import quiz
from katas.dojo.judge.quiz import predicted

LABELS = np.repeat([1, 0], [20, 980])


def f1(labels, alarms):
    metric = keras.metrics.F1Score(threshold=0.5)
    metric.update_state(np.float32(labels)[:, None], np.float32(alarms)[:, None])
    return float(metric.result()[0])


def test_the_accuracy_of_silence():
    metric = keras.metrics.BinaryAccuracy()
    metric.update_state(LABELS, np.zeros(1000))
    why = "980 of 1,000 windows are no falls: silence is right about each of them."
    predicted(quiz.accuracy_of_silence, float(metric.result()), why, tolerance=1e-4)


def test_the_f1_of_silence():
    why = "No hit, so precision and recall are 0: F1 does not reward quiet windows."
    predicted(quiz.f1_of_silence, f1(LABELS, np.zeros(1000)), why)


def test_the_share_of_true_alarms():
    windows = 1_000_000
    falls = windows // 1000
    hits, false_alarms = 0.95 * falls, 0.01 * (windows - falls)
    why = "950 hits among 10,940 alarms in a million windows: the base rate rules."
    answer = hits / (hits + false_alarms)
    predicted(quiz.true_alarms, answer, why, tolerance=0.1)


def test_the_f1_of_the_timid():
    labels = np.repeat([1, 0], [10, 90])
    alarms = np.arange(100) < 1
    why = "2 · 1 · 0.1 / 1.1: the harmonic mean stays close to the smaller of the two."
    predicted(quiz.f1_of_the_timid, f1(labels, alarms), why, tolerance=0.011)


def test_the_f1_of_two_batches():
    labels = np.r_[1, 0, 0, 0, np.repeat([1, 0], [30, 370])]
    alarms = np.r_[1, 0, 0, 0, np.arange(400) < 15]  # 15 hits, 15 misses ...
    alarms[-15:] = 1  # ... and 15 false alarms
    whole = f1(labels, alarms)
    answer = min((0.5, 0.75, 1.0), key=lambda value: abs(value - whole))
    why = f"F1 of all is {whole:.2f}: 30 falls outweigh 1, which a mean of F1s forgets."
    predicted(quiz.f1_of_both, answer, why)

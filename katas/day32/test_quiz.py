"""Day 32. Each prediction meets its experiment."""

from itertools import product

import keras
import numpy as np
from keras import layers

from katas.day32 import quiz
from katas.dojo.judge.quiz import predicted


def test_what_no_se_saves():
    saved = 0
    for channels in (32, 48):
        hidden = layers.Dense(channels // 4)
        net = keras.Sequential(
            [keras.Input((channels,)), hidden, layers.Dense(channels)]
        )
        saved += net.count_params()
    why = "32·8 + 8 + 8·32 + 32 = 552 and 48·12 + 12 + 12·48 + 48 = 1,212."
    predicted(quiz.saved_by_no_se, saved, why)


def test_how_likely_a_lucky_row_is():
    rng = np.random.default_rng(31)
    outside = rng.uniform(size=(200_000, 5)) > 0.95
    why = "1 - 0.95^5 = 0.23: nearly every fourth table of nothing has a finding."
    answer = float(outside.any(axis=1).mean())
    predicted(quiz.at_least_one, answer, why, tolerance=0.05)


def test_how_many_trainings_there_are():
    runs = list(product(range(13 - 1), range(5), range(3), range(3 + 1)))
    why = "12 · 5 · 3 · 4: at 40 s each, eight hours. Ask few questions."
    predicted(quiz.trainings, len(runs), why)


def test_what_the_best_of_three_gives_away():
    draws = np.random.default_rng(31).normal(0, 0.005, (200_000, 3))
    why = "The largest of three normal draws lies 0.85 deviations over the mean: luck."
    answer = float((draws.max(axis=1) - draws.mean(axis=1)).mean())
    predicted(quiz.gift, answer, why, tolerance=0.2)


def test_how_much_pairing_narrows():
    rng = np.random.default_rng(31)
    apart = rng.normal(0, 0.10, (2, 200_000))
    answer = float((apart[0] - apart[1]).std() / 0.02)
    why = "√2 · 0.10 against 0.02: what makes a person hard is the same for both."
    predicted(quiz.times_wider, answer, why, tolerance=0.1)

"""Day 28. Each prediction meets its experiment."""

import keras
import numpy as np
from sklearn.metrics import roc_auc_score

from katas.day28 import quiz
from katas.dojo.judge.quiz import predicted


def test_the_floor_of_a_loss_that_squashes_twice():
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    answer = float(loss(np.ones((1, 1)), np.ones((1, 1))))
    why = "A sigmoid output is at most 1; taken for a logit it means 0.73, -ln 0.73 = 0.31."
    predicted(quiz.floor_of_the_loss, answer, why, tolerance=0.02)


def test_the_alias_of_a_tremor():
    kept = np.sin(2 * np.pi * 45 * np.arange(0, 10, 1 / 200))[::4]
    spectrum = np.abs(np.fft.rfft(kept))
    answer = float(np.fft.rfftfreq(len(kept), 1 / 50)[spectrum.argmax()])
    why = "At 50 Hz, 45 Hz is folded to 50 - 45: slow movement that never was."
    predicted(quiz.alias_hz, answer, why, tolerance=0.02)


def test_the_area_from_scores_and_from_alarms():
    y, p = np.array([0, 0, 1, 1]), np.array([0.1, 0.2, 0.3, 0.4])
    answer = (float(roc_auc_score(y, p)), float(roc_auc_score(y, p >= 0.5)))
    why = "Alarms are one point of the curve; the rest of the ranking is thrown away."
    predicted(quiz.area_of_scores_and_alarms, answer, why)


def test_the_scores_under_dropout():
    keras.utils.set_random_seed(0)
    layer, x = keras.layers.Dropout(0.3), np.ones((1, 64), "float32")
    calls = [np.asarray(layer(x, training=True)) for _ in range(2)]
    why = (
        "Each call draws a new mask, so the watch would change its mind about one fall."
    )
    predicted(quiz.score_changes, not np.array_equal(*calls), why)

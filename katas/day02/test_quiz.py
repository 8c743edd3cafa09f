"""Day 02. Each prediction meets its experiment."""

import numpy as np
import tensorflow as tf

from katas.day02 import quiz
from katas.detector.recordings import watch
from katas.dojo.judge.quiz import predicted


def test_the_shape_of_a_product():
    answer = tuple(tf.matmul(tf.zeros((4, 7, 5)), tf.zeros((5, 3))).shape)
    why = "Rows times columns: the axis of 5 is summed away, the batch axis stays."
    predicted(quiz.shape_of_product, answer, why)


def test_the_rank_of_a_product():
    draw = np.random.default_rng(2).normal
    answer = int(tf.linalg.matrix_rank(draw(size=(64, 3)) @ draw(size=(3, 32))))
    why = "All 64 rows are mixtures of the same 3: no product is richer than its waist."
    predicted(quiz.rank_of_product, answer, why)


def test_the_condition_number_of_a_square():
    turn, _ = np.linalg.qr(np.random.default_rng(2).normal(size=(3, 3)))
    x = turn * np.array([1.0, 0.1, 0.001])
    why = "Singular values are squared: 1 and 1e-3 become 1 and 1e-6."
    predicted(quiz.condition_of_square, float(np.linalg.cond(x.T @ x)), why, 0.01)


def test_the_fit_of_a_constant():
    y = watch.windows(count=1)[0][0, :, 2:3]  # [time, 1]
    fit = tf.linalg.lstsq(np.ones_like(y), y, fast=False).numpy().item()
    answers = {"first value": y[0], "mean": y.mean(), "median": np.median(y)}
    answer = next((k for k, v in answers.items() if np.allclose(fit, v)), "sum")
    why = "Of all constants the mean has the least squared distance: gravity is a fit."
    predicted(quiz.fit_of_a_constant, answer, why)

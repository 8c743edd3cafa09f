"""Day 04. Each prediction meets its experiment."""

import keras
import numpy as np
import tensorflow as tf

from katas.day04 import quiz
from katas.dojo.judge.quiz import predicted


def test_the_shape_of_a_difference():
    answer = tuple((tf.zeros((5, 1)) - tf.zeros(5)).shape)
    why = "Each prediction meets every label: 25 differences, and no error."
    predicted(quiz.shape_of_difference, answer, why)


def test_the_loss_before_training():
    loss = keras.losses.CategoricalCrossentropy(from_logits=True)
    answer = float(loss(np.eye(10), np.zeros((10, 10))))
    why = "Each class gets 1/10, and -ln(1/10) = ln 10: the first line of a log."
    predicted(quiz.untrained_loss, answer, why, 0.01)


def test_the_loss_of_one_who_is_sure_and_wrong():
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    answer = float(loss(np.array([[1.0]]), np.array([[-20.0]])))
    why = "ln(1 + exp(20)) is 20 and a trace: far out the loss is the logit itself."
    predicted(quiz.sure_and_wrong, answer, why, 0.001)


def test_the_least_loss_of_a_double_softmax():
    loss = keras.losses.CategoricalCrossentropy(from_logits=True)
    answer = float(loss(np.eye(10), tf.nn.softmax(1e4 * np.eye(10))))
    why = (
        "Shares 1, 0, ..., 0 taken for logits give e / (e + 9) at best: ln(e + 9) - 1."
    )
    predicted(quiz.least_loss_of_double_softmax, answer, why, 0.05)

"""Day 17. Each prediction meets its experiment."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from katas.day17 import quiz
from katas.dojo.judge.quiz import predicted


def test_the_steps_that_leave_three_stages():
    x = np.zeros((1, 125, 4), "float32")
    for stage in range(3):
        for place in range(2):
            stride = 2 if stage > 0 and place == 0 else 1
            x = layers.Conv1D(4, 3, stride, padding="same")(x)
    why = "Two halvings, each rounded up: 125, 63, 32. The first stage keeps its time."
    predicted(quiz.steps_left, x.shape[1], why)


def gain(block):
    """The gradient at the input of ten blocks, where it is 1 at their output."""
    x = tf.Variable(1.0, dtype="float64")
    with tf.GradientTape() as tape:
        h = tf.identity(x)
        for _ in range(10):
            h = block(h)
    return float(tape.gradient(h, x))


def test_the_gain_of_ten_residual_blocks():
    why = "Each has slope 1 + 0.1, and the chain rule multiplies: 1.1 to the tenth."
    predicted(quiz.residual_gain, gain(lambda h: h + 0.1 * h), why, tolerance=0.05)


def test_the_gain_of_ten_plain_blocks():
    why = "Each has slope 0.1: one part in ten thousand million arrives."
    predicted(quiz.plain_gain, gain(lambda h: 0.1 * h), why, tolerance=0.05)


def test_who_moves_first():
    x = np.random.default_rng(0).uniform(1, 2, (4, 9, 3)).astype("float32")
    parts = [
        layers.Conv1D(3, 3, padding="same", use_bias=False),
        layers.BatchNormalization(),
        layers.ReLU(),
        layers.Conv1D(3, 3, padding="same", use_bias=False),
        layers.BatchNormalization(gamma_initializer="zeros"),
    ]
    branch = keras.Sequential(parts)
    with tf.GradientTape() as tape:
        y = tf.nn.relu(x + branch(x, training=True))
        loss = tf.reduce_mean((y - x[:, ::-1] ** 2) ** 2)
    values = [weight.value for weight in branch.trainable_weights]
    moved = [bool(tf.reduce_any(g != 0)) for g in tape.gradient(loss, values)]
    last = len(parts[-1].trainable_weights)
    answers = {
        "all": all(moved),
        "the last norm's": all(moved[-last:]) and not any(moved[:-last]),
        "none": not any(moved),
    }
    answer = next((text for text, true in answers.items() if true), "some others")
    why = "What lies before the last norm gets its gradient times gamma, which is 0."
    predicted(quiz.first_to_move, answer, why)

"""Day 05. Each prediction meets its experiment."""

import numpy as np
import tensorflow as tf

from katas.day05 import quiz
from katas.dojo.judge.quiz import predicted


def slope(function, x):
    """What the tape says of a function of one number."""
    with tf.GradientTape() as tape:
        tape.watch(x := tf.constant(x))
        y = function(x)
    return float(tape.gradient(y, x))


def test_the_central_difference_of_a_cubic():
    answer = (2.5**3 - 1.5**3) / (2 * 0.5)
    why = "The truth is 3 x ** 2 = 12; the error of a cubic is step ** 2 = 0.25."
    predicted(quiz.cubic, answer, why)


def test_a_step_too_small_for_float32():
    one, step = np.float32(1), np.float32(1e-8)
    answer = float(((one + step) ** 2 - (one - step) ** 2) / (2 * step))
    why = "1 + 1e-8 is 1 in float32, and so is 1 - 1e-8: the two values cancel."
    predicted(quiz.tiny_step, answer, why)


def test_the_gradient_of_an_unwatched_constant():
    x = tf.constant(3.0)
    with tf.GradientTape() as tape:
        y = x * x
    why = "A tape follows variables by itself, and constants after tape.watch only."
    predicted(quiz.unwatched, tape.gradient(y, x), why)


def test_the_shape_of_a_jacobian():
    kernel = tf.Variable(tf.ones((6, 3)))
    with tf.GradientTape() as tape:
        y = tf.ones((5, 6)) @ kernel
    answer = tuple(tape.jacobian(y, kernel).shape)
    why = "One slope for each pair: the axes of y first, then those of kernel."
    predicted(quiz.jacobian, answer, why)


def test_the_tape_at_a_kink():
    answer = slope(lambda x: tf.maximum(x, 0) + tf.math.log1p(tf.exp(-abs(x))), 0.0)
    why = "max passes slope 1 on a tie and |x| has slope 0: a tape sees steps only."
    predicted(quiz.tape_at_the_kink, answer, why)

"""Day 01. Each prediction meets its experiment."""

import numpy as np
import tensorflow as tf

from katas.day01 import quiz
from katas.dojo.judge.quiz import predicted


def test_the_number_of_windows():
    answer = len(tf.signal.frame(tf.zeros(1000), 128, 32))
    why = "The last start is at most 872, and 872 // 32 = 27, so starts 0 to 27."
    predicted(quiz.windows_of_1000, answer, why)


def test_the_shape_of_a_broadcast_difference():
    a, b = tf.zeros((5, 3)), tf.zeros((7, 3))
    answer = tuple((a[:, tf.newaxis] - b).shape)
    why = (
        "[5, 1, 3] against [7, 3]: axes line up from the right, sizes 1 are stretched."
    )
    predicted(quiz.shape_of_difference, answer, why)


def test_the_bytes_from_one_step_to_the_next():
    answer = np.zeros((100, 6), "float32").strides[0]
    why = "Six numbers of four bytes each lie between a step and the next."
    predicted(quiz.bytes_per_step, answer, why)


def test_the_one_that_is_lost():
    big = tf.constant(16_777_216.0)
    why = (
        "float32 has 24 bits of digits: from 2^24 on, only even numbers can be stored."
    )
    predicted(quiz.one_lost, float(big + 1.0 - big), why)


def test_three_tenths():
    answer = bool(tf.constant(0.1) + tf.constant(0.2) == tf.constant(0.3))
    why = "All three are rounded; in float32 the errors happen to meet, so do not rely on =="
    predicted(quiz.third_tenth, answer, why)

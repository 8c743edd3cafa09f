"""Day 24. Each prediction meets its experiment."""

import tensorflow as tf
from keras import layers

from katas.day24 import quiz
from katas.dojo.judge.quiz import predicted


def runs(arguments):
    """How often Python runs the body of a tf.function that is called so."""
    ran = []

    @tf.function
    def double(x):
        ran.append(x)
        return x * 2

    for argument in arguments:
        double(argument)
    return len(ran)


def test_the_prints_for_tensors():
    answer = runs([tf.constant(float(k)) for k in range(5)])
    why = "print is Python: it runs while the graph is traced, and is not in it."
    predicted(quiz.prints, answer, why)


def test_the_prints_for_numbers():
    answer = runs([0.1, 0.2, 0.3, 0.1, 0.2])
    why = "A Python number is part of the graph, so each new one needs its own graph."
    predicted(quiz.prints_for_numbers, answer, why)


def test_the_rate_of_the_second_call():
    rate = 0.1

    @tf.function
    def current():
        return tf.constant(rate)

    current()
    rate = 0.2
    answer = round(float(current()), 6)
    why = "The 0.1 of the first call was written into the graph as a constant."
    predicted(quiz.rate_of_the_second_call, answer, why)


def test_a_small_number_in_float16():
    answer = float(tf.cast(2e-8, tf.float16))
    why = "The least step is 2^-24 = 6e-8, and 2e-8 is nearer to 0 than to it."
    predicted(quiz.two_at_minus_eight, answer, why)


def test_the_dtype_of_the_kernel():
    layer = layers.Dense(3, dtype="mixed_float16")
    layer.build((None, 4))
    why = "Mixed: it computes in float16, and keeps its weights in float32."
    predicted(quiz.dtype_of_the_kernel, layer.kernel.dtype, why)

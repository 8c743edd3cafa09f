"""Day 08. Each prediction meets its experiment."""

import numpy as np
import tensorflow as tf

from katas.day08 import quiz
from katas.dojo.judge.quiz import predicted


def test_the_number_of_batches():
    answer = int(tf.data.Dataset.range(1000).batch(64).cardinality())
    why = "15 full batches are 960 windows; the other 40 make a short one."
    predicted(quiz.batches_of_64, answer, why)


def test_the_first_out_of_a_buffer_of_ten():
    data = tf.data.Dataset.range(1000).shuffle(10)
    answer = max(int(next(iter(data))) for _ in range(150))
    why = "The buffer holds elements 0 to 9 when the first is drawn: a local shuffle."
    predicted(quiz.first_out_of_ten, answer, why)


def test_the_order_behind_a_cache():
    data = tf.data.Dataset.range(1000).shuffle(1000).cache()
    first, second = ([int(v) for v in data] for _ in range(2))
    why = "The cache keeps what it saw, order and all: what is random goes after it."
    predicted(quiz.cached_order, first == second, why)


def test_the_windows_that_were_yielded():
    yielded = []

    def cut():
        for number in range(1000):
            yielded.append(number)
            yield np.float32(number)

    spec = tf.TensorSpec((), tf.float32)
    list(tf.data.Dataset.from_generator(cut, output_signature=spec).take(1))
    answer = min((1, 32, 1000), key=lambda k: abs(k - len(yielded)))
    why = "A stream pulls: nobody asked for the second window."
    predicted(quiz.yielded, answer, why)

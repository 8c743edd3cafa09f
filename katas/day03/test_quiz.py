"""Day 03. Each prediction meets its experiment."""

import keras
import numpy as np
import tensorflow as tf

from katas.day03 import quiz
from katas.dojo.judge.quiz import predicted


def test_the_number_of_parameters():
    layer = keras.layers.Dense(32)
    layer.build((None, 128, 6))
    why = "6 x 32 + 32: each step meets the same kernel, so time makes no weights."
    predicted(quiz.parameters, layer.count_params(), why)


def test_the_softmax_of_equal_logits():
    answer = float(tf.reduce_max(tf.nn.softmax([5.0, 5.0, 5.0, 5.0])))
    why = "Only differences count, and there are none: each class gets its equal share."
    predicted(quiz.softmax_of_equals, answer, why, 1e-5)


def test_the_exp_of_100():
    value = float(tf.exp(100.0))
    answer = "nan" if np.isnan(value) else "inf" if np.isinf(value) else f"{value:.1e}"
    why = "float32 ends at 3.4e38, which is exp(88.7); beyond it there is only inf."
    predicted(quiz.exp_of_100, answer, why)


def test_the_size_after_four_layers():
    rng = np.random.default_rng(3)
    x = rng.normal(size=(1000, 400))
    for _ in range(4):
        x = tf.matmul(x, rng.normal(0, 0.025, size=(400, 400)))
    why = "Each layer multiplies it by sqrt(400) x 0.025 = 0.5, and 0.5^4 = 0.0625."
    predicted(quiz.std_after_four_layers, float(np.std(x)), why, 0.05)

"""Day 33. Each prediction meets its experiment."""

import numpy as np
import tensorflow as tf
from keras import layers

from katas.day33 import quiz
from katas.dojo.judge.quiz import predicted


def test_the_bytes_of_the_ring():
    why = "2 * 128 rows of 6 numbers of 4 bytes: 6 kB buy a read without a copy."
    memory = np.zeros((2 * 128, 6), "float32")
    predicted(quiz.bytes_of_the_ring, memory.nbytes, why)


def test_the_row_of_the_oldest():
    rows = np.zeros(128, int)
    for k in range(300):
        rows[k % 128] = k
    why = "Samples 256 to 299 went to rows 0 to 43; row 44 still holds sample 172."
    predicted(quiz.row_of_the_oldest, int(rows.argmin()), why)


def test_the_first_score():
    moments = np.arange(500) / 50
    why = "The 128th sample is number 127: 127 / 50 s. Nothing may be told before."
    predicted(quiz.first_score_s, float(moments[128 - 1]), why)


def test_the_step_of_int8():
    x = tf.linspace(-20.0, 20.0, 20001)
    rounded = tf.quantization.fake_quant_with_min_max_args(x, -20, 20, num_bits=8)
    steps = np.diff(np.unique(rounded))
    why = "40 / 255: the gyroscope's range sets the accelerometer's grain."
    predicted(quiz.step_g, float(np.median(steps)), why, tolerance=0.05)


def test_the_number_that_the_network_expects():
    scaler = layers.Normalization(mean=[0.4], variance=[0.5**2])
    answer = float(np.asarray(scaler(np.array([[1.0]], "float32")))[0, 0])
    why = "(1 - 0.4) / 0.5. It would be given 1: no error, a plausible score, wrong."
    predicted(quiz.number_the_network_expects, answer, why, tolerance=0.05)

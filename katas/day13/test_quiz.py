"""Day 13. Each prediction meets its experiment."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from katas.day13 import quiz
from katas.dojo.judge.quiz import predicted


def test_the_number_of_parameters():
    layer = layers.Conv1D(32, 15)
    layer.build((None, 128, 6))
    why = "Each of 32 filters has 15 taps in each of 6 channels, and one bias: 32 x 91."
    predicted(quiz.parameters, layer.count_params(), why)


def test_the_steps_that_come_out():
    y = layers.Conv1D(32, 15, strides=2)(np.zeros((1, 128, 6), "float32"))
    why = "The first tap may stand at 0, 2, ... 112: the last one reaches 14 further."
    predicted(quiz.steps, y.shape[1], why)


def test_the_receptive_field_of_three_layers():
    stack = [layers.Conv1D(1, 3, dilation_rate=d, padding="same") for d in (1, 2, 4)]
    model = keras.Sequential(stack)
    x = tf.Variable(tf.zeros((1, 41, 1)))
    with tf.GradientTape() as tape:
        y = model(x)[0, 20, 0]
    seen = np.flatnonzero(np.asarray(tape.gradient(y, x))[0, :, 0])
    why = "1 + 2 x 1 + 2 x 2 + 2 x 4: each layer adds (3 - 1) gaps of its dilation."
    predicted(quiz.field, int(seen.max() - seen.min()) + 1, why)


def test_the_tremor_after_a_stride():
    rate, stride = 50, 2
    tremor = np.sin(2 * np.pi * 20 * np.arange(0, 4, 1 / rate))[None, :, None]
    kept = tf.nn.conv1d(tremor, np.ones((1, 1, 1)), stride, "VALID")[0, :, 0]
    spectrum = np.abs(np.fft.rfft(kept))
    peak = np.fft.rfftfreq(len(kept), stride / rate)[spectrum.argmax()]
    why = "25 steps a second show at most 12.5 Hz; above, f appears as 25 - f."
    predicted(quiz.alias, float(peak), why)

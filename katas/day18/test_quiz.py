"""Day 18. Each prediction meets its experiment."""

import keras
import numpy as np
from keras import layers

from katas.day18 import quiz
from katas.dojo.judge.quiz import predicted


def se(time, channels=32, ratio=4):
    """The block out of stock Keras layers."""
    x = keras.Input((time, channels))
    summary = layers.GlobalAveragePooling1D(keepdims=True)(x)
    hidden = layers.Dense(channels // ratio, "relu")(summary)
    gate = layers.Dense(channels, "sigmoid", name="widen")(hidden)
    return keras.Model(x, layers.Multiply()([x, gate]))


def test_the_number_of_parameters():
    why = "narrow: 32 x 8 + 8 = 264; widen: 8 x 32 + 32 = 288; the mean has none."
    predicted(quiz.parameters, se(128).count_params(), why)


def test_the_parameters_of_a_longer_sequence():
    answer = se(256).count_params() // se(128).count_params()
    why = "Time is averaged away before the first weight, so no weight depends on it."
    predicted(quiz.growth_with_time, answer, why)


def test_the_gate_of_zero_weights():
    model = se(5, 8)
    widen = model.get_layer("widen")
    widen.set_weights([np.zeros_like(w) for w in widen.get_weights()])
    x = np.ones((1, 5, 8), "float32")
    why = (
        "sigmoid(0) = 1/2: a new block halves its input before it has learnt anything."
    )
    predicted(quiz.gate_of_zero_weights, float(np.asarray(model(x))[0, 0, 0]), why)


def test_the_output_of_a_reversed_input():
    model, x = se(7, 8), np.random.default_rng(0).normal(size=(1, 7, 8))
    y, backwards = np.asarray(model(x)), np.asarray(model(x[:, ::-1]))
    answers = {
        "plays backwards": np.allclose(backwards, y[:, ::-1], atol=1e-6),
        "stays the same": np.allclose(backwards, y, atol=1e-6),
    }
    answer = next((k for k, true in answers.items() if true), "changes altogether")
    why = "The mean has no order, so the gates stay; each step passes them where it is."
    predicted(quiz.reversed_input, answer, why)

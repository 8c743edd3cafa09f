"""Day 16. Each prediction meets its experiment."""

import keras
import numpy as np
from keras import layers

from katas.day16 import quiz
from katas.dojo.judge.quiz import predicted


def test_the_value_of_a_kept_entry():
    y = np.asarray(layers.Dropout(0.2, seed=0)(np.ones((50, 4)), training=True))
    why = "1 / (1 - 0.2): four of five are left and must weigh as much as five."
    predicted(quiz.kept_value, float(y.max()), why, tolerance=1e-5)


def test_the_number_of_fallen_channels():
    layer = layers.SpatialDropout1D(0.25, seed=0)
    y = np.asarray(layer(np.ones((4000, 2, 16)), training=True))
    answer = float(round(np.mean((y[:, 0] == 0).sum(axis=1))))
    why = "Each of 16 channels falls with probability 1/4: 4 on average, 0 to 10 at times."
    predicted(quiz.fallen_channels, answer, why)


def test_the_larger_of_two_losses():
    keras.utils.set_random_seed(16)
    x = np.random.default_rng(0).normal(size=(256, 8)).astype("float32")
    y = x[:, :1] - x[:, 1:2]
    model = keras.Sequential(
        [layers.Dense(32, "relu"), layers.Dropout(0.5), layers.Dense(1)]
    )
    model.compile(keras.optimizers.Adam(0.01), "mse")
    model.fit(x, y, epochs=15, verbose=0)
    loss = {
        name: float(np.mean((np.asarray(model(x, training=flag)) - y) ** 2))
        for name, flag in (("training", True), ("inference", False))
    }
    why = f"{loss['training']:.2f} against {loss['inference']:.2f}: noise costs, and is off later."
    predicted(quiz.larger_loss, max(loss, key=loss.get), why)


def test_the_weight_after_two_steps():
    variable = keras.Variable(np.ones((1, 1)))
    optimizer = keras.optimizers.SGD(0.1, weight_decay=0.5)
    optimizer.build([variable])
    for _ in range(2):
        optimizer.apply([np.zeros((1, 1), "float32")], [variable])
    why = "Each step leaves 1 - 0.1 · 0.5 = 0.95, and 0.95² = 0.9025."
    predicted(quiz.after_two_steps, float(np.asarray(variable)[0, 0]), why, 0.01)

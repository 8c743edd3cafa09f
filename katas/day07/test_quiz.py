"""Day 07. Each prediction meets its experiment."""

import keras
import numpy as np
import tensorflow as tf

from katas.day07 import quiz
from katas.dojo.judge.quiz import predicted


def line(rate):
    """A compiled linear model of one input that starts at 0."""
    dense = keras.layers.Dense(1, kernel_initializer="zeros", use_bias=False)
    model = keras.Sequential([keras.Input((1,)), dense])
    model.compile(keras.optimizers.SGD(rate), "mse")
    return model


def test_the_number_of_steps():
    model, x = line(0.0), np.ones((1000, 1), "float32")
    model.fit(x, x, batch_size=32, epochs=3, verbose=0)
    why = "1,000 / 32 = 31.25, and the quarter is a batch too: 32 an epoch."
    predicted(quiz.steps, int(model.optimizer.iterations.numpy()), why)


def test_the_loss_that_fit_reports():
    y = np.float32([1, 1, 1, 1, 1, 1, 1, 1, 2])[:, None]  # the squares are the losses
    fitted = line(0.0).fit(np.ones_like(y), y, batch_size=4, shuffle=False, verbose=0)
    why = "(4 x 1 + 4 x 1 + 1 x 4) / 9: each example counts once, not each batch."
    predicted(quiz.reported, fitted.history["loss"][0], why, tolerance=0.01)


def test_the_number_of_traces():
    model, runs = line(0.1), []
    optimizer = keras.optimizers.Adam()
    optimizer.build(model.trainable_variables)

    @tf.function
    def step(x):
        runs.append("Python")
        with tf.GradientTape() as tape:
            value = tf.reduce_mean(model(x, training=True) ** 2)
        gradients = tape.gradient(value, model.trainable_variables)
        optimizer.apply(gradients, model.trainable_variables)
        return value

    for size in [32, 32, 8] * 3:
        step(tf.ones((size, 1)))
    why = "Python runs once for each new shape, to record a graph; then the graph runs."
    predicted(quiz.traces, len(runs), why)


def test_the_history_against_evaluate():
    x = np.linspace(-1, 1, 64, dtype="float32")[:, None]
    model = line(0.1)
    history = model.fit(x, 3 * x, batch_size=8, verbose=0).history["loss"][0]
    after = model.evaluate(x, 3 * x, verbose=0)
    same = "same" if np.isclose(history, after) else "lower"
    answer = "higher" if history > 1.01 * after else same
    why = "The history averages over the epoch; its early batches met worse weights."
    predicted(quiz.history_against_evaluate, answer, why)

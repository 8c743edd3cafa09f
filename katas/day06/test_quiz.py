"""Day 06. Each prediction meets its experiment."""

import keras
import numpy as np
import tensorflow as tf

from katas.day06 import quiz
from katas.dojo.judge.quiz import predicted


def moved(optimizer, gradient, steps=1):
    """How far a weight has moved at the last of so many steps."""
    weight = keras.Variable(0.0)
    for _ in range(steps):
        before = float(weight.numpy())
        optimizer.apply([tf.constant(gradient)], [weight])
    return abs(float(weight.numpy()) - before)


def distance(learning_rate):
    """How far from the minimum of 2 w ** 2 gradient descent ends that began at 1."""
    weight = keras.Variable(1.0)
    optimizer = keras.optimizers.SGD(learning_rate)
    for _ in range(30):
        optimizer.apply([4 * weight], [weight])
    return abs(float(weight.numpy()))


def test_the_learning_rate_that_diverges():
    rates = [0.1, 0.3, 0.45, 0.6]
    answer = next(rate for rate in rates if distance(rate) > 1)
    why = "The curvature is 4, so each step multiplies w by 1 - 4 rate: below 2 / 4."
    predicted(quiz.diverges, answer, why)


def test_the_speed_under_momentum():
    steady = moved(keras.optimizers.SGD(0.01, momentum=0.9), 1.0, steps=60)
    answer = steady / moved(keras.optimizers.SGD(0.01), 1.0)
    why = "1 + 0.9 + 0.81 + ... = 1 / (1 - 0.9)."
    predicted(quiz.speed, answer, why, tolerance=0.01)


def test_the_first_steps_of_adam():
    adam = keras.optimizers.Adam
    answer = moved(adam(0.01), 1000.0) / moved(adam(0.01), 0.001)
    why = "The gradient is divided by its own size: each first step is a learning rate."
    predicted(quiz.ratio, answer, why, tolerance=0.01)


def test_the_first_step_without_correction():
    mean, square = 0.1 * 5.0, 0.001 * 5.0**2
    answer = float(mean / np.sqrt(square))
    why = "0.1 g / sqrt(0.001 g ** 2) = sqrt(10): the averages lag unequally."
    predicted(quiz.uncorrected, answer, why, tolerance=0.02)


def test_the_moving_averages_of_adam():
    model = keras.Sequential(
        [keras.Input((32,)), keras.layers.Dense(8), keras.layers.Dense(32)]
    )
    optimizer = keras.optimizers.Adam()
    optimizer.build(model.trainable_variables)
    shapes = [v.shape for v in optimizer.variables if len(v.shape)]
    answer = int(sum(np.prod(shape) for shape in shapes))
    why = "Two a parameter, mean and square: twice the size of the model."
    predicted(quiz.averages, answer, why)

"""Day 06. What a step of an optimizer must be, one sentence per test."""

import keras
import numpy as np
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st

from katas.day06.optimizers import adam_step, minimise, momentum_step, sgd_step
from katas.detector.recordings import watch
from katas.dojo.judge.check import between, close, equal, finite
from katas.dojo.judge.strategies import noise


def parts(result, names):
    """The parts of a step's result, once it is known that all are there."""
    rule = f"The result is ({', '.join(names)}), in this order. Is one missing?"
    equal(len(result) if isinstance(result, (tuple, list)) else 1, len(names), rule)
    return result


def momentum(*arguments, **named):
    return parts(momentum_step(*arguments, **named), ("weight", "velocity"))


def adam(*arguments, **named):
    return parts(adam_step(*arguments, **named), ("weight", "mean", "square"))


def minimum(loss, weights, steps, learning_rate=0.1):
    weights = [tf.constant(weight, "float32") for weight in weights]
    names = [f"weight {k}" for k in range(len(weights))]
    return parts(minimise(loss, weights, steps, learning_rate), names)


def draws(count=20, size=6, seed=6):
    """A start and gradients that change from step to step, none of them near 0."""
    random = np.random.default_rng(seed)
    slopes = random.uniform(0.1, 2, (count, size))
    slopes *= random.choice([-1, 1], (count, size))
    return random.normal(size=size).astype("float32"), slopes.astype("float32")


def by_keras(optimizer, start, slopes):
    """Referee: where Keras' optimizer gets to with the same gradients."""
    weight = keras.Variable(start)
    for slope in slopes:
        optimizer.apply([tf.constant(slope)], [weight])
    return weight.numpy()


@given(weight=noise(2, 3), gradient=noise(2, 3), rate=st.sampled_from([0.01, 0.5]))
def test_sgd_goes_down_by_learning_rate_times_gradient(weight, gradient, rate):
    rule = "weight - learning_rate * gradient. Which way does a gradient point?"
    wanted = weight - rate * gradient
    close(sgd_step(weight, gradient, rate), wanted, rule)


@given(weight=noise(5), curvature=st.sampled_from([0.5, 1.0, 8.0]))
def test_sgd_meets_the_floor_of_a_parabola_at_1_over_curvature(weight, curvature):
    slope = curvature * weight  # of curvature / 2 * weight ** 2
    rule = "A step leaves 1 - learning_rate * curvature. Does the slope's size count?"
    close(sgd_step(weight, slope, 1 / curvature), np.zeros(5, "float32"), rule)


@given(weight=noise(5), gradient=noise(5))
def test_momentum_0_is_gradient_descent(weight, gradient):
    zeros = np.zeros(5, "float32")
    rule = "Nothing of the past is left. Does the new velocity move the weight?"
    wanted = weight - 0.1 * gradient
    found, _ = momentum(weight, gradient, zeros, 0.1, momentum=0.0)
    close(found, wanted, rule)


def test_the_velocity_is_what_was_added_to_the_weight():
    weight, gradient = np.float32([1, 1]), np.float32([2, -2])
    found, velocity = momentum(weight, gradient, np.float32([0.1, 0.1]), 0.1)
    rule = "The velocity runs downhill, from weight to weight. Which sign has it?"
    close(velocity, np.float32([-0.11, 0.29]), rule)
    close(found, np.float32([0.89, 1.29]), rule)


def test_under_a_steady_gradient_the_velocity_grows_to_a_limit():
    weight, velocity = (np.zeros(3, "float32") for _ in range(2))
    gradient = np.float32([1, -2, 0.5])
    for _ in range(200):
        weight, velocity = momentum(weight, gradient, velocity, 0.01)
    rule = "The series 1 + 0.9 + 0.81 + ... has a sum. With which weight does g enter?"
    close(velocity, -0.1 * gradient, rule, rtol=1e-4)


def test_momentum_agrees_with_keras_over_20_steps():
    start, slopes = draws()
    weight, velocity = start.copy(), np.zeros_like(start)
    for slope in slopes:
        weight, velocity = momentum(weight, slope, velocity, 0.01)
    wanted = by_keras(keras.optimizers.SGD(0.01, momentum=0.9), start, slopes)
    rule = "Plain momentum, as keras.optimizers.SGD has it. Do you look ahead?"
    close(weight, wanted, rule, 1e-5, 1e-5)


@given(gradient=st.sampled_from([1e-1, 1.0, -3.0, 1e3, -1e3]))
def test_the_first_step_of_adam_is_as_long_as_the_learning_rate(gradient):
    zero, gradient = np.zeros(1, "float32"), np.float32([gradient])
    weight, _, _ = adam(zero, gradient, 0 * zero, 0 * zero, 1, learning_rate=0.01)
    rule = "mean and square start at 0, which is no news. Are both corrected for it?"
    close(weight, -0.01 * np.sign(gradient), rule, rtol=1e-3)


def test_a_small_gradient_takes_adam_as_far_as_a_large_one():
    zero, gradient = np.zeros(4, "float32"), np.float32([5e-4, -1e-3, 0, 1e-8])
    weight, _, _ = adam(zero, gradient, 0 * zero, 0 * zero, 1, learning_rate=0.01)
    rule = "epsilon, 1e-7, is far below these gradients. What is it added to?"
    close(weight[:2], -0.01 * np.sign(gradient[:2]), rule, rtol=0.02)
    rule = "It keeps 0 / 0 away, and the direction as it is. Is it added at all?"
    between(weight[2:], -0.01, 0, rule)


def test_under_a_steady_gradient_each_step_of_adam_is_as_long_as_the_first():
    weight, mean, square = (np.zeros(2, "float32") for _ in range(3))
    gradient = np.float32([3, -0.2])
    for step in range(1, 11):
        before = np.array(weight)
        weight, mean, square = adam(weight, gradient, mean, square, step, 0.01)
        rule = f"Step {step}. How far has an average come after so many steps?"
        close(np.asarray(weight) - before, np.float32([-0.01, 0.01]), rule, rtol=1e-3)


@given(gradient=noise(4), mean=noise(4), square=noise(4))
def test_mean_and_square_are_moving_averages_as_they_are(gradient, mean, square):
    square = square**2
    means, squares = 0.9 * mean + 0.1 * gradient, 0.999 * square + 0.001 * gradient**2
    _, new_mean, new_square = adam(gradient * 0, gradient, mean, square, 3)
    rule = "A tenth of the new, nine tenths of the old. What is handed on?"
    close(new_mean, means, f"mean. {rule}")
    rule = "A thousandth of gradient ** 2. Which beta is it, and what is handed on?"
    close(new_square, squares, f"square. {rule}")


def test_a_step_writes_into_nothing_that_it_was_given():
    rule = "The old state is the caller's. Is a new array made, or the old one changed?"
    for step, count in [(sgd_step, 2), (momentum_step, 3), (adam_step, 4)]:
        state = [np.float32([k, 2, 3]) for k in range(count)]
        step(*state, *([1] if step is adam_step else []))
        for k, found in enumerate(state):
            equal(found, np.float32([k, 2, 3]), f"{step.__name__}. {rule}")


def test_adam_agrees_with_keras_over_20_steps():
    """Stays: the referee, on a path whose gradients change from step to step."""
    start, slopes = draws()
    rule = "The same gradients lead to the same place as keras.optimizers.Adam"
    for betas in [(0.9, 0.999), (0.5, 0.9)]:
        weight, mean, square = start.copy(), np.zeros_like(start), np.zeros_like(start)
        for step, slope in enumerate(slopes, 1):
            weight, mean, square = adam(weight, slope, mean, square, step, 0.01, *betas)
        wanted = by_keras(keras.optimizers.Adam(0.01, *betas), start, slopes)
        asked = f"{rule}, betas {betas}. What is left of the older ones?"
        close(weight, wanted, asked, 1e-5, 1e-5)


def test_the_first_step_of_minimise_is_step_1():
    found = minimum(lambda w: tf.reduce_sum(3 * w), [[0.0, 1.0]], 1, 0.01)
    rule = "1 - beta ** step must not be 0. From where do you count?"
    finite(found[0], rule)
    rule = "A first step is a learning rate long. Of which step and rate is yours?"
    close(found[0], np.float32([-0.01, 0.99]), rule, rtol=1e-3)


def test_minimise_takes_as_many_steps_as_it_is_told():
    found = minimum(lambda w: tf.reduce_sum(3 * w), [[0.0, 1.0]], 7, 0.01)
    rule = "On an even slope, 7 steps lead 7 learning rates down. How many do you take?"
    close(found[0], np.float32([-0.07, 0.93]), rule, rtol=1e-3)
    found = minimum(lambda w: tf.reduce_sum(5e-5 * w), [[0.0, 1.0]], 7, 0.01)
    rule = "Adam takes a small slope as far as a large one. Do you stop before the end?"
    close(found[0], np.float32([-0.07, 0.93]), rule, rtol=0.1)  # epsilon shows a little


def test_each_weight_has_averages_of_its_own():
    def steep(w):
        return tf.reduce_sum(50 * w**2)

    def flat(w):
        return tf.reduce_sum((w - 2) ** 2)

    starts = [np.float32([1, 2]), np.float32([-1, 1])]
    both = minimum(lambda a, b: steep(a) + flat(b), starts, 12)
    rule = "Two weights that do not touch move as if alone. Do they share averages?"
    close(both[0], minimum(steep, starts[:1], 12)[0], rule, 1e-4, 1e-5)
    close(both[1], minimum(flat, starts[1:], 12)[0], rule, 1e-4, 1e-5)


def test_all_weights_step_from_the_same_place():
    starts = [np.float32([0.05]), np.float32([0])]
    found = minimum(lambda a, b: tf.reduce_sum((a + b) ** 2), starts, 1, 0.1)
    rule = "One step uses the slopes of one place. What had moved when b's was taken?"
    close(found[0], np.float32([-0.05]), f"a. {rule}", 1e-3)
    close(found[1], np.float32([-0.1]), f"b. {rule}", 1e-3)


def test_minimise_leaves_the_list_that_it_was_given():
    weights = [tf.constant([1.0, -2.0])]
    minimise(lambda w: tf.reduce_sum(w**2), weights, 2)
    rule = "The caller's list still holds the start. Is the result a list of its own?"
    close(weights[0], np.float32([1, -2]), rule)


def test_minimise_agrees_with_keras_over_20_steps():
    def loss(w):
        return tf.reduce_sum(tf.constant([0.5, 4.0, 30.0]) * (w - 1) ** 2)

    start = np.float32([3, -2, 1.5])
    weight = keras.Variable(start)
    optimizer = keras.optimizers.Adam(0.01)
    for _ in range(20):
        slope = tf.constant([1.0, 8.0, 60.0]) * (weight.value - 1)
        optimizer.apply([slope], [weight])
    rule = "From step to step the averages are carried on. Do they begin anew?"
    close(minimum(loss, [start], 20, 0.01)[0], weight.numpy(), rule, 1e-5, 1e-5)


def test_minimise_reaches_the_least_squares_of_a_real_recording():
    windows, _ = watch.windows(count=10, length=128, seed=6)
    table = windows.reshape(-1, 6)
    x, y = table[:, 1:], table[:, :1]  # acceleration along x [g] from the five others

    def loss(kernel):
        return tf.reduce_mean((x @ kernel - y) ** 2)

    found = minimum(loss, [np.zeros((5, 1))], 100, learning_rate=0.05)[0]
    wanted = np.linalg.lstsq(x.astype("float64"), y, rcond=None)[0]
    rule = "A bowl has one floor. Is the slope taken anew where each step has led?"
    close(found, wanted.astype("float32"), rule, rtol=0, atol=0.01)

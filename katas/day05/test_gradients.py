"""Day 05. What a gradient must be, whoever computes it, one sentence per test."""

import numpy as np
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st

from katas.day05.gradients import (
    dense_backward,
    gradient,
    numerical_gradient,
    softplus,
)
from katas.detector.recordings import watch
from katas.dojo.judge.check import at_most, between, close, differences, equal, shape
from katas.dojo.judge.strategies import arrays, noise


def error(step, kind="float64"):
    """How far the central difference of exp at 1 is from the truth, which is e."""
    x = np.ones(1, kind)
    slope = numerical_gradient(lambda v: np.exp(v)[0], x, step)
    return abs(float(np.asarray(slope)[0]) - np.e)


def dense(x, kernel, bias):
    """Referee: a dense layer as loops over examples and units."""
    y = np.empty((len(x), len(bias)), x.dtype)
    for i, example in enumerate(x):
        for k in range(len(bias)):
            y[i, k] = sum(example * kernel[:, k]) + bias[k]
    return y


@given(x=noise(2, 3), weights=noise(2, 3, 2, 3))
def test_a_central_difference_is_exact_on_a_parabola(x, weights):
    x, weights = x.astype("float64"), weights.astype("float64")

    def parabola(v):
        return np.einsum("ij,ijkl,kl->", v, weights, v)

    slope = np.einsum("ijkl,kl->ij", weights, x) + np.einsum("klij,kl->ij", weights, x)
    rule = (
        "Right and left of x, one entry at a time: the curvature cancels at any step."
        " Where do you evaluate, and over which width?"
    )
    close(numerical_gradient(parabola, x, 0.5), slope, rule, 1e-9, 1e-9, "float64")


@given(x=st.sampled_from([0.0, -3.0, 0.5]), step=st.sampled_from([0.25, 2.0]))
def test_on_a_cubic_the_error_is_the_square_of_the_step(x, step):
    found = numerical_gradient(lambda v: v[0] ** 3, np.array([x]), step)
    rule = "The step is the one that was asked for, at any x. Does yours depend on x?"
    close(found, [3 * x**2 + step**2], rule, 1e-9, 1e-9, "float64")


@given(x=noise(2, 3, 5))
def test_the_slope_has_the_shape_and_the_dtype_of_x(x):
    found = numerical_gradient(lambda v: np.sum(v**2), x, 0.5)
    rule = "float32 in, float32 out, at any rank. Which dtype has the array you fill?"
    close(found, 2 * x, rule, 1e-4, 1e-4)


@given(x=noise(2, 3))
def test_the_point_itself_stays_where_it_is(x):
    before = x.copy()
    numerical_gradient(lambda v: np.sum(v**2), x)
    rule = "x belongs to the caller. Is it written to, and does it come back exactly?"
    equal(x, before, rule)


def test_a_tenth_of_the_step_leaves_a_hundredth_of_the_error():
    rule = "The error falls with step ** 2. Is your step the one that was asked for?"
    between(error(0.1) / error(0.01), 95, 105, rule)


def test_the_default_step_is_near_the_best_in_float64():
    best = min(error(10.0**-k) for k in range(1, 13))
    rule = "Too long a step bends, too short a step cancels. How small is float64's?"
    at_most(error(None), 20 * best, rule)


def test_the_default_step_is_near_the_best_in_float32():
    best = min(error(10.0**-k, "float32") for k in range(1, 7))
    rule = "float32 keeps 7 digits. What is left of exp(x + step) - exp(x - step)?"
    at_most(error(None, "float32"), 20 * best, rule)


def test_the_tape_follows_constants_too():
    slopes = gradient(lambda a, b: a * b, tf.constant([2.0]), tf.constant([3.0]))
    found = ["None" if slope is None else "a gradient" for slope in slopes]
    rule = "a * b has the slopes b and a. Which tensors does a tape follow, and when?"
    equal(found, ["a gradient", "a gradient"], rule)
    close(slopes[0], np.float32([3]), rule)


@given(x=noise(3, 5), kernel=noise(5, 2))
def test_there_is_one_gradient_an_input_of_its_shape(x, kernel):
    slopes = gradient(lambda v, w: tf.reduce_sum(tf.tanh(v @ w)), x, kernel)
    rule = "Two inputs, two gradients, in their order. Is only one returned?"
    equal(len(slopes), 2, rule)
    rule = "A gradient has the shape of what it belongs to. Which one is this?"
    shape(slopes[0], (3, 5), rule)
    shape(slopes[1], (5, 2), rule)


@given(x=noise(2, 3), kernel=noise(3, 2))
def test_the_tape_agrees_with_finite_differences(x, kernel):
    x, kernel = x.astype("float64"), kernel.astype("float64")
    slopes = gradient(lambda v, w: tf.tanh(v @ w) ** 2, x, kernel)
    rule = "The slope of the sum of all outputs. Is something divided or rescaled?"
    slope = differences(lambda v: np.tanh(v @ kernel) ** 2, x)
    close(slopes[0], slope, rule, 1e-6, 1e-7, kind="float64")
    slope = differences(lambda w: np.tanh(x @ w) ** 2, kernel)
    close(slopes[1], slope, rule, 1e-6, 1e-7, kind="float64")


@given(x=noise(7))
def test_the_gradient_of_a_sum_is_the_sum_of_gradients(x):
    both = gradient(lambda v: tf.sin(v) + v**3, x)[0]
    rule = "Differentiation is linear. Is the gradient brought to some fixed length?"
    apart = [gradient(tf.sin, x)[0], gradient(lambda v: v**3, x)[0]]
    close(both, np.asarray(apart[0]) + np.asarray(apart[1]), rule, 1e-4, 1e-5)


def test_an_input_that_is_not_used_has_the_gradient_zero():
    slopes = gradient(lambda a, b: a * a, tf.constant([3.0]), tf.ones((2, 5)))
    rule = "What the output does not depend on has slope 0. What does the tape give?"
    equal(slopes[1] is None, False, rule)
    close(slopes[1], np.zeros((2, 5), "float32"), rule)


def test_by_hand_each_gradient_has_the_shape_of_its_variable():
    slopes = dense_backward(*(np.ones(s, "float32") for s in [(5, 3), (3, 2), (5, 2)]))
    rule = "Three gradients come back: dx, dkernel, dbias. Is one missing?"
    equal(len(slopes) if isinstance(slopes, (list, tuple)) else 1, 3, rule)
    rule = "A gradient has its variable's shape. Which axis does the product sum over?"
    shape(slopes[0], (5, 3), f"dx. {rule}")
    shape(slopes[1], (3, 2), f"dkernel. {rule}")
    shape(slopes[2], (2,), f"dbias. {rule}")


@given(x=noise(3, 4), kernel=noise(4, 2), upstream=noise(3, 2))
def test_by_hand_agrees_with_finite_differences(x, kernel, upstream):
    x, kernel, upstream = (a.astype("float64") for a in (x, kernel, upstream))
    dx, dkernel, dbias = dense_backward(x, kernel, upstream)
    bias = np.zeros(2)

    def slope(loss, at):
        return differences(lambda v: upstream * loss(v), at)

    rule = "weighs y by upstream, then sums. Which factor is left out or turned?"
    tolerance = {"rtol": 1e-6, "atol": 1e-7, "kind": "float64"}
    close(dx, slope(lambda v: dense(v, kernel, bias), x), f"dx {rule}", **tolerance)
    want = slope(lambda v: dense(x, v, bias), kernel)
    close(dkernel, want, f"dkernel {rule}", **tolerance)
    want = slope(lambda v: dense(x, kernel, v), bias)
    close(dbias, want, f"dbias {rule}", **tolerance)


def test_a_window_that_is_seen_twice_counts_twice():
    windows, _ = watch.windows(count=5, length=16, seed=5)
    x, kernel = windows[:, 0], np.ones((6, 2), "float32")  # [batch, channels]
    upstream = x[:, :2] - x[:, 2:4]
    once = dense_backward(x, kernel, upstream)
    twice = dense_backward(np.tile(x, (2, 1)), kernel, np.tile(upstream, (2, 1)))
    rule = "Kernel and bias serve every example. Are their shares summed or averaged?"
    close(twice[1], 2 * np.asarray(once[1]), rule, 1e-4, 1e-5)
    close(twice[2], 2 * np.asarray(once[2]), rule, 1e-4, 1e-5)


@given(x=noise(3, 5), k1=noise(5, 4), k2=noise(4, 2))
def test_two_layers_are_walked_back_one_after_the_other(x, k1, k2):
    with tf.GradientTape() as tape:
        tape.watch(kernels := [tf.constant(k1), tf.constant(k2)])
        hidden = tf.tanh(x @ kernels[0])
        loss = tf.reduce_sum((hidden @ kernels[1]) ** 3)
    wanted = tape.gradient(loss, kernels)
    h = np.tanh(x @ k1)
    dh, dk2, _ = dense_backward(h, k2, 3 * (h @ k2) ** 2)
    _, dk1, _ = dense_backward(x, k1, np.asarray(dh) * (1 - h**2))
    rule = "The chain rule: dx of one layer is upstream to the one before. Is it used?"
    close(dk2, wanted[1], f"The last layer. {rule}", 1e-3, 1e-3)
    close(dk1, wanted[0], f"The first layer. {rule}", 1e-3, 1e-3)


def test_softplus_brings_its_value_and_the_way_back():
    pair = getattr(softplus, "__wrapped__", softplus)(tf.zeros(3))
    rule = "Under tf.custom_gradient two things are returned. Which is the second?"
    equal(len(pair) if isinstance(pair, (tuple, list)) else 1, 2, rule)
    equal(callable(pair[1]), True, rule)


@given(x=arrays(2, 5, low=-20.0, high=20.0))
def test_softplus_is_the_logarithm_of_1_plus_exp(x):
    rule = "softplus(x) = log(1 + exp(x)), to the natural base. What is it at 0?"
    close(softplus(x), np.logaddexp(0, x), rule, 1e-5, 1e-6)


def test_softplus_and_its_slope_stay_finite_far_from_zero():
    x = tf.constant([-1000.0, -89.0, 89.0, 1000.0])
    rule = "float32 ends at 3e38. What is exp(89) in it?"
    close(softplus(x), np.float32([0, 0, 89, 1000]), rule)
    rule = "Far left the slope is 0, far right 1. What does inf / inf give?"
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = softplus(x)
    close(tape.gradient(y, x), np.float32([0, 0, 1, 1]), rule)


@given(x=st.sampled_from([0.0, -2.0, 2.0, 0.5, 7.0]))
def test_the_slope_of_softplus_is_the_sigmoid(x):
    x = tf.constant([x])
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = softplus(x)
    rule = "The slope runs smoothly from 0 to 1. Which function is that, and at 0?"
    close(tape.gradient(y, x), 1 / (1 + np.exp(-x.numpy())), rule)


@given(x=noise(5), weight=noise(5))
def test_the_slope_is_multiplied_by_what_comes_from_above(x, weight):
    x = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = weight * softplus(x)
    rule = "The chain rule holds for your own rule too. What becomes of upstream?"
    close(tape.gradient(y, x), weight / (1 + np.exp(-x.numpy())), rule, 1e-4, 1e-5)

"""Day 03. What a dense layer and its activations must do, one sentence per test."""

import keras
import numpy as np
import tensorflow as tf
from hypothesis import given

from katas.day03.dense import Dense, dense, relu, sigmoid, softmax
from katas.detector.recordings import watch
from katas.dojo.judge import contract
from katas.dojo.judge.check import at_least, between, close, equal, shape
from katas.dojo.judge.strategies import arrays, noise


def built(inputs, units):
    """A layer with its weights made, and nothing called yet."""
    layer = Dense(units)
    layer.build((7, inputs))
    return layer


def probabilities(x):
    """Referee: the softmax of each row in float64, as the formula says it."""
    e = np.exp(x.astype("float64"))
    return e / e.sum(axis=-1, keepdims=True)


@given(x=noise((2, 3), 5), kernel=noise(5, (3, 4)), bias=noise(4))
def test_a_unit_is_a_dot_product_with_its_column_plus_its_bias(x, kernel, bias):
    bias = bias[: kernel.shape[1]]
    wanted = [
        [sum(row * column) + b for column, b in zip(kernel.T, bias, strict=True)]
        for row in x
    ]
    rule = (
        "Each unit: the row dot its column, plus its own bias. What differs in yours?"
    )
    close(dense(x, kernel, bias), np.array(wanted), rule, 1e-4, 1e-4)


@given(x=noise((2, 3), 5), first=noise(6, 4), second=noise(5, 3))
def test_two_affine_maps_in_a_row_are_one_affine_map(x, first, second):
    (k1, b1), (k2, b2) = (first[:5], first[5]), (second[:4], second[4])
    rule = "Affine after affine is affine. Is something bent inside dense itself?"
    close(
        dense(dense(x, k1, b1), k2, b2),
        x @ (k1 @ k2) + (b1 @ k2 + b2),
        rule,
        1e-4,
        1e-4,
    )


@given(x=arrays((1, 3), (2, 4), 5))
def test_relu_passes_what_is_positive_and_nothing_else(x):
    rule = "A positive number stays as it is, a negative one becomes 0. Which is yours?"
    close(relu(x), np.where(x > 0, x, 0), rule)


@given(x=arrays((1, 3), (2, 4), 5, low=-15, high=15))
def test_sigmoid_is_1_over_1_plus_exp_of_minus_x(x):
    rule = "0 gives 1/2, far left 0, far right 1. Which way does yours bend, how fast?"
    close(sigmoid(x), 1 / (1 + np.exp(-x.astype("float64"))), rule, atol=1e-5)


def test_sigmoid_and_its_slope_stay_finite_far_out():
    x = tf.constant([-1000.0, -100.0, 1.0, 100.0, 1000.0])
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = sigmoid(x)
    rule = "Far out the value is 0 or 1. Which exp overflows, and what is inf / inf?"
    at_1 = 1 / (1 + np.exp(-1))
    close(y, [0, 0, at_1, 1, 1], rule)
    rule = (
        "Far out the slope is 0, not NaN. Is an exp infinite, or the tape cut by NumPy?"
    )
    slope = tape.gradient(tf.convert_to_tensor(y), x)
    close(slope, [0, 0, at_1 * (1 - at_1), 0, 0], rule)


def test_relu_and_softmax_hand_the_slopes_of_tensorflows_back():
    x = tf.constant([[0.5, 2.0, -1.0], [-0.3, 0.2, 1.0]])
    upstream = tf.constant([[1.0, -2.0, 3.0], [2.0, 1.0, -1.0]])
    for mine, theirs in [(relu, tf.nn.relu), (softmax, tf.nn.softmax)]:
        slopes = []
        for function in (mine, theirs):
            with tf.GradientTape() as tape:
                tape.watch(x)
                y = upstream * function(x)
            slopes.append(tape.gradient(y, x))
        rule = f"{mine.__name__}: a network learns through it. Where is the tape cut?"
        close(slopes[0], np.asarray(slopes[1]), rule, 1e-4)


@given(x=arrays((2, 3), (4, 5)))
def test_each_row_of_softmax_sums_to_1(x):
    y = softmax(x)
    rule = "The classes of one example share 1. Over which axis does yours sum?"
    shape(y, x.shape, rule)
    close(np.sum(y, axis=-1), np.ones(len(x)), rule, 1e-4)


@given(x=noise((2, 3), (4, 5)), shift=noise(3, 1, scale=5.0))
def test_softmax_ignores_a_number_added_to_a_whole_row(x, shift):
    rule = (
        "Only differences of logits count. What is taken of each entry, in which base?"
    )
    close(softmax(x + shift[: len(x)]), probabilities(x), rule, 1e-4, 1e-5)


@given(x=arrays((1, 2), (2, 3), (4, 5), low=-9, high=9))
def test_softmax_agrees_with_the_formula_in_float64(x):
    rule = "exp of the entry over the sum of all exps of its row. What differs?"
    close(softmax(x), probabilities(x), rule, 1e-4, 1e-6)


def test_softmax_of_huge_logits_stays_finite():
    x = np.array([[1000, 0, -1000], [-1000, -1000, -1000]], "float32")
    rule = "exp overflows above 88. Which number, of which row, may be taken off first?"
    close(softmax(x), [[1, 0, 0], [1 / 3, 1 / 3, 1 / 3]], rule, atol=1e-4)


def test_softmax_of_huge_logits_still_tells_them_apart():
    x = np.array([[1000, 999, 998], [0, 1, 2]], "float32")
    rule = (
        "Only differences count, at 1000 as at 0. Are large logits cut to one number?"
    )
    close(softmax(x), probabilities(x - x[:, 1:2]), rule, 1e-4)


def test_a_layer_has_one_column_and_one_bias_a_unit():
    layer = built(5, 3)
    shape(layer.kernel, (5, 3), "x @ kernel must fit: which side are the inputs on?")
    rule = "All examples share one bias a unit. Which axes has the bias?"
    shape(layer.bias, (3,), rule)
    close(
        layer.bias,
        np.zeros(3),
        "A bias starts where no unit is ahead. Which number is that?",
    )


def test_kernels_start_with_the_variance_of_glorot():
    kernel = np.asarray(built(300, 180).kernel)
    rule = (
        "variance * (inputs + units) / 2 is 1 for Glorot. From where to where is drawn?"
    )
    between(kernel.var() * 240, 0.95, 1.05, rule)
    rule = "The draw is uniform and ends at the limit, sqrt(6 / 480). Where does yours?"
    between(np.abs(kernel).max(), 0.111, 0.11181, rule)
    rule = "Weights lie round 0. Is one side of 0 left out?"
    between(kernel.mean(), -0.003, 0.003, rule)


def test_two_layers_of_one_size_start_apart():
    one, other = np.asarray(built(5, 3).kernel), np.asarray(built(5, 3).kernel)
    rule = "Each layer draws a kernel of its own. Is something about the draw fixed?"
    at_least(np.abs(one - other).max(), 1e-3, rule)


def test_both_weights_of_a_layer_are_trained():
    rule = "Training moves the kernel and the bias. Which of the two is left out?"
    equal(len(built(5, 3).trainable_weights), 2, rule)


def test_variance_is_kept_through_eight_layers():
    x = np.random.default_rng(3).normal(size=(500, 64)).astype("float32")
    for _ in range(8):
        x = Dense(64)(x)
    # Glorot, 60 seeds: 0.83 to 1.14, median 0.98.
    rule = "What comes out is about as large as what went in. Do kernels differ from 0?"
    between(np.std(x), 0.5, 2, rule)


def test_the_layer_agrees_with_keras_given_its_weights():
    x, _ = watch.windows(count=3)  # [batch, time, 6]
    mine, theirs = built(6, 4), keras.layers.Dense(4)
    theirs.build((None, 6))
    draw = np.random.default_rng(3).normal
    for weight, same in [(mine.kernel, theirs.kernel), (mine.bias, theirs.bias)]:
        same.assign(draw(size=same.shape))
        weight.assign(same)
    rule = "Every step of every window meets the same kernel. Which axes may x have?"
    close(mine(x), theirs(x), rule, 1e-4, 1e-5)


def test_the_layer_keeps_the_contract_of_keras():
    windows, _ = watch.windows(count=3, length=32)
    contract.check(lambda: Dense(4), windows)

"""Day 04. What losses from likelihood must do, one sentence per test."""

import keras
import numpy as np
import tensorflow as tf
from hypothesis import given
from scipy.special import log_softmax
from scipy.stats import entropy

from katas.day04.losses import (
    binary_cross_entropy,
    categorical_cross_entropy,
    kl_divergence,
    mse,
    smooth_labels,
)
from katas.detector.recordings import watch
from katas.dojo.judge.check import at_least, close, equal, shape
from katas.dojo.judge.strategies import arrays, labels, noise


def shares(logits):
    """Rows that sum to 1, all entries above 0."""
    return np.exp(log_softmax(logits, axis=-1))


def one_hot(y, classes):
    return np.eye(classes, dtype="float32")[y]


@given(pair=arrays(2, (2, 3), (4, 5)))
def test_mse_is_the_mean_over_all_squared_differences(pair):
    y, prediction = pair
    wanted = np.mean((prediction.astype("float64") - y) ** 2)
    rule = "Squares of differences, averaged over everything: one number. Is it yours?"
    close(mse(y, prediction), wanted, rule, 1e-4)


def test_of_all_constants_the_mean_has_the_least_mse():
    y = watch.windows(count=1)[0][0, :, 2]  # [time], acceleration [g]
    best = np.full_like(y, y.mean())
    rule = "Off the mean by d, the loss grows by d². How does yours grow?"
    for d in (-1.0, 0.5, 2.0):
        grown = np.asarray(mse(y, best + d)) - np.asarray(mse(y, best))
        close(grown, d * d, rule, 1e-4)


@given(z=noise(3, 5, scale=3.0), y=labels(2, 3, 5))
def test_binary_surprise_is_minus_log_of_what_was_given(z, y):
    y = y.astype("float32")
    p = 1 / (1 + np.exp(-z.astype("float64")))
    wanted = -np.mean(np.log(np.where(y == 1, p, 1 - p)))
    rule = "-log of the probability given to what came, averaged. Which log, of what?"
    close(binary_cross_entropy(y, z), wanted, rule, 1e-4, 1e-5)


@given(z=noise(3, 5, scale=3.0), y=arrays(3, 5, low=0, high=1))
def test_a_binary_label_may_be_a_share(z, y):
    p = 1 / (1 + np.exp(-z.astype("float64")))
    wanted = -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))
    rule = "A label of 0.3 is three tenths of each case. Is yours made 0 or 1?"
    close(binary_cross_entropy(y, z), wanted, rule, 1e-4, 1e-5)


def test_of_all_constants_the_base_rate_has_the_least_loss():
    y = np.array([1.0] * 3 + [0.0] * 10, "float32")
    best = np.full_like(y, np.log(3 / 10))  # P(1) = 3 / 13
    floor = float(binary_cross_entropy(y, best))
    rule = "Three of 13 are falls: nothing beats 3 / 13. Do the other ten count?"
    for d in (-2.0, -0.1, 0.1, 2.0):
        at_least(binary_cross_entropy(y, best + d) - floor, 1e-4, rule)


def test_sure_and_wrong_costs_what_the_logit_says():
    rule = "-log(sigmoid(-1000)) is 1000. What is the log of 0, or of a clipped 0?"
    for label, logit, cost in [(1, -1000, 1000), (0, 1000, 1000), (1, 1000, 0)]:
        y, z = np.array([[label], [logit]], "float32")
        close(binary_cross_entropy(y, z), np.float32(cost), rule)


def test_the_slope_of_a_logit_is_probability_less_label():
    y = tf.constant([1.0, 0.0, 1.0, 1.0, 0.0])
    z = tf.constant([-1000.0, 2.0, 0.5, 0.0, 0.0])
    with tf.GradientTape() as tape:
        tape.watch(z)
        loss = tf.convert_to_tensor(binary_cross_entropy(y, z))
    p = 1 / (1 + np.exp(-z.numpy().astype("float64")))
    rule = (
        "A wrong example pulls, however sure, and so does a new model's 0. Is the tape"
        " cut, by NumPy or a clip, or has the formula a corner?"
    )
    close(tape.gradient(loss, z), (p - y) / 5, rule, 1e-4)


@given(z=noise(3, 4, 5, scale=3.0), y=labels(5, 3, 4))
def test_surprise_at_a_class_is_minus_log_of_its_share(z, y):
    chosen = np.log(shares(z.astype("float64"))) * one_hot(y, 5)  # [batch, time, 5]
    rule = "-log of the share of what came, averaged. Softmax how often, on which axis?"
    close(
        categorical_cross_entropy(one_hot(y, 5), z),
        -chosen.sum() / 12,
        rule,
        1e-4,
        1e-5,
    )


def test_who_knows_nothing_loses_the_log_of_the_classes():
    _, y = watch.windows(count=21)
    same = np.full((21, 7), 3.0, "float32")
    rule = "Equal logits for seven exercises: -ln(1 / 7). Which log, which mean?"
    close(categorical_cross_entropy(one_hot(y, 7), same), np.log(7), rule)


def test_huge_logits_give_a_finite_loss():
    z = np.array([[1000.0, 0.0, -1000.0]], "float32")
    rule = "Sure and right costs 0, sure and wrong 2000. Where is a log of 0 taken?"
    for chosen, cost in [(0, 0.0), (1, 1000.0), (2, 2000.0)]:
        close(
            categorical_cross_entropy(one_hot([chosen], 3), z), np.float32(cost), rule
        )
    rule = "Beside a row of thousands stands one of zeros. Whose largest logit is used?"
    rows = np.concatenate([z, 0 * z])
    cost = np.float32(np.log(3) / 2)
    close(categorical_cross_entropy(one_hot([0, 0], 3), rows), cost, rule, 1e-4)


def test_mse_and_cross_entropy_pull_each_entry_by_its_error():
    y = np.array([[1, 0, 0], [0, 0, 1]], "float32")
    z = np.array([[0.5, 2, -1], [1, 0, -80]], "float32")
    for loss, slope in [
        (mse, (z - y) / 3),  # 2 * error / 6 entries
        (categorical_cross_entropy, (shares(z) - y) / 2),  # error / 2 examples
    ]:
        with tf.GradientTape() as tape:
            tape.watch(v := tf.constant(z))
            value = tf.convert_to_tensor(loss(y, v))
        rule = (
            f"{loss.__name__}: the slope is the error, over a number. Is the tape cut?"
        )
        close(tape.gradient(value, v), slope, rule, 1e-4)


@given(rows=noise(2, (2, 3), (4, 5)))
def test_cross_entropy_is_entropy_plus_divergence(rows):
    p, z = shares(rows[0]), rows[1]
    wanted = np.mean(entropy(p, axis=-1) + entropy(p, shares(z), axis=-1))
    rule = "H(p) + D(p, q) for any shares p. Does every share count, or the largest?"
    close(categorical_cross_entropy(p, z), wanted, rule, 1e-4, 1e-5)


@given(rows=noise(2, (1, 3), (2, 3), (4, 5)))
def test_divergence_is_the_mean_log_ratio_under_p(rows):
    p, q = shares(rows)
    rule = "The expectation of log p - log q. Under which of the two, and one a row?"
    close(kl_divergence(p, q), entropy(p, q, axis=-1), rule, 1e-4, 1e-5)


@given(q=noise(3, 4), y=labels(4, 3))
def test_a_class_that_never_comes_adds_nothing(q, y):
    q = shares(q)
    rule = "0 log 0 counts as 0. What does your formula make of a share of 0?"
    close(kl_divergence(one_hot(y, 4), q), -np.log(q[range(3), y]), rule, 1e-4, 1e-5)


def test_a_tiny_share_of_what_comes_costs_all_its_surprise():
    p, q = np.array([[1.0, 0.0]], "float32"), np.array([[1e-30, 1.0]], "float32")
    rule = "-ln(1e-30) is 69.1 nats. Is something added to the shares, or cut off?"
    close(kl_divergence(p, q), [30 * np.log(10)], rule, 1e-4)


def test_the_slope_of_a_divergence_is_minus_p_over_q():
    p, q = tf.constant([[0.25, 0.75, 0.0]]), tf.constant([[0.5, 0.3, 0.2]])
    with tf.GradientTape() as tape:
        tape.watch(q)
        value = tf.convert_to_tensor(kl_divergence(p, q))
    rule = "What believing q costs tells which way q must go. Is the tape cut, or a log of 0 on it?"
    close(tape.gradient(value, q), -p.numpy() / q.numpy(), rule, 1e-4)


@given(y=labels(4, (2, 3), 5))
def test_smoothing_spreads_a_share_over_all_classes(y):
    sharp = one_hot(y, 4)
    mine = sharp.copy()
    soft = smooth_labels(mine, 0.2)
    equal(mine, sharp, "The caller's labels stay as they are. Who writes into them?")
    rule = "Smoothed labels still sum to 1. Is what is given also taken?"
    shape(soft, sharp.shape, rule)
    close(np.sum(soft, axis=-1), np.ones(y.shape), rule)
    rule = "A fifth goes to four classes in equal parts. Does the right one get a part?"
    close(soft, np.where(sharp == 1, 0.85, 0.05), rule)


@given(rows=noise((2, 3), 5))
def test_smoothing_takes_the_same_part_of_every_share(rows):
    p = shares(rows)
    rule = "0.3 of a share of 0.5 is given away as well. Do only whole labels give?"
    close(smooth_labels(p, 0.3), 0.7 * p.astype("float64") + 0.06, rule, 1e-4)


def test_the_losses_agree_with_keras_and_tensorflow():
    """Stays: the published libraries have the last word on every loss of the day."""
    y = one_hot(watch.windows(count=35)[1], 7)
    z = np.random.default_rng(4).normal(0, 3, y.shape).astype("float32")
    rule = "Keras gives another number for the same arguments. Which loss, and why?"
    theirs = keras.losses.MeanSquaredError()
    close(mse(y, z), theirs(y, z), rule, 1e-4)
    theirs = keras.losses.BinaryCrossentropy(from_logits=True)
    close(binary_cross_entropy(y, z), theirs(y, z), rule, 1e-4)
    theirs = tf.nn.softmax_cross_entropy_with_logits(y, z)
    close(categorical_cross_entropy(y, z), np.mean(theirs), rule, 1e-4)
    theirs = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1)
    close(categorical_cross_entropy(smooth_labels(y, 0.1), z), theirs(y, z), rule, 1e-4)

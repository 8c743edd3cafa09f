"""Day 16. What must hold of noise that is put in on purpose, one sentence per test."""

from functools import cache

import keras
import numpy as np
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st

from katas.day16.dropout import (
    Dropout,
    SpatialDropout,
    decoupled_step,
    dropout,
    l2_penalty,
    spatial_dropout,
)
from katas.detector.recordings import watch
from katas.dojo.judge import contract
from katas.dojo.judge.check import (
    at_least,
    between,
    close,
    differences,
    dtype,
    equal,
    shape,
)
from katas.dojo.judge.strategies import noise, seeds

rates = st.sampled_from([0.1, 0.25, 0.5, 0.8])


@given(x=noise((1, 3), (1, 5), (1, 4)), rate=rates, seed=seeds())
def test_what_is_kept_is_scaled_up_and_the_rest_is_zero(x, rate, seed):
    y = np.asarray(dropout(x, rate, seed))
    shape(y, x.shape, "Dropout keeps the shape.")
    rule = (
        "An entry is 0 or x / (1 - rate). Is the mean kept, or does the input shrink?"
    )
    close(y, np.where(y == 0, 0, x / (1 - rate)).astype("float32"), rule)


@given(rate=rates, seed=seeds())
def test_the_share_that_falls_is_the_rate(rate, seed):
    y = np.asarray(dropout(np.ones((40, 25, 10), "float32"), rate, seed))
    # 10,000 draws: five standard deviations are 5 sqrt(rate (1 - rate) / 10,000).
    room = 5 * (rate * (1 - rate) / 10_000) ** 0.5
    rule = "rate is the share that is dropped. Is it the share that is kept?"
    between(np.mean(y == 0), rate - room, rate + room, rule)
    y = np.asarray(spatial_dropout(np.ones((125, 3, 80), "float32"), rate, seed))
    between(np.mean(y[:, 0] == 0), rate - room, rate + room, f"Of channels, {rule}")


@given(x=noise(2, 3, 4), seed=seeds())
def test_a_rate_of_zero_changes_nothing(x, seed):
    rule = "Nothing is dropped at rate 0. Is x scaled all the same?"
    close(dropout(x, 0.0, seed), x, rule)
    for one in (x[:, 0, 0], x[:, 0], x[..., None]):
        close(dropout(one, 0.0, seed), one, f"{rule} With {one.ndim} axes?")
    close(spatial_dropout(x, 0.0, seed), x, rule)


@given(seed=seeds())
def test_a_seed_repeats_the_mask(seed):
    x = np.ones((4, 6, 5), "float32")
    rule = "The same seed, the same mask. Does the seed reach the draw?"
    close(dropout(x, 0.5, seed), dropout(x, 0.5, seed), rule)
    close(spatial_dropout(x, 0.5, seed), spatial_dropout(x, 0.5, seed), rule)


@given(rate=rates, seed=seeds())
def test_a_channel_falls_for_all_steps_or_for_none(rate, seed):
    x, _ = watch.windows(count=4)
    y = np.asarray(spatial_dropout(x, rate, seed))
    fallen = (y == 0).all(axis=1, keepdims=True)  # [batch, 1, channels]
    rule = (
        "Neighbouring steps say the same: a channel falls as a whole. Which axis is 1?"
    )
    close(y, np.where(fallen, 0, x / (1 - rate)).astype("float32"), rule, 1e-4)


def test_each_example_loses_channels_of_its_own():
    y = np.asarray(spatial_dropout(np.ones((200, 3, 50), "float32"), 0.5, 16))
    by_example = (y[:, 0] == 0).mean(axis=1)  # a mask of the batch: all the same
    by_channel = (y[:, 0] == 0).mean(axis=0)
    rule = "200 examples, 50 channels, each pair a draw of its own. What do they share?"
    between(by_example, 0.1, 0.9, rule)
    between(by_channel, 0.25, 0.75, rule)
    at_least(np.std(by_example), 0.02, rule)


def test_inference_passes_everything():
    x, _ = watch.windows(count=3)
    rule = "The watch drops nothing. Is the flag looked at, or x scaled once more?"
    for layer in (Dropout(0.4), SpatialDropout(0.4)):
        close(layer(x, training=False), x, rule)
        close(layer(x), x, rule)


def test_each_training_step_draws_a_new_mask():
    x = np.ones((8, 16, 6), "float32")
    rule = "Two steps, two masks. Does the layer's own generator draw them?"
    for layer in (Dropout(0.5, seed=1), SpatialDropout(0.5, seed=1)):
        once, again = (np.asarray(layer(x, training=True)) for _ in range(2))
        equal(bool((once == 0).any()), True, "While training something falls.")
        equal(bool(np.array_equal(once, again)), False, rule)


def test_a_compiled_step_draws_a_new_mask_for_any_batch():
    """Stays: fit runs a graph of unknown sizes; the sentence above runs none."""
    x = np.ones((8, 16, 6), "float32")
    for layer in (Dropout(0.5, seed=1), SpatialDropout(0.5, seed=1)):
        step = tf.function(
            lambda x, layer=layer: layer(x, training=True),
            [tf.TensorSpec((None, None, 6))],
            autograph=False,
        )
        once, again = (np.asarray(step(x)) for _ in range(2))
        shape(
            once, x.shape, "The graph holds for any batch. Which size is read from x?"
        )
        rule = "fit compiles the step once and runs it often. When is the mask drawn?"
        equal(bool(np.array_equal(once, again)), False, rule)


def test_the_gradient_passes_where_the_signal_did():
    x = tf.constant(np.random.default_rng(0).normal(size=(3, 20, 6)).astype("float32"))
    rule = "The backward pass has the mask of the forward pass. Is one drawn anew?"
    for layer in (Dropout(0.5, seed=2), SpatialDropout(0.5, seed=2)):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = layer(x, training=True)
        wanted = np.where(np.asarray(y) == 0, 0, 2).astype("float32")
        close(tape.gradient(y, x), wanted, rule)


def test_the_gradient_agrees_with_finite_differences():
    """Stays: the gradient in float64, where the layers' test looks at float32."""
    x = np.random.default_rng(16).normal(size=(2, 3, 5))
    rule = (
        "What falls has slope 0, what is kept its factor. Is the product on the tape?"
    )
    for drop in (dropout, spatial_dropout):

        def squared(x, drop=drop):
            return tf.square(drop(x, 0.3, 7))  # an int seed: the same mask each time

        with tf.GradientTape() as tape:
            tape.watch(v := tf.constant(x))
            y = squared(v)
        found = tape.gradient(y, v, unconnected_gradients="zero")
        close(found, differences(squared, x), rule, 1e-5, 1e-6, kind="float64")


@cache
def layers(rate):
    """Pairs of yours and Keras', with the same rate."""
    return (
        (Dropout(rate, seed=16), keras.layers.Dropout(rate, seed=16)),
        (SpatialDropout(rate, seed=16), keras.layers.SpatialDropout1D(rate, seed=16)),
    )


@given(
    x=noise((1, 3), (1, 6), (1, 5)),
    rate=st.sampled_from([0.0, 0.1, 0.5, 0.8]),
    training=st.booleans(),
)
def test_each_layer_agrees_with_that_of_keras(x, rate, training):
    """Stays: another hand's layers. Masks may differ: what both keep is compared."""
    rule = f"keras.layers judges rate {rate}, training={training}. What differs?"
    for mine, referee in layers(rate):
        y = mine(x, training=training)
        wanted = np.asarray(referee(x, training=training))
        shape(y, wanted.shape, rule)
        dtype(y, "float32", rule)
        kept = (np.asarray(y) != 0) & (wanted != 0) if training and rate else True
        close(np.where(kept, y, 0), np.where(kept, wanted, 0), rule)


@given(kernel=noise((1, 4), (1, 5)), bias=noise((1, 5)), strength=st.floats(0, 2))
def test_the_penalty_is_the_sum_of_squared_kernels(kernel, bias, strength):
    total = sum(float(v) ** 2 for v in kernel.ravel())
    rule = "Kernels pay, biases do not. Which weights are squared, and are they summed?"
    found = l2_penalty([kernel, bias, kernel], strength)
    close(found, np.float32(2 * strength * total), rule, 1e-4, 1e-5)
    found = l2_penalty([kernel[None], bias, kernel[None, None]], strength)
    rule = "The kernels of convolutions have three axes or four. Do they pay too?"
    close(found, np.float32(2 * strength * total), rule, 1e-4, 1e-5)


def test_where_no_kernel_is_the_penalty_is_a_tensor_of_0():
    rule = "Biases alone cost nothing, as a float32 tensor. What is summed?"
    for weights in ([np.ones(3, "float32")], []):
        found = l2_penalty(weights, 0.5)
        close(found, np.float32(0), rule)
        dtype(found, "float32", rule)


@given(weight=noise(3, 4), gradient=noise(3, 4), strength=st.floats(0, 1))
def test_for_sgd_penalty_and_decay_are_one(weight, gradient, strength):
    with tf.GradientTape() as tape:
        tape.watch(w := tf.constant(weight))
        penalty = l2_penalty([w], strength)
    step = weight - 0.1 * (gradient + np.asarray(tape.gradient(penalty, w)))
    rule = "The slope of s w² is 2 s w. Is the decay a share of the weight, times the rate?"
    close(decoupled_step(weight, gradient, 0.1, 2 * strength), step, rule, 1e-4, 1e-5)


@given(weight=noise(3, 4), gradient=noise(3, 4), decay=st.sampled_from([0.01, 0.3]))
def test_for_adam_the_decay_stays_outside(weight, gradient, decay):
    plain = one_step(keras.optimizers.Adam(0.01), weight, gradient)
    direction = (weight - plain) / np.float32(0.01)
    wanted = one_step(
        keras.optimizers.AdamW(0.01, weight_decay=decay), weight, gradient
    )
    rule = "Adam rescales its gradient, not the decay. Where does the decay come in?"
    close(decoupled_step(weight, direction, 0.01, decay), wanted, rule, 1e-3, 1e-5)
    rule = "The kernel of a convolution decays as a matrix does. How many axes has it?"
    found = decoupled_step(weight[None], direction[None], 0.01, decay)
    close(found, wanted[None], rule, 1e-3, 1e-5)


def one_step(optimizer, weight, gradient):
    """Referee: the weight after one step of a Keras optimizer."""
    variable = keras.Variable(weight)
    optimizer.build([variable])
    optimizer.apply([tf.constant(gradient)], [variable])
    return np.asarray(variable)


@given(bias=noise((1, 6)), direction=noise(6))
def test_a_bias_does_not_decay(bias, direction):
    direction = direction[: len(bias)]
    rule = "A bias holds a level, not a slope: it only steps. Which weights decay?"
    close(decoupled_step(bias, direction, 0.1, 0.5), bias - 0.1 * direction, rule)


def test_the_layers_keep_the_contract_of_keras():
    """Stays: every layer of the course keeps it, whatever else it believes."""
    windows, _ = watch.windows(count=2, length=64)
    contract.check(lambda: Dropout(0.3, seed=3), windows)
    contract.check(lambda: SpatialDropout(0.3, seed=3), windows)

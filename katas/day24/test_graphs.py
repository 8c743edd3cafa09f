"""Day 24. What must hold of traces, compiled steps and float16 gradients."""

from functools import cache

import keras
import numpy as np
import tensorflow as tf
from hypothesis import example, given, settings
from hypothesis import strategies as st
from keras import layers

from katas.day24.graphs import (
    next_scale,
    scaled_gradients,
    trace_count,
    traced_once,
    train_step,
)
from katas.detector.recordings import watch
from katas.dojo.judge.check import between, close, equal, finite, raises
from katas.dojo.judge.strategies import noise

few = settings(max_examples=8)  # each trace takes 10 ms
KINDS = ["2", "3", "2x3", "ints", 0.5, 1.5, 2.5]


def argument(kind):
    """A new tensor of a kind, its values drawn; a Python number as it is."""
    draw = np.random.default_rng().normal
    tensors = {
        "2": tf.constant(draw(size=2), tf.float32),
        "3": tf.constant(draw(size=3), tf.float32),
        "2x3": tf.constant(draw(size=(2, 3)), tf.float32),
        "ints": tf.constant([4, 5]),
    }
    return tensors.get(kind, kind)


def line():
    """A small model in a known state, and its optimizer."""
    model = keras.Sequential(
        [keras.Input((3,)), layers.Dense(4, "relu"), layers.Dense(1)]
    )
    draw = np.random.default_rng(24).normal
    model.set_weights([draw(size=w.shape) for w in model.get_weights()])
    optimizer = keras.optimizers.SGD(0.1, momentum=0.9)
    optimizer.build(model.trainable_variables)
    return model, optimizer


def squared(y, prediction):
    """Errors where y is large count more: y and prediction are no equals here."""
    return tf.reduce_mean(y**2 * (prediction - y) ** 2)


@cache
def data():
    x = np.random.default_rng(7).normal(size=(8, 3)).astype("float32")
    return x, x[:, :1] - x[:, 1:2]


@cache
def trained(mode):
    """(losses, weights, how often Python ran the loss) of three steps in a mode."""
    model, optimizer = line()
    ran = []

    def loss(y, prediction):
        ran.append(1)
        return squared(y, prediction)

    step = train_step(model, optimizer, loss, mode)
    losses = np.array([float(step(*data())) for _ in range(3)], "float32")
    return losses, np.concatenate([w.ravel() for w in model.get_weights()]), len(ran)


@cache
def by_loops():
    """Referee: the three steps of the small model in NumPy, float64."""
    (x, y), model = data(), line()[0]
    w1, b1, w2, b2 = (w.astype("float64") for w in model.get_weights())
    weights, velocity, losses = [w1, b1, w2, b2], [0.0] * 4, []
    for _ in range(3):
        w1, b1, w2, b2 = weights
        hidden = np.maximum(x @ w1 + b1, 0)
        error = hidden @ w2 + b2 - y
        losses.append(np.mean(y**2 * error**2))
        back = 2 * y**2 * error / len(x)  # [batch, 1]
        inner = (back @ w2.T) * (hidden > 0)
        slopes = [x.T @ inner, inner.sum(0), hidden.T @ back, back.sum(0)]
        velocity = [0.9 * v - 0.1 * s for v, s in zip(velocity, slopes, strict=True)]
        weights = [w + v for w, v in zip(weights, velocity, strict=True)]
    return np.float32(losses), np.float32(np.concatenate([w.ravel() for w in weights]))


def small_loss(weight, size):
    """A function () -> [] in float16 whose gradient in each weight is `size`."""
    root = tf.constant(size**0.5, tf.float16)  # of two factors, each harmless
    return lambda: tf.reduce_sum(tf.cast(weight, tf.float16) * root * root)


@few
@given(kinds=st.lists(st.sampled_from(KINDS), min_size=1, max_size=6))
@example(["2", "2", "2", "2"])
@example([0.5, 1.5, 2.5, 0.5])
def test_there_is_a_trace_for_each_shape_and_each_number(kinds):
    rule = "A graph serves one shape and dtype, or one Python number. When does Python run?"
    calls = [(argument(kind),) for kind in kinds]
    equal(trace_count(lambda x: x * 2, calls), len(set(kinds)), rule)


def test_tensors_of_other_values_need_no_new_trace():
    calls = [(tf.constant(float(k)), tf.constant([k, k])) for k in range(4)]
    rule = "Values are what a graph leaves open. Is each call counted?"
    equal(trace_count(lambda a, b: a, calls), 1, rule)


def test_a_count_starts_at_zero_each_time():
    def double(x):
        return x * 2

    first, second = (trace_count(double, [(1.5,), (2.5,)]) for _ in range(2))
    rule = "Two questions, two counts. What is left over from the first?"
    equal((first, second), (2, 2), rule)


def test_one_trace_serves_all_windows_and_rates():
    runs = []

    def scale(x, rate):
        runs.append(1)
        return x * rate

    graph = traced_once(scale)
    for batch, time, rate in [(2, 5, 0.1), (3, 5, 0.2), (3, 7, 0.3), (1, 9, 2)]:
        graph(np.ones((batch, time, 6), "float32"), rate)
    rule = "A last short batch or a new rate must not trace again. What is left open?"
    equal(len(runs), 1, rule)


def test_what_is_known_of_the_windows_stays_known():
    seen = []
    graph = traced_once(lambda x, rate: seen.append(str(x.shape)) or x * rate)
    graph(np.ones((2, 5, 6), "float32"), 0.5)
    rule = "Six channels are six in every call: a layer is built from it. What is open?"
    equal(seen, ["(None, None, 6)"], rule)


@few
@given(x=noise((1, 4), (1, 9), 6), rate=st.integers(-8, 8).map(lambda k: k / 8))
def test_the_graph_gives_what_the_function_gives(x, rate):
    graph = traced_once(lambda x, rate: tf.reduce_mean(x * rate, axis=1))
    rule = "A graph computes the same. Does the rate of this call reach it?"
    close(graph(x, rate), (x * rate).mean(axis=1), rule, 1e-4, 1e-5)


def test_the_step_agrees_with_numpy_in_every_mode():
    for mode in ("eager", "graph", "xla"):
        losses, weights, _ = trained(mode)
        rule = (
            f"Three steps, the same losses in every mode. Which step differs in {mode}?"
        )
        close(losses, by_loops()[0], rule, 1e-4, 1e-5)
        rule = f"Three steps, the same weights in every mode. What differs in {mode}?"
        close(weights, by_loops()[1], rule, 1e-4, 1e-5)


def test_python_runs_at_each_step_in_eager_mode_only():
    rule = "Eager: Python runs each time. What did mode decide?"
    equal(trained("eager")[2], 3, rule)
    for mode in ("graph", "xla"):
        rule = f"{mode}: Python runs while tracing, once. Is the graph made anew?"
        equal(trained(mode)[2], 1, rule)


def test_steps_of_different_modes_live_side_by_side():
    ran = {"graph": 0, "eager": 0}

    def counted(mode):
        def loss(y, prediction):
            ran[mode] += 1
            return squared(y, prediction)

        return train_step(*line(), loss, mode)

    for step in [counted(mode) for mode in ran]:  # all are made before one runs
        for _ in range(2):
            step(*data())
    rule = "A mode is the step's own. Does it reach the steps that were made before it?"
    equal(ran, {"graph": 1, "eager": 2}, rule)


def test_only_xla_compiles_the_step_as_a_whole():
    def loss(y, prediction):  # XLA has no way to call Python from its program
        tf.py_function(lambda: None, [], [])
        return squared(y, prediction)

    for mode in ("eager", "graph"):
        value = train_step(*line(), loss, mode)(*data())
        finite(value, f"{mode} calls operations one by one. Is it compiled?")
    rule = "XLA refuses what it cannot compile. Is the step compiled in mode 'xla'?"
    with raises(tf.errors.InvalidArgumentError, rule):
        train_step(*line(), loss, "xla")(*data())


def test_training_mode_reaches_the_layers_of_the_model():
    inside = [layers.BatchNormalization(momentum=0.0), layers.Dense(1)]
    model = keras.Sequential([keras.Input((3,)), *inside])
    optimizer = keras.optimizers.SGD(0.1)
    optimizer.build(model.trainable_variables)
    x, y = data()
    train_step(model, optimizer, squared)(x, y)
    rule = "A step is training: statistics move. What are the layers told?"
    close(np.asarray(inside[0].moving_mean), x.mean(axis=0), rule, 1e-4, 1e-5)


@given(x=noise((1, 4), 3), power=st.integers(0, 12))
def test_in_float32_scaling_changes_nothing(x, power):
    weight = tf.Variable([[0.5], [-1.0], [2.0]])
    found = scaled_gradients(lambda: tf.reduce_mean(x @ weight), [weight], 2.0**power)
    rule = "Up before, down after: the gradient is the same. Is one of the two missing?"
    equal(len(found), 1, "One gradient a variable, in a list.")
    close(found[0], x.mean(axis=0)[:, None], rule, 1e-4, 1e-6)


def test_a_small_gradient_survives_float16():
    for dtype in (tf.float32, tf.float16):
        weight = tf.Variable(tf.ones(3, dtype))
        plain = scaled_gradients(small_loss(weight, 1e-8), [weight], 1.0)
        equal(float(plain[0][0]), 0.0, "Unscaled, 1e-8 is zero in float16. Is it not?")
        found = scaled_gradients(small_loss(weight, 1e-8), [weight], 2.0**15)
        rule = "1e-8 comes back, scaled on its way. In which dtype is it divided?"
        close(found[0], np.full(3, 1e-8, "float32"), rule, 0.01, 0)


def test_an_overflow_is_seen():
    weight = tf.Variable(tf.ones(3))
    found = scaled_gradients(small_loss(weight, 4.0), [weight], 2.0**15)
    rule = "4 x 2^15 is beyond float16. Who needs to know, and is it hidden?"
    equal(bool(np.isfinite(found[0]).any()), False, rule)


@given(steps=st.lists(st.booleans(), min_size=1, max_size=12), growth=st.integers(1, 4))
@example([True] * 6 + [False, False] + [True] * 2, 4)
def test_the_scale_moves_as_that_of_keras(steps, growth):
    sgd = keras.optimizers.SGD(0.0)
    referee = keras.optimizers.LossScaleOptimizer(sgd, 8.0, growth)
    weight, scale, good = keras.Variable([1.0]), 8.0, 0
    for is_finite in steps:
        slope = tf.constant([1.0 if is_finite else np.inf])
        referee.apply([slope], [weight])
        scale, good = next_scale(scale, good, is_finite, growth)
        rule = "An overflow halves; `growth` good steps in a row double. Which was counted?"
        close(float(scale), float(referee.dynamic_scale), rule)
        rule = "The count of good steps starts anew whenever the scale moves. Does it?"
        known = (float(referee.dynamic_scale), int(referee.step_counter))
        equal((float(scale), int(good)), known, rule)


def test_a_scale_has_no_ceiling():
    rule = "Where all gradients stay finite the scale doubles. Is it held at 2 ** 15?"
    for power in (15, 16, 30):
        scale, good = next_scale(2.0**power, 0, True, 1)
        equal((float(scale), int(good)), (2.0 ** (power + 1), 0), rule)


def test_a_scale_that_is_too_large_finds_its_way_down():
    weight, scale, good, held = tf.Variable(tf.ones(3)), 2.0**24, 0, []
    for _ in range(30):
        (slope,) = scaled_gradients(small_loss(weight, 1e-3), [weight], scale)
        held.append(bool(np.isfinite(slope).all()))
        scale, good = next_scale(scale, good, held[-1], growth=1000)
    rule = "Overflow, halve, try again: soon all is finite. What does the scale do?"
    equal(held, [False] * held.count(False) + [True] * held.count(True), rule)
    between(held.count(True), 15, 28, rule)
    rule = "In the end the gradient neither vanishes nor overflows. Which is it?"
    close(slope, np.full(3, 1e-3, "float32"), rule, 0.01, 0)


def test_real_windows_train_under_loss_scaling():
    """Stays: the parts together, on a network with float16 inside."""
    x, y = watch.windows(count=16, length=32, seed=24)
    half = [layers.Conv1D(4, 5, dtype="mixed_float16"), layers.GlobalMaxPooling1D()]
    keras.utils.set_random_seed(24)
    model = keras.Sequential([keras.Input((32, 6)), *half, layers.Dense(7)])
    optimizer = keras.optimizers.SGD(0.05)
    cross = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    scale, good, losses = 2.0**15, 0, []
    for _ in range(12):
        losses.append(float(cross(y, model(x))))
        weights = model.trainable_variables
        slopes = scaled_gradients(lambda: cross(y, model(x)), weights, scale)
        is_finite = all(np.isfinite(slope).all() for slope in slopes)
        scale, good = next_scale(scale, good, is_finite)
        if is_finite:
            optimizer.apply(slopes, weights)
    rule = "Steps that overflow are left out, the others learn. Does the loss fall?"
    between(losses[-1], 0, losses[0] - 0.05, rule)

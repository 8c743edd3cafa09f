"""Day 15. What batch normalisation must do, one sentence per test."""

from functools import cache

import keras
import numpy as np
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st

from katas.day15.batch_norm import BatchNorm, fold, moments
from katas.detector.recordings import watch
from katas.dojo.judge import contract
from katas.dojo.judge.check import between, close, differences, equal, shape
from katas.dojo.judge.strategies import noise, seeds, sequences

STATE = ("gamma", "beta", "moving_mean", "moving_variance")


@cache
def built(kind=BatchNorm, channels=4, **arguments):
    """One layer for every example: to build one takes longer than to run it."""
    layer = kind(**arguments)
    layer.build((None, None, channels))
    return layer


def drawn(layer, seed=15):
    """The layer with all four weights drawn: ones and zeros would hide a fault."""
    rng, channels = np.random.default_rng(seed), layer.gamma.shape[0]
    layer.gamma.assign(rng.uniform(0.5, 2, channels))
    layer.beta.assign(rng.normal(0, 2, channels))
    layer.moving_mean.assign(rng.normal(0, 3, channels))
    layer.moving_variance.assign(rng.uniform(0.5, 9, channels))
    return layer


def state(layer, *names):
    return [np.array(getattr(layer, name)) for name in names or STATE]


def by_loops(x, counts):
    """Referee: mean and variance of the steps that count, one channel at a time."""
    means, variances = [], []
    for channel in range(x.shape[2]):
        values = [
            float(x[i, t, channel])
            for i in range(x.shape[0])
            for t in range(x.shape[1])
            if counts[i, t]
        ]
        mean = sum(values) / max(len(values), 1)
        means.append(mean)
        variances.append(sum((v - mean) ** 2 for v in values) / max(len(values), 1))
    return np.array(means, "float32"), np.array(variances, "float32")


def agree(found, wanted, rule, rtol=1e-4, atol=1e-5):
    """A pair (mean, variance) agrees with the referee's pair."""
    pair = len(found) if isinstance(found, (tuple, list)) else 1
    equal(pair, 2, "moments gives two tensors, mean and variance. Are both returned?")
    close(found[0], wanted[0], f"mean: {rule}", rtol, atol)
    close(found[1], wanted[1], f"variance: {rule}", rtol, atol)


@given(x=sequences(time=(1, 4), channels=(1, 3)))
def test_moments_are_a_channels_mean_and_variance(x):
    rule = "One number a channel, of all its steps. Which axes go, and divided by what?"
    agree(moments(x), by_loops(x, np.ones(x.shape[:2])), rule)


@given(x=noise(3, (4, 9), 2), offset=st.floats(500, 2000))
def test_the_variance_survives_a_large_mean(x, offset):
    far = (x + offset).astype("float32")
    rule = "A shift leaves the variance as it is. Is a small number left of two large?"
    close(moments(far)[1], far.astype("float64").var((0, 1)), rule, 2e-2, kind=None)
    mask = np.ones(far.shape[:2], bool)
    mask[0, :-1] = False
    wanted = far[mask].astype("float64").var(0)
    rule = "Masked or not, the variance is that of distances. Which formula is here?"
    close(moments(far, mask)[1], wanted, rule, 2e-2, 1e-5, kind=None)


@given(x=noise((1, 3), (1, 6), 4, scale=3.0), seed=seeds())
def test_masked_steps_count_in_neither_moment(x, seed):
    mask = np.random.default_rng(seed).random(x.shape[:2]) < 0.5
    rule = "Padding carries no news. Is it in a sum, in a divisor, or is it 0 / 0?"
    agree(moments(x, mask), by_loops(x, mask), rule)


def test_gamma_and_beta_are_learnt_and_the_statistics_not():
    layer = BatchNorm()
    layer.build((None, None, 5))
    starts = {"gamma": 1, "beta": 0, "moving_mean": 0, "moving_variance": 1}
    for name, start in starts.items():
        rule = f"A new {name} holds one number a channel. Which number changes nothing?"
        close(getattr(layer, name), np.full(5, start, "float32"), rule)
    rule = "The loss moves gamma and beta only. What tells Keras that a weight may not?"
    ids = [id(weight) for weight in layer.trainable_weights]
    learnt = [name for name in STATE if id(getattr(layer, name)) in ids]
    equal(learnt, ["gamma", "beta"], rule)
    rule = "The statistics are saved with the model. Are they made by add_weight?"
    equal(len(layer.non_trainable_weights), 2, rule)


def test_a_weight_bears_the_name_of_its_attribute():
    layer = BatchNorm()
    layer.build((None, None, 5))
    rule = "Day 31 spares weights from decay by name. Does add_weight hear the name?"
    equal(
        {name: getattr(layer, name).name for name in STATE}, {n: n for n in STATE}, rule
    )


@given(x=noise((3, 5), (5, 9), 4, scale=40.0), seed=seeds())
def test_a_training_batch_leaves_with_mean_0_and_variance_1(x, seed):
    x = x + np.random.default_rng(seed).normal(0, 90, 4).astype("float32")
    y = np.asarray(built(momentum=0.5)(x, training=True), "float64")
    shape(y, x.shape, "The norm rescales its input and keeps its shape.")
    rule = "In training a channel is measured by this batch. Whose statistics are used?"
    between(y.mean((0, 1)), -1e-3, 1e-3, f"mean of a channel: {rule}")
    between(y.var((0, 1)), 0.99, 1.01, f"variance of a channel: {rule}")


def test_epsilon_stands_under_the_root():
    layer = BatchNorm(epsilon=3.0)
    x = np.array([-1, 1, -1, 1], "float32").reshape(2, 2, 1)  # mean 0, variance 1
    rule = "Variance 1 and epsilon 3 divide by 2. Is epsilon added before the root?"
    close(layer(x, training=True), x / 2, rule)


@given(momentum=st.sampled_from([0.1, 0.9, 0.99]), batch=noise(2, 4, scale=3.0))
def test_update_keeps_momentum_of_the_old_statistics(momentum, batch):
    layer, mean, variance = BatchNorm(momentum), batch[0], batch[1] ** 2
    layer.build((None, None, 4))
    old_mean, old_variance = state(drawn(layer), "moving_mean", "moving_variance")
    layer.update(mean, variance)
    rule = "The memory stays the weight of build. Is it assigned to, or replaced?"
    equal(isinstance(layer.moving_mean, keras.Variable), True, rule)
    rule = "moves by the share 1 - momentum. Which of the two gets which share?"
    new = old_mean + (1 - momentum) * (mean - old_mean)
    close(layer.moving_mean, new, f"The moving mean {rule}", 1e-4, 1e-5)
    new = old_variance + (1 - momentum) * (variance - old_variance)
    close(layer.moving_variance, new, f"The moving variance {rule}", 1e-4, 1e-5)


def test_only_training_an_unfrozen_layer_moves_statistics():
    layer, x = drawn(built()), np.full((2, 3, 4), 50, "float32")
    before = np.stack(state(layer))
    layer(x, training=False)
    rule = "With training=False nothing moves. What does the flag decide?"
    close(np.stack(state(layer)), before, rule)
    layer.trainable = False
    frozen = layer(x, training=True)
    rule = "A frozen layer moves nothing, even in training. Is self.trainable asked?"
    close(np.stack(state(layer)), before, rule)
    rule = "A frozen layer works as at inference. Which statistics does it use?"
    close(frozen, layer(x, training=False), rule)
    layer.trainable = True
    layer(x, training=True)
    moved = np.abs(np.stack(state(layer)) - before).max(axis=1) > 0
    rule = "Training moves the two statistics and no more. Does call update them?"
    equal(moved, np.array([False, False, True, True]), rule)


@given(x=sequences(channels=4))
def test_at_inference_a_channel_passes_a_straight_line(x):
    layer = drawn(built())
    gamma, beta, mean, variance = state(layer)
    slope = gamma / np.sqrt(variance + 1e-3)
    line = x * slope + (beta - mean * slope)
    rule = "scale * x + shift, from stored numbers alone. Which is not yet known?"
    close(layer(x, training=False), line, rule, 1e-4, 1e-4)


@given(x=sequences(channels=4, batch=(2, 3)))
def test_at_inference_a_window_does_not_see_its_batch(x):
    rule = "The wearer's window comes alone. Does its score hang on its neighbours?"
    layer = drawn(built())
    close(layer(x)[:1], layer(x[:1]), rule, 1e-4, 1e-5)


def test_half_precision_keeps_its_statistics_in_float32():
    layer = BatchNorm(0.9, dtype="mixed_float16")
    x = np.random.default_rng(0).normal(0, 600, (4, 30, 3)).astype("float16")
    for _ in range(20):
        y = layer(x, training=True)
    mean, variance = x.mean((0, 1), "float64"), x.var((0, 1), "float64")
    rule = "600 squared is more than float16 can hold. In which dtype is it squared?"
    close(y, (x - mean) / np.sqrt(variance + 1e-3), rule, 1e-2, 1e-2, kind="float16")
    rule = "Small steps get lost in float16. Are weights made with autocast=False?"
    moving = variance + (1 - variance) * 0.9**20
    close(layer.moving_variance, moving, rule, 1e-4)
    layer.moving_mean.assign(np.full(3, 3000.0))
    layer.moving_variance.assign(np.full(3, 1e-4))
    x = np.tile(np.float16([[[3000], [3002]]]), (1, 1, 3))  # neighbours in float16
    wanted = np.tile(np.array([[[0.0], [2 / 1.1e-3**0.5]]]), (1, 1, 3))
    rule = "30 times 3,000 is beyond float16. In which dtype is x scaled at inference?"
    close(layer(x, training=False), wanted, rule, 1e-2, 1e-2, kind="float16")


def test_the_gradient_agrees_with_finite_differences():
    layer = drawn(built(channels=3, dtype="float64", epsilon=0.1))
    rng = np.random.default_rng(0)
    x, weights = rng.normal(size=(2, 4, 3)), rng.normal(size=(2, 4, 3))
    rule = "x also acts through mean and variance. Is one cut off from the gradient?"
    for mask in (None, np.array([[1, 1, 1, 0], [1, 1, 0, 0]], bool)):

        def weighed(x, mask=mask):
            return layer(x, training=True, mask=mask) * weights

        with tf.GradientTape() as tape:
            tape.watch(v := tf.constant(x))
            y = weighed(v)
        slope = differences(weighed, x)
        close(tape.gradient(y, v), slope, rule, 1e-5, 1e-7, kind="float64")


@given(
    x=st.sampled_from([1, 2, 5]).flatmap(lambda c: noise((1, 4), (1, 9), c, scale=3.0)),
    settings=st.sampled_from([(0.0, 1e-5), (0.9, 1e-3), (0.99, 0.5)]),
    masked=st.booleans(),
    training=st.booleans(),
    seed=seeds(),
)
def test_any_layer_agrees_with_that_of_keras(x, settings, masked, training, seed):
    ours, theirs = (
        drawn(built(kind, x.shape[2], momentum=settings[0], epsilon=settings[1]), seed)
        for kind in (BatchNorm, keras.layers.BatchNormalization)
    )
    mask = np.random.default_rng(seed).random(x.shape[:2]) < 0.7 if masked else None
    y = ours(x, training=training, mask=mask)
    wanted = np.asarray(theirs(x, training=training, mask=mask))
    rule = "The stock layer with the same weights gives this."
    asked = "Does the mask go on to moments?" if masked else "What goes into update?"
    close(y, wanted, f"{rule} {asked}", 1e-3, 1e-3)
    for name in ("moving_mean", "moving_variance"):
        wanted = np.array(getattr(theirs, name))
        close(getattr(ours, name), wanted, f"{name}: {rule} {asked}", 1e-4, 1e-5)


def test_50_compiled_steps_still_agree_with_keras():
    ours, theirs = BatchNorm(0.9), keras.layers.BatchNormalization(momentum=0.9)
    windows, _ = watch.windows(count=200, length=32, seed=15)
    ours.build(windows.shape)
    theirs.build(windows.shape)
    both = tf.function(
        lambda x: [layer(x, training=True) for layer in (ours, theirs)],
        [tf.TensorSpec((None, None, 6))],  # fit does not know the sizes either
        autograph=False,
    )
    for step in range(50):
        y, wanted = both(windows[4 * step : 4 * step + 4])
    rule = "Real windows, in the graph that fit compiles. Does an error build up?"
    close(y, np.asarray(wanted), f"step 50: {rule}", 1e-3, 1e-4)
    for name in STATE:
        wanted = np.array(getattr(theirs, name))
        close(getattr(ours, name), wanted, f"{name}: {rule}", 1e-4, 1e-5)


@given(width=st.integers(1, 4), filters=st.sampled_from([1, 2, 5]), seed=seeds())
def test_folding_the_norm_into_a_convolution_changes_nothing(width, filters, seed):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(2, 7, 3)).astype("float32")
    kernel = rng.normal(size=(width, 3, filters)).astype("float32")
    bias = rng.normal(size=filters).astype("float32")
    theirs = built(keras.layers.BatchNormalization, filters, epsilon=0.5)
    wanted = drawn(theirs, seed)(tf.nn.conv1d(x, kernel, 1, "SAME") + bias)
    folded, shift = fold(kernel, bias, theirs)
    shape(folded, kernel.shape, "A folded kernel has the shape of the kernel.")
    shape(shift, bias.shape, "A folded bias has the shape of the bias.")
    y = tf.nn.conv1d(x, tf.cast(folded, "float32"), 1, "SAME") + shift
    rule = "scale * (conv + bias - mean) + beta. What is scaled, and by which numbers?"
    close(y, np.asarray(wanted), rule, 1e-3, 1e-3)


def test_the_layer_keeps_the_contract_of_keras():
    windows, _ = watch.windows(count=3, length=128)
    contract.check(lambda: BatchNorm(momentum=0.9, epsilon=0.01), windows)
    layer, mask = built(channels=6), np.arange(128) < np.array([[128], [9], [0]])
    signature = [tf.TensorSpec((None, None, 6)), tf.TensorSpec((None, None), tf.bool)]
    graph = tf.function(
        lambda x, mask: layer(x, training=True, mask=mask), signature, autograph=False
    )
    rule = "In a graph a mask has no values yet, and no size. Does Python ask for one?"
    close(graph(windows, mask), layer(windows, training=True, mask=mask), rule, 1e-4)

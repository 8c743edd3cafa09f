"""Day 18. What a squeeze-and-excitation block must do, one sentence per test."""

from functools import cache

import keras
import numpy as np
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st
from keras import layers

from katas.day18.squeeze_excite import SqueezeExcite, squeeze
from katas.detector.recordings import watch
from katas.dojo.judge import contract
from katas.dojo.judge.check import between, close, differences, equal, shape
from katas.dojo.judge.strategies import noise, seeds, sequences


@cache
def block(channels=8, ratio=4, dtype="float32"):
    """One block for every example, its biases drawn too: zeros would hide a fault."""
    layer = SqueezeExcite(ratio=ratio, dtype=dtype)
    layer(np.zeros((1, 5, channels), dtype))
    draw = np.random.default_rng(18).normal
    layer.set_weights([draw(0, 0.7, w.shape) for w in layer.get_weights()])
    return layer


def by_loops(x, layer):
    """Referee: the gates of eq. 2-3, one sequence at a time, slow and obvious."""
    (w1, b1), (w2, b2) = layer.narrow.get_weights(), layer.widen.get_weights()
    gates = np.empty((len(x), 1, x.shape[2]), x.dtype)
    for i, sequence in enumerate(x):  # [time, channels]
        summary = sequence.sum(axis=0) / len(sequence)  # [channels]
        hidden = np.maximum(summary @ w1 + b1, 0)  # [channels // ratio]
        gates[i, 0] = 1 / (1 + np.exp(-(hidden @ w2 + b2)))
    return gates


def by_stock_layers(x, mask, layer, ratio):
    """Referee: the block out of stock Keras layers, with the block's weights."""
    channels = x.shape[2]
    narrow = layers.Dense(max(1, channels // ratio), "relu")
    widen = layers.Dense(channels, "sigmoid")
    summary = layers.GlobalAveragePooling1D(keepdims=True)(x, mask=mask)
    widen(narrow(summary))  # builds both
    for theirs, ours in [(narrow, layer.narrow), (widen, layer.widen)]:
        theirs.set_weights(ours.get_weights())
    return np.asarray(layers.Multiply()([x, widen(narrow(summary))]))


@given(x=sequences())
def test_squeeze_is_the_mean_of_each_channel_over_time(x):
    rule = (
        "One number per channel sums up the sequence. Which axis goes, and is it kept?"
    )
    mean = [[sum(sequence) / len(sequence)] for sequence in x]
    close(squeeze(x), np.array(mean, "float32"), rule)


@given(x=sequences(time=(1, 6)), padding=noise((1, 3), 4, (4, 8), scale=9.0))
def test_squeeze_does_not_see_masked_steps(x, padding):
    padding = np.resize(padding, (len(x), 4, x.shape[2]))
    long = np.concatenate([x, padding], axis=1)
    mask = np.arange(long.shape[1]) < x.shape[1]
    mask = np.tile(mask, (len(x), 1))
    rule = (
        "Padding carries no news. Do masked steps count in the sum, or in its divisor?"
    )
    close(squeeze(long, mask), x.mean(axis=1, keepdims=True), rule, 1e-4, 1e-5)


def test_squeeze_of_a_fully_masked_sequence_is_zero():
    x = np.ones((2, 5, 3), "float32")
    mask = np.array([[True] * 5, [False] * 5])
    rule = "Where no step counts, the summary is 0. What does 0 / 0 give?"
    with tf.GradientTape() as tape:
        tape.watch(v := tf.constant(x))
        summary = squeeze(v, mask)
    close(summary[1], np.zeros((1, 3), "float32"), rule)
    rule = "Its slope is 0 as well. Is a NaN made first, and replaced afterwards?"
    close(tape.gradient(summary, v)[1], np.zeros((5, 3), "float32"), rule)


@given(ratio=st.integers(1, 5), times=st.integers(1, 3), more=st.booleans())
def test_the_bottleneck_is_channels_over_ratio_wide(ratio, times, more):
    layer, channels = SqueezeExcite(ratio), ratio * times + more * (ratio - 1)
    layer.build((None, None, channels))
    rule = (
        f"{channels} channels, ratio {ratio}: narrow keeps channels // ratio numbers."
    )
    shape(layer.narrow.kernel, (channels, times), f"{rule} Which axis is which?")
    rule = "widen gives every channel its gate. How many numbers does it read?"
    shape(layer.widen.kernel, (times, channels), rule)


def test_the_bottleneck_never_closes():
    rule = "Few channels still need one hidden number. What is 3 // 4?"
    shape(block(channels=3).narrow.kernel, (3, 1), rule)


@given(x=sequences(channels=8, size=30.0))
def test_a_gate_lies_between_0_and_1(x):
    rule = "A gate is a share of what passes. Which activation keeps it in (0, 1)?"
    shape(
        block().gates(x), (len(x), 1, 8), "One gate a channel and sequence, axis kept."
    )
    between(block().gates(x), 0, 1, rule)


def test_all_gates_may_be_open_at_once():
    layer = block(channels=5)
    kernel, _ = layer.widen.get_weights()
    before = layer.get_weights()
    layer.widen.set_weights([kernel * 0, np.full(5, 10.0)])
    gates = np.asarray(layer.gates(np.ones((2, 6, 5), "float32")))
    layer.set_weights(before)
    rule = "Channels do not compete for a share. Does one gate's rise lower the others?"
    between(gates, 0.99, 1, rule)


@given(x=sequences(channels=8))
def test_the_gates_agree_with_the_formula_written_as_loops(x):
    rule = "gate = sigmoid(widen · relu(narrow · summary)). Which step differs?"
    close(block().gates(x), by_loops(x, block()), rule, 1e-4, 1e-5)


@given(x=sequences(channels=8, batch=(2, 3)))
def test_a_sequence_is_gated_the_same_alone_or_in_a_batch(x):
    rule = "A sequence's gates are its own. Which axes does your mean run over?"
    close(block()(x)[:1], block()(x[:1]), rule)


@given(x=noise((1, 3), (2, 6), 8))
def test_every_time_step_passes_the_same_gates(x):
    y = np.asarray(block()(x))
    # y = x * gate: cross-multiplying two steps cancels a gate that they share.
    rule = "A gate has no time of its own. Is it read from x or from the summary?"
    close(y[:, 1:] * x[:, :1], y[:, :1] * x[:, 1:], rule, 1e-4, 1e-5)


@given(x=sequences(channels=8))
def test_the_output_is_the_input_times_its_gates(x):
    rule = "A gate rescales its channel. Is it multiplied, and is the product returned?"
    close(block()(x), x * by_loops(x, block()), rule, 1e-4, 1e-5)


def test_the_mask_reaches_the_gates():
    x = np.ones((2, 6, 8), "float32")
    x[:, 3:] = 50
    mask = np.tile(np.arange(6) < 3, (2, 1))
    rule = "Masked steps do not move the gates. Does call hand its mask on?"
    close(block()(x, mask=mask)[:, :3], block()(x[:, :3]), rule)


@given(
    x=noise((1, 3), (1, 9), (1, 9)), ratio=st.integers(1, 5), seed=seeds(),
    masked=st.booleans(),
)  # fmt: skip
def test_any_block_agrees_with_stock_layers_of_keras(x, ratio, seed, masked):
    layer, draw = SqueezeExcite(ratio), np.random.default_rng(seed)
    layer.build((None, None, x.shape[2]))
    layer.set_weights([draw.normal(0, 0.7, w.shape) for w in layer.get_weights()])
    mask = draw.random(x.shape[:2]) < 0.6 if masked else None
    if masked:
        mask[:, -1] = True  # Keras' mean over no step is 0 / 0
    wanted = by_stock_layers(x, mask, layer, ratio)
    rule = f"ratio={ratio}, masked={masked}: every step is x * gate, masked or not."
    close(layer(x, mask=mask), wanted, f"{rule} What differs?", 1e-4, 1e-5)


def test_the_parameters_are_those_of_two_dense_layers():
    layer = SqueezeExcite(ratio=4)
    layer.build((None, 128, 32))
    rule = "32 x 8 + 8 for narrow, 8 x 32 + 32 for widen. Is a bias or a layer missing?"
    equal(layer.count_params(), 552, rule)


def test_both_dense_layers_compute_as_precisely_as_their_owner():
    layer = block(channels=4, ratio=2, dtype="float64")
    rule = "A block in float64 computes in float64. Who tells its dense layers so?"
    equal(layer.narrow.compute_dtype, "float64", rule)
    equal(layer.widen.compute_dtype, "float64", rule)


def test_the_gradient_agrees_with_finite_differences():
    layer = block(channels=4, ratio=2, dtype="float64")
    x = np.random.default_rng(0).normal(size=(2, 3, 4))
    with tf.GradientTape() as tape:
        tape.watch(v := tf.constant(x))
        y = layer(v)
    rule = "x acts twice: in the product and through its gate. Is a path cut?"
    slope = differences(layer, x, 1e-3)  # as good in float32: stock layers use it
    close(tape.gradient(y, v), slope, rule, 1e-3, 1e-3, kind="float64")


def test_the_layer_keeps_the_contract_of_keras():
    windows, _ = watch.windows(count=3, length=128)
    contract.check(lambda: SqueezeExcite(ratio=2), windows)

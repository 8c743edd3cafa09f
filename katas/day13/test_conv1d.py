"""Day 13. What a convolution over time must do, one sentence per test."""

from functools import cache

import keras
import numpy as np
import tensorflow as tf
from hypothesis import example, given
from hypothesis import strategies as st

from katas.day13.conv1d import (
    Conv1D,
    conv1d,
    jerk,
    output_length,
    receptive_field,
    smoothing,
)
from katas.detector.recordings import watch
from katas.dojo.judge import contract
from katas.dojo.judge.check import close, differences, equal
from katas.dojo.judge.strategies import noise

PADDINGS = ["valid", "same", "causal"]
FEW = st.integers(1, 3)


@st.composite
def cases(draw, padding=None, both=True):
    """Settings, a sequence, and a kernel that fits it; odd sizes and sizes of 1 too."""
    width, stride, dilation = draw(st.integers(1, 5)), draw(FEW), draw(FEW)
    if not both and stride > 1:
        dilation = 1  # Keras refuses stride and dilation together
    padding = padding or draw(st.sampled_from(PADDINGS))
    shortest = (width - 1) * dilation + 1 if padding == "valid" else 1
    x = draw(noise((1, 3), (shortest, shortest + 8), (1, 4)))
    kernel = draw(noise(width, x.shape[2], (1, 5)))
    return {"stride": stride, "dilation": dilation, "padding": padding}, x, kernel


def by_loops(x, kernel):
    """Referee: the formula with neither stride, dilation nor padding, in loops."""
    y = np.zeros((len(x), x.shape[1] - len(kernel) + 1, kernel.shape[2]), "float32")
    for t in range(y.shape[1]):
        for k in range(len(kernel)):
            y[:, t] += (
                x[:, t + k] @ kernel[k]
            )  # [batch, channels] @ [channels, filters]
    return y


def by_tensorflow(x, kernel, stride=1, dilation=1, padding="valid"):
    """Referee: tf.nn.conv1d, which knows no "causal" but with zeros put in front."""
    if padding == "causal":
        x = np.pad(x, [(0, 0), ((len(kernel) - 1) * dilation, 0), (0, 0)])
        padding = "valid"
    return tf.nn.conv1d(x, kernel, stride, padding.upper(), dilations=dilation)


@cache
def layers(channels, filters, width, stride, dilation, padding, use_bias):
    """Yours and Keras', with the same settings."""
    mine = Conv1D(filters, width, stride, dilation, padding, use_bias)
    referee = keras.layers.Conv1D(
        filters, width, stride, padding, dilation_rate=dilation, use_bias=use_bias
    )
    for layer in (mine, referee):
        layer.build((None, None, channels))
    return mine, referee


@cache
def movement():
    """|acceleration| [g] of five real windows, [batch, time, 1]."""
    x, _ = watch.windows(count=5, length=128)
    return np.linalg.norm(x[:, :, :3], axis=2, keepdims=True)


@given(time=st.integers(13, 40), width=st.integers(1, 5), stride=FEW, dilation=FEW)
def test_the_output_length_counts_the_places_of_the_kernel(
    time, width, stride, dilation
):
    rule = "One step for each place of the first tap. Is the last place counted?"
    for padding in PADDINGS:
        last = time - (width - 1) * dilation if padding == "valid" else time
        count = sum(1 for place in range(0, last, stride))
        found = output_length(time, width, stride, dilation, padding)
        equal(found, count, f"{rule} padding={padding!r}")
    rule = (
        "Whole numbers stay whole: above 2 ** 24 a float32 skips some. Which is yours?"
    )
    found = output_length(16_777_219 + width - 1, width)
    equal((type(found).__name__, int(found)), ("int", 16_777_219), rule)


@given(stack=st.lists(st.tuples(st.integers(1, 5), FEW, FEW), max_size=4))
@example(stack=[(3, 3, 2), (5, 1, 1)])
def test_the_receptive_field_is_what_one_output_goes_back_to(stack):
    seen = {0}
    for width, stride, dilation in reversed(stack):  # from the output to the input
        seen = {s * stride + k * dilation for s in seen for k in range(width)}
    rule = "From the first input step seen to the last. Which strides widen a layer?"
    before = list(stack)
    equal(receptive_field(stack), max(seen) - min(seen) + 1, rule)
    equal(stack, before, "The caller's stack is still whole. Who takes it apart?")


@given(kernel=noise((1, 4), 1, (1, 5)))
def test_an_impulse_comes_back_as_the_kernel_reversed(kernel):
    width = len(kernel)
    x = np.zeros((1, 2 * width - 1, 1), "float32")
    x[0, width - 1] = 1
    rule = "At the first place the last tap meets the impulse. Is the kernel flipped?"
    close(conv1d(x, kernel), kernel[::-1].swapaxes(0, 1), rule)


@given(x=noise((1, 3), (6, 9), (2, 4)), kernel=noise((1, 4), 4, (1, 5)))
def test_a_filter_adds_up_what_it_finds_in_each_channel(x, kernel):
    kernel = kernel[:, : x.shape[2]]
    alone = [
        by_loops(x[:, :, c : c + 1], kernel[:, c : c + 1]) for c in range(x.shape[2])
    ]
    rule = "Each channel has its own taps; the sums are added. Which axes go?"
    close(conv1d(x, kernel), sum(alone), rule, 1e-4, 1e-5)


@given(x=noise((1, 3), (6, 9), 4), kernel=noise((1, 5), 4, (1, 5)))
def test_a_shifted_input_gives_a_shifted_output(x, kernel):
    y = np.asarray(conv1d(x, kernel))
    rule = "The same kernel at every place. Does the first place see anything else?"
    close(conv1d(x[:, 1:], kernel), y[:, 1:], rule, 1e-4, 1e-5)


@given(x=noise((1, 3), (9, 14), (1, 4)), kernel=noise((2, 4), 4, (1, 5)), stride=FEW)
def test_a_stride_keeps_every_stride_th_output(x, kernel, stride):
    kernel = kernel[:, : x.shape[2]]
    every = by_loops(x, kernel)
    rule = "A stride skips places, not taps. Between which steps does yours skip?"
    close(conv1d(x, kernel, stride), every[:, ::stride], rule, 1e-4, 1e-5)


@given(x=noise((1, 3), (10, 14), (1, 4)), kernel=noise((2, 4), 4, (1, 5)), gap=FEW)
def test_dilation_is_a_kernel_with_zeros_between_its_taps(x, kernel, gap):
    kernel = kernel[:, : x.shape[2]]
    wide = np.zeros(((len(kernel) - 1) * gap + 1, *kernel.shape[1:]), "float32")
    wide[::gap] = kernel
    rule = "Neighbouring taps are `dilation` steps apart. How many lie between?"
    y = conv1d(x, kernel, dilation=gap)
    close(y, by_loops(x, wide), rule, 1e-4, 1e-5)


@given(case=cases("causal"), pick=st.integers(0, 8))
def test_a_causal_output_never_sees_the_future(case, pick):
    how, x, kernel = case
    y = np.asarray(conv1d(x, kernel, **how))
    now = pick % -(-x.shape[1] // how["stride"])  # an output, and the step of its place
    later = x.copy()
    later[:, now * how["stride"] + 1 :] += 9
    z = np.asarray(conv1d(later, kernel, **how))
    rule = "What comes later cannot change what was said. Where do the zeros stand?"
    close(z[:, : now + 1], y[:, : now + 1], rule)


@given(case=cases("same"))
def test_the_zeros_of_same_stand_evenly_on_both_sides(case):
    how, x, kernel = case
    rule = "As few zeros as the last place needs, an odd one behind. Does stride count?"
    close(conv1d(x, kernel, **how), by_tensorflow(x, kernel, **how), rule, 1e-4, 1e-5)


@given(case=cases())
def test_conv1d_agrees_with_tensorflow_in_every_setting(case):
    """Stays: all settings together, by another hand; the laws take them one by one."""
    how, x, kernel = case
    rule = f"tf.nn.conv1d judges {how}. Which of them does yours take differently?"
    close(conv1d(x, kernel, **how), by_tensorflow(x, kernel, **how), rule, 1e-4, 1e-5)


@given(case=cases(both=False), use_bias=st.booleans())
def test_the_layer_agrees_with_that_of_keras(case, use_bias):
    """Stays: the layer is given; this proves it equal to the one it may replace."""
    how, x, kernel = case
    width, channels, filters = kernel.shape
    mine, referee = layers(channels, filters, width, *how.values(), use_bias)
    for layer in (mine, referee):
        layer.set_weights([kernel] + [np.linspace(-1, 1, filters)] * use_bias)
    rule = f"Same weights, same output as keras.layers.Conv1D, {how}. What differs?"
    close(mine(x), referee(x), rule, 1e-4, 1e-5)


@given(width=st.integers(1, 15))
def test_smoothing_is_a_moving_mean(width):
    x = movement()
    views = np.lib.stride_tricks.sliding_window_view(x, width, axis=1)
    rule = "The mean of `width` steps: constants stay. What do the taps add up to?"
    close(conv1d(x, smoothing(width)), views.mean(axis=-1), rule, 1e-4, 1e-5)


@given(rate=st.sampled_from([10, 25, 50, 99, 100]))
def test_jerk_is_the_rate_of_change_in_g_a_second(rate):
    x = movement()
    slope = np.gradient(x, 1 / rate, axis=1)[:, 1:-1]
    rule = "Change [g] over time [s], rising positive. How far apart are the taps?"
    close(conv1d(x, jerk(rate)), slope.astype("float32"), rule, 1e-4, 1e-3)


def test_the_layer_does_not_see_masked_steps():
    """Stays: masks are the given layer's part; day 30 relies on them."""
    x = np.random.default_rng(13).normal(size=(2, 7, 3)).astype("float32")
    long = np.pad(x, [(0, 0), (0, 5), (0, 0)], constant_values=9)
    mask = np.tile(np.arange(12) < 7, (2, 1))
    rule = "Padding after a sequence adds no news. Do masked steps reach a real one?"
    for padding in PADDINGS:
        layer, _ = layers(3, 4, 3, 1, 2, padding, True)
        y, z = layer(x), np.asarray(layer(long, mask=mask))
        real = np.asarray(layer.compute_mask(long, mask))
        equal(real, np.tile(np.arange(z.shape[1]) < y.shape[1], (2, 1)), rule)
        close(z[:, : y.shape[1]], y, rule, 1e-4, 1e-5)


def test_the_gradient_agrees_with_finite_differences():
    draw = np.random.default_rng(13).normal
    x, kernel = draw(size=(1, 5, 2)), draw(size=(3, 2, 2))
    rule = "Each tap carries the gradient back to what it read. Did NumPy cut the tape?"
    for padding in PADDINGS:
        how = {"stride": 2, "dilation": 2, "padding": padding}
        with tf.GradientTape() as tape:
            tape.watch((v := tf.constant(x), w := tf.constant(kernel)))
            loss = tf.reduce_sum(tf.square(conv1d(v, w, **how)))
        slopes = (
            differences(lambda x, how=how: np.square(conv1d(x, kernel, **how)), x),
            differences(lambda k, how=how: np.square(conv1d(x, k, **how)), kernel),
        )
        gradients = tape.gradient(loss, (v, w), unconnected_gradients="zero")
        for found, slope in zip(gradients, slopes, strict=True):
            close(found, slope, rule, 1e-5, 1e-6, kind="float64")


def test_the_layer_keeps_the_contract_of_keras():
    windows, _ = watch.windows(count=3, length=128)
    rule = "The graph holds for any number of steps. Is a Python size read from x?"
    for padding in PADDINGS:
        layer = Conv1D(5, 4, stride=3, padding=padding)
        graph = tf.function(layer, [tf.TensorSpec((None, None, 6))], autograph=False)
        close(graph(windows), layer(windows), f"{rule} padding={padding!r}", 1e-4, 1e-5)
    contract.check(lambda: Conv1D(5, 4, stride=3, padding="same"), windows)

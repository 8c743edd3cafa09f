"""Day 14. What a convolution over images must do, one sentence per test."""

from functools import cache

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st
from keras import layers

from katas.day14.conv2d import build_cnn, conv2d, forward, max_pool, parameters
from katas.dojo.course import digits
from katas.dojo.judge.check import at_least, at_most, close, differences, equal, shape
from katas.dojo.judge.strategies import noise

PADDINGS = ["valid", "same"]
FEW = st.integers(1, 3)
IMAGES = noise((1, 2), (4, 7), (4, 7), 2)
KERNELS = noise((1, 4), (1, 4), 2, (1, 3))


def by_loops(x, kernel):
    """Referee: the formula at each place, no stride, no zeros."""
    tall, wide = kernel.shape[:2]
    down, across = x.shape[1] - tall + 1, x.shape[2] - wide + 1
    y = np.zeros((len(x), down, across, kernel.shape[3]), "float32")
    for i, j, t, w in np.ndindex(down, across, tall, wide):
        y[:, i, j] += x[:, i + t, j + w] @ kernel[t, w]  # [batch, filters]
    return y


@st.composite
def cases(draw):
    """Settings, an image, and a kernel that fits it; sizes of 1 too."""
    stride, padding = draw(st.tuples(FEW, FEW)), draw(st.sampled_from(PADDINGS))
    tall, wide = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    low, narrow = (tall, wide) if padding == "valid" else (1, 1)
    x = draw(noise((1, 2), (low, low + 6), (narrow, narrow + 6), (1, 3)))
    return stride, padding, x, draw(noise(tall, wide, x.shape[3], (1, 3)))


@cache
def keras_conv(channels, filters, tall, wide, stride, padding):
    layer = layers.Conv2D(filters, (tall, wide), stride, padding, use_bias=False)
    layer.build((None, None, None, channels))
    return layer


@cache
def network():
    """The network of the task out of stock layers, its biases drawn too."""
    model = keras.Sequential(
        [
            layers.Input((28, 28, 1)),
            layers.Conv2D(8, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(16, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(10),
        ]
    )
    draw = np.random.default_rng(14).normal
    model.set_weights([draw(0, 0.3, w.shape) for w in model.get_weights()])
    return model


@cache
def real():
    """Real digits, ink from 0 to 1: x_train, y_train, x_test, y_test."""
    (x, y), (a, b) = digits.load()
    return x[..., None] / np.float32(255), y, a[..., None] / np.float32(255), b


@given(kernel=noise((1, 4), (1, 4), 1, (1, 3)))
def test_a_dot_comes_back_as_the_kernel_turned_by_half(kernel):
    tall, wide = kernel.shape[:2]
    x = np.zeros((1, 2 * tall - 1, 2 * wide - 1, 1), "float32")
    x[0, tall - 1, wide - 1] = 1
    rule = "The first place meets the dot with its last tap. Which axis is which?"
    close(conv2d(x, kernel)[0], kernel[::-1, ::-1, 0], rule)


@given(x=IMAGES, kernel=KERNELS)
def test_conv2d_agrees_with_the_formula_written_as_loops(x, kernel):
    rule = "Taps down, taps across and channels are summed. Which axis is left over?"
    close(conv2d(x, kernel), by_loops(x, kernel), rule, 1e-4, 1e-5)


@given(x=IMAGES, kernel=KERNELS, stride=st.tuples(FEW, FEW))
def test_each_axis_has_its_own_stride(x, kernel, stride):
    every = by_loops(x, kernel)[:, :: stride[0], :: stride[1]]
    rule = "stride = (down, across). Does each axis skip by its own?"
    close(conv2d(x, kernel, stride), every, rule, 1e-4, 1e-5)


@given(case=cases())
def test_conv2d_agrees_with_that_of_keras(case):
    stride, padding, x, kernel = case
    tall, wide, channels, filters = kernel.shape
    layer = keras_conv(channels, filters, tall, wide, stride, padding)
    layer.set_weights([kernel])
    rule = f"keras.layers.Conv2D judges stride {stride}, {padding!r}. What differs?"
    close(conv2d(x, kernel, stride, padding), layer(x), rule, 1e-4, 1e-5)


@given(x=noise((1, 2), 6, 12, (1, 3)), size=FEW)
def test_a_patch_gives_its_largest_value(x, size):
    y = np.empty((len(x), 6 // size, 12 // size, x.shape[3]), "float32")
    for i, j in np.ndindex(y.shape[1:3]):
        patch = x[:, i * size : (i + 1) * size, j * size : (j + 1) * size]
        y[:, i, j] = patch.max(axis=(1, 2))
    rule = "The largest of size x size neighbours. Which of your axes lie in a patch?"
    close(max_pool(x, size), y, rule)


@given(size=FEW, x=noise((1, 2), (3, 8), (3, 8), (1, 3)))
def test_pooling_agrees_with_that_of_keras(size, x):
    x = x[:, 3 - size :, 3 - size :]  # from size x size, so from 1 x 1
    rule = "A rest that fills no patch is dropped, channels stay apart. What joins in?"
    close(max_pool(x - 5, size), layers.MaxPooling2D(size)(x - 5), rule)


@given(tall=st.integers(1, 7), wide=st.integers(1, 7), channels=FEW, filters=FEW)
def test_the_parameters_are_those_that_keras_counts(tall, wide, channels, filters):
    layer = layers.Conv2D(filters, (tall, wide))
    layer.build((None, 9, 9, channels))
    rule = "Each filter has its own taps in each channel, and what else, how often?"
    equal(parameters(tall, wide, channels, filters), layer.count_params(), rule)


def test_the_cnn_has_5258_parameters():
    model = build_cnn()
    shape(model(real()[2][:3]), (3, 10), "Ten numbers for each image.")
    rule = "80 + 1,168 + 4,010. Where does yours have more weights, or fewer?"
    equal(model.count_params(), 5258, rule)


def test_the_cnn_is_the_network_of_its_docstring():
    model = build_cnn()
    model.set_weights(network().get_weights())
    x = real()[2][:5]
    rule = "Same weights, same logits. Is there a relu too few, or a softmax too many?"
    close(model(x), network()(x), rule, 1e-4, 1e-4)
    rule = "A digit has 28 rows and 28 columns. Which input was the model told of?"
    told = getattr(model, "input_shape", (None, 28, 28, 1))  # a subclass has none
    equal(tuple(told), (None, 28, 28, 1), rule)


def test_your_functions_run_the_network():
    x = real()[2][:5]
    rule = "conv, relu, pool, twice; flatten; dense. In which order does Flatten write?"
    close(forward(x, network().get_weights()), network()(x), rule, 1e-4, 1e-4)


def test_the_gradient_agrees_with_finite_differences():
    draw = np.random.default_rng(14).normal
    x, kernel = draw(size=(1, 4, 5, 2)), draw(size=(2, 2, 2, 2))

    def pooled(x, kernel):
        return tf.square(max_pool(conv2d(x, kernel, (1, 2), "same")))

    with tf.GradientTape() as tape:
        tape.watch((v := tf.constant(x), w := tf.constant(kernel)))
        y = pooled(v, w)
    slopes = (
        differences(lambda x: pooled(x, kernel), x, 1e-2),  # in float32 as well
        differences(lambda kernel: pooled(x, kernel), kernel, 1e-2),
    )
    rule = "The largest value of a patch carries its gradient. Did NumPy cut the tape?"
    gradients = tape.gradient(y, (v, w), unconnected_gradients="zero")
    for found, slope in zip(gradients, slopes, strict=True):
        close(found, slope, rule, 1e-3, 1e-3, kind="float64")


def mlp():
    """The network of day 09 out of stock layers."""
    hidden = layers.Dense(128, activation="relu")
    return keras.Sequential(
        [layers.Input((28, 28, 1)), layers.Flatten(), hidden, layers.Dense(10)]
    )


def learnt(make, seed):
    """Accuracy on 1,000 test digits after 8 epochs of 4,000."""
    keras.utils.set_random_seed(seed)
    model = make()
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.004), loss, metrics=["accuracy"])
    x, y, x_test, y_test = real()
    model.fit(x, y, batch_size=100, epochs=8, verbose=0)
    return model.evaluate(x_test, y_test, verbose=0)[1]


# learnt(build_cnn, seed) - learnt(mlp, seed) for seed 0, 1, ... 23:
#                least  median  most
#   build_cnn    0.945  0.956   0.965
#   mlp          0.906  0.921   0.931
#   difference   0.022  0.035   0.048
@pytest.mark.slow
@pytest.mark.seconds(90)
def test_the_cnn_beats_the_mlp_with_fewer_parameters():
    """Stays: the claim of the day, on real digits."""
    rule = (
        "Weights shared by all places need fewer digits to learn from. Which are not?"
    )
    at_most(build_cnn().count_params(), mlp().count_params() // 15, rule)
    accuracy = learnt(build_cnn, 14)
    at_least(accuracy, 0.93, rule)
    at_least(accuracy - learnt(mlp, 14), 0.01, rule)

"""Day 17. Gradient norms by depth, and what depth does to training, both measured."""

import keras
import matplotlib.pyplot as plt
import tensorflow as tf
from keras import layers

from katas.day17.residual import ResidualBlock, gradient_norms, stack
from katas.detector.recordings import watch


def plain(filters, stride=1, norm=True):
    """The two convolutions of a block, stock, without the shortcut."""
    parts = []
    for step in (stride, 1):
        parts.append(layers.Conv1D(filters, 3, step, padding="same", use_bias=not norm))
        if norm:
            parts.append(layers.BatchNormalization())
        parts.append(layers.ReLU())
    return keras.Sequential(parts)


def bare(filters, stride=1):
    return plain(filters, stride, norm=False)


def draw():
    """Return a figure: gradient norms at the start, and the loss of 50 steps."""
    x, y = watch.windows(count=64, length=32, seed=17)
    x = (x - x.mean((0, 1))) / x.std((0, 1))
    cross_entropy = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    kinds = {"residual": ResidualBlock, "plain": plain, "plain, no norm": bare}
    figure, (left, right) = plt.subplots(1, 2)
    for name, block in kinds.items():
        keras.utils.set_random_seed(17)
        stem = layers.Conv1D(8, 3, padding="same", activation="relu")
        ends = keras.Sequential([layers.GlobalAveragePooling1D(), layers.Dense(7)])
        blocks = stack((8,), 12, block)

        def loss(h, ends=ends):
            return cross_entropy(y, ends(h))

        left.semilogy(range(1, 13), gradient_norms(blocks, stem(x), loss), "o-", ms=4)
        right.plot(losses(keras.Sequential([stem, *blocks]), x, loss, ends), label=name)
    left.set(xlabel="block, 1 next to the input", ylabel="gradient norm at its input")
    left.set_xticks(range(1, 13, 2))
    right.set(xlabel="step", ylabel="cross-entropy [nat]", ylim=(0, 2.7))
    right.legend(frameon=False, loc="upper right", fontsize=10, ncols=2)
    return figure


def losses(body, x, loss, ends):
    """The loss of 50 steps of gradient descent on one batch."""

    @tf.function(autograph=False)
    def step():
        with tf.GradientTape() as tape:
            value = loss(body(x, training=True))
        weights = [w.value for w in body.trainable_weights + ends.trainable_weights]
        for weight, slope in zip(weights, tape.gradient(value, weights), strict=True):
            weight.assign_sub(0.3 * slope)
        return value

    return [float(step()) for _ in range(50)]

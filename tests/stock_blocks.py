"""The blocks of days 13 to 19, what Keras has in place of each, and all in one network.

Day 14 gives functions of images, not a layer of sequences, so it has no block here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import keras
import numpy as np
from keras import layers

from katas.day13.conv1d import Conv1D
from katas.day15.batch_norm import BatchNorm
from katas.day16.dropout import Dropout, SpatialDropout
from katas.day17.residual import ResidualBlock
from katas.day18.squeeze_excite import SqueezeExcite
from katas.day19.attention import AttentionPooling, MultiHeadAttention

TIME, CHANNELS, CLASSES = 33, 6, 3


def copy_all(ours, stock):
    """Copy the weights, which both have in the same order."""
    stock.set_weights(ours.get_weights())


def copy_by_name(ours, stock):
    """Copy the weights of each part; the parts have the same names in both."""
    for part in stock.layers:
        if part.weights:
            part.set_weights(getattr(ours, part.name).get_weights())


def copy_heads(ours, stock):
    """Copy the weights of the four dense layers; Keras keeps an axis for the heads."""
    parts = (ours.to_query, ours.to_key, ours.to_value, ours.to_output)
    weights = [weight for part in parts for weight in part.get_weights()]
    shapes = [weight.shape for weight in stock.get_weights()]
    stock.set_weights([w.reshape(s) for w, s in zip(weights, shapes, strict=True)])


def copy_query(ours, stock):
    """Copy the query; in Keras it is the one column of a dense layer."""
    stock.set_weights([ours.get_weights()[0].T])  # [channels, 1]


def residual(channels, filters=7, kernel_size=3, stride=2):
    x = shortcut = keras.Input((None, channels))

    def conv(x, width, stride, name):
        how = {"padding": "same", "use_bias": False, "name": name}
        return layers.Conv1D(filters, width, stride, **how)(x)

    h = layers.BatchNormalization(name="norm1")(conv(x, kernel_size, stride, "conv1"))
    h = conv(layers.ReLU()(h), kernel_size, 1, "conv2")
    h = layers.BatchNormalization(name="norm2", gamma_initializer="zeros")(h)
    if (channels, 1) != (filters, stride):
        shortcut = conv(x, 1, stride, "project")
    return keras.Model(x, layers.ReLU()(layers.Add()([shortcut, h])))


def squeeze_excite(channels, ratio=3):
    x = keras.Input((None, channels))
    hidden = layers.Dense(max(1, channels // ratio), "relu", name="narrow")
    gate = layers.Dense(channels, "sigmoid", name="widen")
    summary = layers.GlobalAveragePooling1D(keepdims=True)(x)
    return keras.Model(x, layers.Multiply()([x, gate(hidden(summary))]))


def attention(channels):
    x = keras.Input((None, channels))
    return keras.Model(x, layers.MultiHeadAttention(2, 4)(x, x))


def pooling(channels):
    x = keras.Input((None, channels))
    scores = layers.Dense(1, use_bias=False)(x)
    weights = layers.Softmax(axis=1)(layers.Rescaling(channels**-0.5)(scores))
    return keras.Model(x, layers.Flatten()(layers.Dot(axes=1)([weights, x])))


@dataclass(frozen=True)
class Block:
    """ours: () -> layer; stock: channels -> layer or model; copy: (ours, stock)."""

    ours: Callable
    stock: Callable
    copy: Callable = copy_all


BLOCKS = {
    "conv1d": Block(
        lambda: Conv1D(8, 5, 2, padding="same"),
        lambda channels: layers.Conv1D(8, 5, 2, padding="same"),
    ),
    "batch_norm": Block(
        lambda: BatchNorm(0.9, 0.01),
        lambda channels: layers.BatchNormalization(momentum=0.9, epsilon=0.01),
    ),
    "spatial_dropout": Block(
        lambda: SpatialDropout(0.2, seed=5),
        lambda channels: layers.SpatialDropout1D(0.2, seed=5),
    ),
    "residual": Block(lambda: ResidualBlock(7, 3, 2), residual, copy_by_name),
    "squeeze_excite": Block(lambda: SqueezeExcite(3), squeeze_excite, copy_by_name),
    "attention": Block(lambda: MultiHeadAttention(2, 4), attention, copy_heads),
    "dropout": Block(
        lambda: Dropout(0.3, seed=7), lambda channels: layers.Dropout(0.3, seed=7)
    ),
    "pooling": Block(AttentionPooling, pooling, copy_query),
}


def randomize(layer, seed=13):
    """Set every weight at random: ones and zeros would hide a fault."""
    rng = np.random.default_rng(seed)
    for weight in layer.weights:
        positive = "variance" in weight.path
        value = rng.normal(0, 0.5, weight.shape) + ("gamma" in weight.path)
        weight.assign(np.abs(value) + 0.5 if positive else value)
    return layer


def stack(replaced=None):
    """All blocks in one network, one of them out of stock layers."""
    x = inputs = keras.Input((TIME, CHANNELS), name="windows")
    for name, block in BLOCKS.items():
        layer = block.stock(x.shape[-1]) if name == replaced else block.ours()
        layer.name = name
        y = layer(x)
        x = layers.Add(name="sum")([x, y]) if name == "attention" else y
    return keras.Model(inputs, layers.Dense(CLASSES, name="head")(x))


@cache
def network(replaced=None):
    """The stack with random weights; with one block replaced, the same weights."""
    if replaced is None:
        return randomize(stack())
    reference, model = network(), stack(replaced)
    for layer in reference.layers[1:]:  # the first is the input
        copy = BLOCKS[layer.name].copy if layer.name == replaced else copy_all
        copy(layer, model.get_layer(layer.name))
    return model


def windows(count=12):
    """Random windows and classes."""
    rng = np.random.default_rng(19)
    x = rng.normal(size=(count, TIME, CHANNELS)).astype("float32")
    return x, rng.integers(0, CLASSES, count)


@cache
def trained(replaced=None):
    """A copy of the network after two steps, and the loss of those."""
    model = keras.models.clone_model(network(replaced))  # with new random generators
    model.set_weights(network(replaced).get_weights())
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(0.05), loss)
    x, labels = windows()
    history = model.fit(x, labels, batch_size=6, epochs=1, shuffle=False, verbose=0)
    return model, history.history["loss"][0]

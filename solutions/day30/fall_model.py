"""Day 30. The fall detector, out of the blocks of days 13 and 15 to 19."""

import math
from dataclasses import dataclass

import keras
import numpy as np
from keras import layers, ops

from katas.day13.conv1d import Conv1D
from katas.day15.batch_norm import BatchNorm
from katas.day16.dropout import Dropout, SpatialDropout
from katas.day17.residual import ResidualBlock
from katas.day18.squeeze_excite import SqueezeExcite
from katas.day19.attention import AttentionPooling

LENGTH, CHANNELS = 128, 6  # samples in a window; acceleration [g], then gyro [rad/s]


@dataclass(frozen=True)
class Design:  # given
    """What the network is made of. Each field is one switch.

    derived    add |acceleration|, |angular rate| and jerk to the six channels
    kernels    taps of each branch's filters; one entry, one branch
    filters    filters of a branch
    stride     steps from one place of a branch's kernel to the next
    stages     (filters, kernel_size, stride) of each stage after the branches
    block      "residual"; "plain": no shortcut; "depthwise": no shortcut, and each
               filter sees one channel before a 1-tap convolution mixes them
    ratio      bottleneck of squeeze and excitation; None leaves it out
    attention  pool by attention; False: by the mean over time
    spatial    share of whole channels that training drops after the branches
    dropout    share of pooled features that training drops
    rate       share of falls among the windows that it will learn from
    """

    derived: bool = True
    kernels: tuple = (3, 7, 15)
    filters: int = 16
    stride: int = 2
    stages: tuple = ((32, 5, 2), (48, 3, 2))
    block: str = "residual"
    ratio: int | None = 4
    attention: bool = True
    spatial: float = 0.1
    dropout: float = 0.5
    rate: float = 0.2


@keras.saving.register_keras_serializable("katas")
class Derived(layers.Layer):  # given
    """Three channels that stay when the watch sits askew, each of a size near 1.

    Shapes
        x        [batch, time, 6]  raw: [g], [rad/s]
        returns  [batch, time, 3]  |acceleration| - 1, |angular rate| / 2, and twice
                 the length of the change of acceleration since the last sample
    """

    def call(self, x):
        acceleration, rate = x[..., :3], x[..., 3:]
        change = acceleration[:, 1:] - acceleration[:, :-1]  # [batch, time - 1, 3]
        change = ops.pad(change, [(0, 0), (1, 0), (0, 0)])  # [batch, time, 3]
        sizes = [
            ops.sqrt(ops.sum(v * v, axis=-1, keepdims=True))
            for v in (acceleration, rate, change)
        ]
        return ops.concatenate([sizes[0] - 1, sizes[1] / 2, sizes[2] * 2], axis=-1)

    def compute_output_shape(self, shape):
        return (*shape[:-1], 3)


def signals(x, scaler, derived=True):
    """Return the six channels scaled, and beside them the derived ones.

    Shapes
        x        [batch, time, 6]  raw: [g], [rad/s]
        scaler   (mean, deviation), each [6]: what day 27 fitted to the training part
        returns  [batch, time, 9], or [batch, time, 6] where derived is False

    Hint: layers.Normalization(mean=..., variance=...), and layers.Concatenate().
    """
    mean, deviation = scaler
    scaled = layers.Normalization(mean=mean, variance=np.square(deviation))(x)
    return layers.Concatenate()([scaled, Derived()(x)]) if derived else scaled


def branch(x, filters, kernel_size, stride):
    """Return what filters of one length find: convolution, norm, relu.

    Shapes
        x        [batch, time, channels]
        returns  [batch, time / stride, filters]  rounded up, none below 0

    Hint: padding "same" keeps the branches in step; the norm brings its own shift.
    """
    x = Conv1D(filters, kernel_size, stride, padding="same", use_bias=False)(x)
    return layers.ReLU()(BatchNorm()(x))


def convolutions(x, filters, kernel_size, stride, block):  # given
    """Return two convolutions in a row, of the kind that Design.block names."""
    if block == "residual":
        return ResidualBlock(filters, kernel_size, stride)(x)
    if block == "plain":
        return branch(branch(x, filters, kernel_size, stride), filters, kernel_size, 1)
    for step in (stride, 1):
        thin = layers.SeparableConv1D(
            filters, kernel_size, step, "same", use_bias=False
        )
        x = layers.ReLU()(BatchNorm()(thin(x)))
    return x


def stage(x, filters, kernel_size, stride, block="residual", ratio=4):
    """Return two convolutions, then each channel gated by the whole window.

    Shapes
        x        [batch, time, channels]
        returns  [batch, time / stride, filters]

    Hint: `convolutions` is given; SqueezeExcite follows unless ratio is None.
    """
    x = convolutions(x, filters, kernel_size, stride, block)
    return x if ratio is None else SqueezeExcite(ratio)(x)


def head(x, attention=True, dropout=0.5, rate=0.2):
    """Return the probability of a fall: pool, drop out, one sigmoid unit.

    Shapes
        x        [batch, time, channels]
        rate     share of falls: what the head says of features that are all 0
        returns  [batch, 1]  in (0, 1)

    Hint: sigmoid(log-odds) = rate; bias_initializer=keras.initializers.Constant(...).
    """
    pool = AttentionPooling() if attention else layers.GlobalAveragePooling1D()
    pooled = Dropout(dropout)(pool(x))  # [batch, channels]
    bias = keras.initializers.Constant(math.log(rate / (1 - rate)))
    return layers.Dense(1, "sigmoid", bias_initializer=bias)(pooled)


def fall_net(scaler, design=Design()):
    """Return a keras.Model from raw windows to the probability of a fall.

    Shapes
        input    [batch, 128, 6]  raw: [g], [rad/s]
        branches [batch, 128 / stride, filters · branches]  side by side
        output   [batch, 1]

    In order: signals, branches, SpatialDropout, stages, head.
    """
    inputs = keras.Input((LENGTH, CHANNELS))
    x = signals(inputs, scaler, design.derived)
    found = [branch(x, design.filters, k, design.stride) for k in design.kernels]
    x = SpatialDropout(design.spatial)(layers.Concatenate()(found))
    for filters, kernel_size, stride in design.stages:
        x = stage(x, filters, kernel_size, stride, design.block, design.ratio)
    output = head(x, design.attention, design.dropout, design.rate)
    return keras.Model(inputs, output)

"""Day 30. Each prediction meets its experiment."""

import keras
import numpy as np
from keras import layers

from katas.day30 import quiz
from katas.detector.recordings import watch
from katas.dojo.judge.quiz import predicted


def branches(x, lengths=(3, 7, 15), filters=16):
    """The branches out of stock Keras layers."""
    found = []
    for taps in lengths:
        y = layers.Conv1D(filters, taps, 2, padding="same", use_bias=False)(x)
        found.append(layers.ReLU()(layers.BatchNormalization()(y)))
    return layers.Concatenate()(found)


def stage(x, filters, taps):
    """One residual stage with its gates, out of stock Keras layers."""
    y = layers.Conv1D(filters, taps, 2, padding="same", use_bias=False)(x)
    y = layers.ReLU()(layers.BatchNormalization()(y))
    y = layers.Conv1D(filters, taps, padding="same", use_bias=False)(y)
    short = layers.Conv1D(filters, 1, 2, use_bias=False)(x)
    y = layers.ReLU()(layers.Add()([layers.BatchNormalization()(y), short]))
    gate = layers.Dense(filters // 4, "relu")(
        layers.GlobalAveragePooling1D(keepdims=True)(y)
    )
    return layers.Multiply()([y, layers.Dense(filters, "sigmoid")(gate)])


def test_the_shape_of_three_branches():
    x = keras.Input((128, 9))
    why = "Stride 2 halves 128 steps; three times 16 filters stand side by side."
    predicted(quiz.shape_of_branches, branches(x).shape[1:], why)


def test_the_parameters_of_15_taps():
    layer = layers.Conv1D(16, 15, use_bias=False)
    layer.build((None, 128, 9))
    why = (
        "15 taps · 9 channels · 16 filters: each filter has a weight a tap and channel."
    )
    predicted(quiz.parameters_of_15_taps, layer.count_params(), why)


def test_where_the_parameters_sit():
    x = keras.Input((128, 9))
    joined = branches(x)
    staged = stage(stage(joined, 32, 5), 48, 3)
    whole = layers.Dense(1)(layers.GlobalAveragePooling1D()(staged))
    first, second, all_of_it = (
        keras.Model(x, y).count_params() for y in (joined, staged, whole)
    )
    sizes = {"branches": first, "stages": second - first, "head": all_of_it - second}
    why = f"{sizes}: kernels grow with channels in times channels out."
    predicted(quiz.most_parameters, max(sizes, key=sizes.get), why)


def test_the_bias_of_the_head():
    answer = float(np.log(0.2 / 0.8))
    said = float(keras.ops.sigmoid(answer))
    why = f"The log-odds ln(0.2 / 0.8) = -1.386: the sigmoid makes {said:.2f} of it."
    predicted(quiz.bias_of_the_head, answer, why, tolerance=0.01)


def test_whether_the_scaler_mends_units():
    x, _ = watch.windows(64)
    scaler = layers.Normalization()
    scaler.adapt(x)
    metres = x * np.array([9.80665] * 3 + [1] * 3, "float32")
    answer = bool(np.allclose(scaler(metres), scaler(x), atol=0.1))
    why = (
        "Its mean and deviation are numbers from training, in g. It cannot know a unit."
    )
    predicted(quiz.scaler_mends_units, answer, why)

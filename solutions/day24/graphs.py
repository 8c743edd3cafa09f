"""Day 24. Graphs, XLA and float16: what is compiled, when, and in which numbers.

python -m katas.day24.graphs     measures your train_step eagerly, as graph, by XLA
"""

import time

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from katas.detector.recordings import watch


def trace_count(function, calls):
    """Return how often Python runs the function when tf.function is called so.

    Args
        function  of the arguments in a call; has no variables
        calls     list of tuples of arguments, one tuple a call

    Hint: what is no operation of TensorFlow, such as count += 1, happens in tracing only.
    Source: TensorFlow guide "Better performance with tf.function", "Tracing".
    """
    count = 0

    def counted(*arguments):
        nonlocal count
        count += 1
        return function(*arguments)

    graph = tf.function(counted)
    for arguments in calls:
        graph(*arguments)
    return count


def traced_once(function):
    """Return the function as a graph that one trace serves for all its calls.

    Shapes
        function  (x, rate) -> tensor
        x         [batch, time, 6]  float32, batch and time differ from call to call
        rate      []                a Python number, another one at each call

    Hint: tf.TensorSpec(shape, dtype), with None for a size that may differ.
    Source: TensorFlow guide "Better performance with tf.function", "Controlling retracing".
    """
    x = tf.TensorSpec([None, None, 6], tf.float32)
    rate = tf.TensorSpec([], tf.float32)
    return tf.function(function, input_signature=[x, rate])


def train_step(model, optimizer, loss, mode="graph"):
    """Return a function step(x, y) that trains on a batch and gives its loss.

    Args
        optimizer  built
        loss       function (y, prediction) -> []
        mode       "eager": Python runs each operation; "graph": traced once;
                   "xla": traced once and compiled as a whole

    Hint: the step is that of day 07; tf.function takes jit_compile.
    Source: TensorFlow tutorial "Use XLA with tf.function".
    """

    def step(x, y):
        with tf.GradientTape() as tape:
            value = loss(y, model(x, training=True))
        gradients = tape.gradient(value, model.trainable_variables)
        optimizer.apply(gradients, model.trainable_variables)
        return value

    return step if mode == "eager" else tf.function(step, jit_compile=mode == "xla")


def scaled_gradients(loss, variables, scale):
    """Return the gradients of a float16 loss in float32, kept from becoming zero.

    Shapes
        loss       function () -> []  computed in float16 inside
        variables  list, of TensorFlow's or of Keras' own; float32 or float16
        scale      Python number: the loss is this much larger while it flows back
        returns    list of float32, as variables: the gradients of the loss itself,
                   not finite where the scale was too large

    Hint: a small number must be float32 before it is small.
    Source: Micikevicius et al. 2018, arXiv:1710.03740, section 3.2.
    """
    with tf.GradientTape() as tape:
        value = loss() * scale
    gradients = tape.gradient(value, variables)
    return [tf.cast(gradient, tf.float32) / scale for gradient in gradients]


def next_scale(scale, good, finite, growth=2000):
    """Return (scale, good) for the next step, given how this one went.

    Args
        scale   that this step used
        good    finite steps in a row since the scale last changed, before this one
        finite  whether all gradients of this step were finite
        growth  after so many good steps in a row the scale is doubled

    Hint: an overflow halves the scale at once.
    Source: Keras 3.15, keras/src/optimizers/loss_scale_optimizer.py.
    """
    if not finite:
        return scale / 2, 0
    return (scale * 2, 0) if good + 1 == growth else (scale, good + 1)


def network(dtype="float32"):  # given
    """Return a small convolutional network, the same each time, and its optimizer."""
    keras.utils.set_random_seed(24)
    inside = [
        layers.Conv1D(24, 9, activation="relu", dtype=dtype),
        layers.Conv1D(24, 9, activation="relu", dtype=dtype),
        layers.GlobalAveragePooling1D(dtype=dtype),
        layers.Dense(7, dtype=dtype),
    ]
    model = keras.Sequential([keras.Input((128, 6)), *inside])
    optimizer = keras.optimizers.Adam(0.003)
    optimizer.build(model.trainable_variables)
    return model, optimizer


def speeds(x, y, steps=30):  # given
    """Return {mode: (first, median)}: seconds of the first step, and of those after."""
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    found = {}
    for mode in ("eager", "graph", "xla"):
        step, took = train_step(*network(), loss, mode), []
        for _ in range(1 + steps):
            start = time.perf_counter()
            float(step(x, y))  # waits for the result
            took.append(time.perf_counter() - start)
        found[mode] = took[0], float(np.median(took[1:]))
    return found


def main():  # given
    """Print what a step costs in each mode."""
    x, y = watch.windows(count=32, seed=24)
    for mode, (first, median) in speeds(x, y).items():
        print(f"{mode:6s} first {first:6.2f} s   then {1000 * median:6.2f} ms a step")


if __name__ == "__main__":
    main()

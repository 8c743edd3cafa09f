"""The contract that every Keras layer keeps: one function for each clause.

A layer day runs them all on the learner's layer:

    def test_the_layer_keeps_the_contract_of_keras():
        contract.check(lambda: SqueezeExcite(ratio=4), windows)

Each clause takes `make`, which builds a new layer, and `x`, a float32 input
[batch, time, channels]. Source: Keras 3 developer guides, "Making new layers and
models via subclassing" and "Save, serialize, and export models".
"""

import tempfile
from collections.abc import Callable, Container
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from katas.dojo.judge.check import close, dtype, equal, shape

Make = Callable[[], keras.layers.Layer]
Clause = Callable[[Make, Any], None]


def weights_are_made_in_build(make: Make, x: Any) -> None:
    layer = make()
    rule = "Weights are made once, in build. Are some made in __init__ or in call?"
    equal(len(layer.weights), 0, rule)
    layer(x)
    count = len(layer.weights)
    layer(x)
    equal(len(layer.weights), count, rule)


def shape_is_known_before_the_data(make: Make, x: Any) -> None:
    layer = make()
    rule = "compute_output_shape tells the shape that call returns. Do they agree?"
    shape(layer(x), layer.compute_output_shape(x.shape), rule)
    unknown = make().compute_output_shape((None, *x.shape[1:]))
    equal(unknown[0], None, "The batch size stays unknown (None) in the promise.")


def batch_and_time_may_be_unknown(make: Make, x: Any) -> None:
    layer = make()
    rule = "The graph must hold for any batch and time. Is a Python size read from x?"
    inputs = keras.Input((None, x.shape[-1]))
    model = keras.Model(inputs, layer(inputs))
    close(
        model(x, training=False), layer(x, training=False), rule, rtol=1e-4, atol=1e-5
    )
    close(model(x[:1], training=False), layer(x[:1], training=False), rule, 1e-4, 1e-5)


def graph_equals_eager(make: Make, x: Any) -> None:
    layer = make()
    eager = layer(x, training=False)
    rule = "tf.function and eager give the same. Does Python code look at values?"
    graph = tf.function(lambda v: layer(v, training=False))(x)
    close(graph, eager, rule, rtol=1e-4, atol=1e-5)


def training_runs_in_a_graph_of_any_size(make: Make, x: Any) -> None:
    layer = make()
    layer(x)
    step = tf.function(
        lambda v: layer(v, training=True),
        [tf.TensorSpec((None, None, x.shape[-1]))],
        autograph=False,
    )
    rule = "fit compiles the step for any batch and time. Is a size read from x.shape?"
    shape(step(x), layer.compute_output_shape(x.shape), rule)


def inference_is_repeatable(make: Make, x: Any) -> None:
    layer = make()
    once = np.asarray(layer(x, training=False))
    rule = "With training=False nothing is drawn and nothing moves. Is the flag used?"
    close(layer(x, training=False), once, rule)


def config_rebuilds_the_layer(make: Make, x: Any) -> None:
    layer = make()
    y = layer(x, training=False)
    rule = "get_config holds every argument of __init__. Is one missing?"
    twin = type(layer).from_config(layer.get_config())
    twin(x)
    shape(twin(x, training=False), y.shape, rule)
    equal(len(twin.weights), len(layer.weights), rule)
    twin.set_weights(layer.get_weights())
    close(twin(x, training=False), y, rule, rtol=1e-4, atol=1e-5)


def saved_and_loaded_it_gives_the_same(make: Make, x: Any) -> None:
    inputs = keras.Input(x.shape[1:])
    model = keras.Model(inputs, make()(inputs))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "layer.keras"
        model.save(file)
        loaded: Any = keras.saving.load_model(file)
    rule = "A saved model loads to the same output. Are all weights the layer's own?"
    close(loaded(x, training=False), model(x, training=False), rule, 1e-4, 1e-5)


def every_trainable_weight_has_a_gradient(make: Make, x: Any) -> None:
    layer = make()
    layer(x)
    with tf.GradientTape() as tape:
        y = layer(x, training=True)
        loss: Any = keras.ops.mean(keras.ops.square(y - 1.0))
    variables = [v.value for v in layer.trainable_weights]
    missing = [
        v.path
        for v, g in zip(
            layer.trainable_weights, tape.gradient(loss, variables), strict=True
        )
        if g is None
    ]
    equal(missing, [], "The loss depends on every weight. Did NumPy cut the tape?")


def half_precision_computes_in_float16(make: Make, x: Any) -> None:
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_float16")
    try:
        layer = make()
        y = layer(x)
    finally:
        keras.config.set_dtype_policy(policy)
    rule = "Under mixed precision a layer computes in float16. Is a dtype written out?"
    dtype(y, "float16", rule)
    for weight in layer.trainable_weights:
        dtype(weight, "float32", "Weights stay float32 under mixed precision.")


CLAUSES: list[Clause] = [
    weights_are_made_in_build,
    shape_is_known_before_the_data,
    batch_and_time_may_be_unknown,
    graph_equals_eager,
    training_runs_in_a_graph_of_any_size,
    inference_is_repeatable,
    config_rebuilds_the_layer,
    saved_and_loaded_it_gives_the_same,
    every_trainable_weight_has_a_gradient,
    half_precision_computes_in_float16,
]


def check(make: Make, x: Any, without: Container[Clause] = ()) -> None:
    """Run every clause, in order, except those in `without`."""
    __tracebackhide__ = True
    for clause in CLAUSES:
        if clause not in without:
            clause(make, x)

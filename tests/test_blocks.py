"""The blocks of days 13 to 19: together in one network, alone against Keras.

Each block in turn is replaced by stock layers with the same weights, and the outputs must
agree. Where a day's own tests compare a block with Keras, the deep part runs those on 200
random configurations; the other blocks are compared here.
"""

import importlib
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from katas.dojo.course import index, targets
from katas.dojo.judge import check
from katas.dojo.judge.strategies import noise, seeds
from katas.dojo.runner import tensorflow_import
from katas.dojo.store import streams
from tests.inner import run

NAMES = ["conv1d", "batch_norm", "spatial_dropout", "residual", "squeeze_excite"]
NAMES += ["attention", "dropout", "pooling"]
each_network = pytest.mark.parametrize("replaced", [None, *NAMES])
deep = settings(max_examples=200, derandomize=False, deadline=None, database=None)


@pytest.fixture(scope="module")
def stock():
    """The module of blocks, with the reference for the days' code."""
    tensorflow_import.import_tensorflow()
    targets.install("solutions")
    # Read anew: by its name, Keras may have loaded some misconception's layer meanwhile.
    sys.modules.pop("tests.stock_blocks", None)
    yield importlib.import_module("tests.stock_blocks")
    targets.remove()


def close(actual, expected, rtol=1e-4, atol=1e-5):
    np.testing.assert_allclose(np.asarray(actual), np.asarray(expected), rtol, atol)


def test_every_block_is_in_the_stack(stock):
    assert list(stock.BLOCKS) == NAMES


@each_network
def test_a_stack_with_a_stock_block_gives_the_same(stock, replaced):
    x, _ = stock.windows()
    y = stock.network()(x, training=False)
    assert y.shape == (len(x), stock.CLASSES)
    assert float(np.std(y)) > 0.1
    close(stock.network(replaced)(x, training=False), y)


@each_network
def test_two_steps_move_every_block_to_the_same_place(stock, replaced):
    """Dropout masks are the same for the same seed, so every step is the same."""
    x, _ = stock.windows()
    model, loss = stock.trained(replaced)
    assert int(model.optimizer.iterations) == 2
    for layer in model.layers[1:]:  # the first is the input
        before = stock.network(replaced).get_layer(layer.name).get_weights()
        pairs = zip(before, layer.get_weights(), strict=True)
        assert not before or any(np.any(was != now) for was, now in pairs), layer.name
    expected, expected_loss = stock.trained()
    close(loss, expected_loss)
    close(model(x, training=False), expected(x, training=False), 1e-3, 1e-3)


@each_network
def test_a_stack_loads_to_what_was_saved(stock, replaced, tmp_path):
    import keras

    x, _ = stock.windows()
    model, _ = stock.trained(replaced)
    model.save(tmp_path / "stack.keras")
    loaded = keras.saving.load_model(tmp_path / "stack.keras")
    close(loaded(x, training=False), model(x, training=False))


@each_network
def test_a_stack_gives_the_same_on_litert(stock, replaced, tmp_path):
    import tensorflow as tf
    from ai_edge_litert.interpreter import Interpreter

    x, _ = stock.windows()
    model, _ = stock.trained(replaced)
    with streams.silent_stderr():
        model.export(tmp_path, "tf_saved_model", verbose=False)
        content = tf.lite.TFLiteConverter.from_saved_model(str(tmp_path)).convert()
    device = Interpreter(model_content=content)
    place = device.get_input_details()[0]["index"]
    device.resize_tensor_input(place, x.shape)
    device.allocate_tensors()
    device.set_tensor(place, x)
    device.invoke()
    output = device.get_tensor(device.get_output_details()[0]["index"])
    close(output, model(x, training=False))


@pytest.mark.parametrize("name", NAMES)
def test_every_gradient_of_a_block_agrees_with_finite_differences(stock, name):
    """In float64, by the input and by each trainable weight, as in training."""
    import keras
    import tensorflow as tf

    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("float64")
    try:
        layer = stock.BLOCKS[name].ours()
        layer.build((None, None, 3))
    finally:
        keras.config.set_dtype_policy(policy)
    stock.randomize(layer)
    rng = np.random.default_rng(0)
    x = rng.normal(size=(2, 5, 3))
    seeded = getattr(layer, "seed_generator", None)
    start = seeded.state.numpy() if seeded else None
    scale = rng.normal(size=layer(x).shape)  # else the sum of a norm's output is 0

    def output(x):
        if seeded:
            seeded.state.assign(start)  # the same mask each time
        return layer(x, training=True) * scale

    values = [weight.value for weight in layer.trainable_weights]
    with tf.GradientTape() as tape:
        tape.watch(v := tf.constant(x))
        y = output(v)
    gradients = tape.gradient(y, [v, *values], unconnected_gradients="zero")
    close(gradients[0], check.differences(output, x), 1e-5, 1e-7)
    for weight, gradient in zip(layer.trainable_weights, gradients[1:], strict=True):
        kept = weight.numpy()

        def moved(value, weight=weight):
            weight.assign(value)
            return output(x)

        expected = check.differences(moved, kept)
        weight.assign(kept)
        close(gradient, expected, 1e-5, 1e-7)


REFEREES = {
    13: "test_the_layer_agrees_with_that_of_keras",
    14: "test_conv2d_agrees_with_that_of_keras or test_pooling_agrees_with_that_of_keras",
    15: "test_any_layer_agrees_with_that_of_keras",
    19: "test_the_heads_agree_with_those_of_keras"
    " or test_pooling_agrees_with_the_attention_of_keras",
}


@pytest.mark.deep
@pytest.mark.parametrize("number", REFEREES, ids="day{}".format)
def test_a_day_compares_its_block_with_keras_on_200_random_cases(number):
    results = run(index.day(number), "solutions", "--deep", "-k", REFEREES[number])
    assert not results.failed, results.failed
    assert len(results.passed) == REFEREES[number].count("test_")


FEW = st.integers(1, 4)


@pytest.mark.deep
@given(
    x=noise((1, 3), (1, 9), (1, 5)),
    filters=st.integers(1, 5),
    width=st.integers(1, 6),
    stride=FEW,
    training=st.booleans(),
    seed=seeds(),
)
@deep
def test_a_residual_block_agrees_with_stock_layers(
    stock, x, filters, width, stride, training, seed
):
    ours = stock.ResidualBlock(filters, width, stride)
    ours.build((None, None, x.shape[2]))
    theirs = stock.residual(x.shape[2], filters, width, stride)
    stock.copy_by_name(stock.randomize(ours, seed), theirs)
    expected = theirs(x, training=training)
    close(ours(x, training=training), expected, 1e-3, 1e-3)


@pytest.mark.deep
@given(
    x=noise((1, 3), (1, 9), (1, 9)), ratio=st.integers(1, 5), seed=seeds(),
    masked=st.booleans(),
)  # fmt: skip
@deep
def test_squeeze_and_excitation_agrees_with_stock_layers(stock, x, ratio, seed, masked):
    ours = stock.SqueezeExcite(ratio)
    ours.build((None, None, x.shape[2]))
    theirs = stock.squeeze_excite(x.shape[2], ratio)
    stock.copy_by_name(stock.randomize(ours, seed), theirs)
    if not masked:
        close(ours(x), theirs(x))
        return
    mask = np.random.default_rng(seed).random(x.shape[:2]) < 0.6
    mask[:, 0] = True  # Keras' mean over no step is 0 / 0
    y, expected = (np.asarray(layer(x, mask=mask)) for layer in (ours, theirs))
    close(y[mask], expected[mask])  # Keras' product takes a masked factor for 1


@pytest.mark.deep
@given(
    x=noise((1, 3), (1, 9), (1, 9)), rate=st.sampled_from([0, 0.1, 0.25, 0.5, 0.9]),
    spatial=st.booleans(), seed=seeds(), training=st.booleans(),
)  # fmt: skip
@deep
def test_dropout_agrees_with_keras_for_the_same_seed(
    stock, x, rate, spatial, seed, training
):
    ours, theirs = (
        (stock.SpatialDropout, stock.layers.SpatialDropout1D)
        if spatial
        else (stock.Dropout, stock.layers.Dropout)
    )
    expected = theirs(rate, seed=seed)(x, training=training)
    close(ours(rate, seed=seed)(x, training=training), expected)

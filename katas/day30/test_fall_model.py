"""Day 30. What a detector made of your own blocks must keep, one sentence per test."""

from collections import Counter
from dataclasses import replace
from functools import cache

import keras
import numpy as np
import pytest
import tensorflow as tf
from ai_edge_litert.interpreter import Interpreter
from hypothesis import given, settings
from hypothesis import strategies as st
from keras import layers

from katas.day30 import fall_model
from katas.day30.fall_model import (
    Design,
    branch,
    fall_net,
    head,
    signals,
    stage,
)
from katas.detector import simulator
from katas.dojo.judge.check import at_most, between, close, differences, equal, shape

MEAN = np.array([0.1, -0.8, 0.3, 0.02, -0.05, 0.4], "float32")
DEVIATION = np.array([0.4, 0.7, 0.5, 1.2, 0.9, 2.1], "float32")
PLAIN = np.zeros(6, "float32"), np.ones(6, "float32")
OWN = "Conv1D BatchNorm SpatialDropout ResidualBlock SqueezeExcite AttentionPooling"
STATISTICS = ("gamma", "beta", "moving_mean", "moving_variance")
# A network takes half a second to build: four while learning, every one when deep.
tried = settings(max_examples=4) if settings.default.max_examples < 100 else settings()
SMALL = Design(kernels=(3, 5), filters=4, stages=((6, 3, 2), (8, 3, 1)), ratio=2)


def raw(count=3, seed=29):
    """Windows in g and rad/s: a tilted watch that moves."""
    rest = [0.3, -0.6, 0.7, 0, 0, 0]
    x = np.random.default_rng(seed).normal(rest, 1, (count, 128, 6))
    return x.astype("float32")


@cache
def net(design=SMALL):
    """One model for each design, every weight drawn: zeros and ones would hide a fault."""
    keras.utils.set_random_seed(29)
    model = fall_net((MEAN, DEVIATION), design)
    draw = np.random.default_rng(29).normal
    for weight in model.trainable_weights:
        weight.assign(weight + draw(0, 0.2, weight.shape))
    for weight in model.non_trainable_weights:  # the norms' moving numbers
        weight.assign(np.random.default_rng(29).uniform(0.5, 1.5, weight.shape))
    return model


def piece(part, time=11, channels=5):
    """A model of one part of the network: from features to what the part returns."""
    keras.utils.set_random_seed(29)
    inputs = keras.Input((time, channels))
    return keras.Model(inputs, part(inputs))


def parts(design):
    """How many layers of each kind the network has."""
    return Counter(type(layer).__name__ for layer in net(design).layers)


def derived_by_hand(x):
    """Referee: the three channels that stay when the watch sits askew."""
    x = x.astype("float64")
    size = np.sqrt((x[..., :3] ** 2).sum(-1)), np.sqrt((x[..., 3:] ** 2).sum(-1))
    jerk = np.zeros(size[0].shape)
    for k in range(1, x.shape[1]):
        jerk[:, k] = np.sqrt(((x[:, k, :3] - x[:, k - 1, :3]) ** 2).sum(-1))
    return np.stack([size[0] - 1, size[1] / 2, jerk * 2], axis=-1).astype("float32")


def by_stock_layers(model, design, x):
    """Referee: the network out of stock Keras layers, with the weights of yours."""
    yours = {}
    for layer in model.layers:
        yours.setdefault(type(layer).__name__, []).append(layer)

    def take(kind):
        return yours[kind].pop(0)

    def run(layer, h, weights):
        layer.build(h.shape)
        layer.set_weights(weights)
        return layer(h)

    def conv(h, part, stride):
        weights = part.get_weights()[:1]
        width, _, filters = weights[0].shape
        how = {"padding": "same", "use_bias": False}
        return run(layers.Conv1D(filters, width, strides=stride, **how), h, weights)

    def norm(h, part):
        weights = [np.asarray(getattr(part, name)) for name in STATISTICS]
        return run(layers.BatchNormalization(), h, weights)

    def relu(h):
        return layers.ReLU()(h)

    def twice(h, filters, width, stride):
        if design.block == "residual":
            part = take("ResidualBlock")
            y = relu(norm(conv(h, part.conv1, stride), part.norm1))
            y = norm(conv(y, part.conv2, 1), part.norm2)
            same = (h.shape[2], 1) == (filters, stride)
            return relu(layers.Add()([h if same else conv(h, part.project, stride), y]))
        for step in (stride, 1):
            if design.block == "plain":
                h = conv(h, take("Conv1D"), step)
            else:
                how = {"strides": step, "padding": "same", "use_bias": False}
                thin = layers.SeparableConv1D(filters, width, **how)
                h = run(thin, h, take("SeparableConv1D").get_weights())
            h = relu(norm(h, take("BatchNorm")))
        return h

    def gated(h):
        part, summary = take("SqueezeExcite"), layers.GlobalAveragePooling1D()(h)
        hidden = max(1, h.shape[2] // design.ratio)
        hidden = run(layers.Dense(hidden, "relu"), summary, part.narrow.get_weights())
        gate = layers.Dense(h.shape[2], "sigmoid")
        return h * run(gate, hidden, part.widen.get_weights())[:, None]

    h = (x - MEAN) / DEVIATION
    if design.derived:
        h = np.concatenate([h, derived_by_hand(x)], axis=-1)
    found = [conv(h, take("Conv1D"), design.stride) for _ in design.kernels]
    found = [relu(norm(y, take("BatchNorm"))) for y in found]
    h = keras.ops.concatenate(found, axis=-1)
    for line in design.stages:
        h = twice(h, *line)
        h = h if design.ratio is None else gated(h)
    if design.attention:
        query = take("AttentionPooling").get_weights()[0] / np.sqrt(h.shape[2])
        h = layers.Attention()([np.tile(query, (len(x), 1, 1)), h])[:, 0]
    else:
        h = layers.GlobalAveragePooling1D()(h)
    return np.asarray(run(layers.Dense(1, "sigmoid"), h, take("Dense").get_weights()))


DESIGNS = st.builds(
    Design,
    derived=st.booleans(),
    kernels=st.lists(st.integers(1, 9), min_size=1, max_size=3).map(tuple),
    filters=st.integers(1, 5),
    stride=st.integers(1, 3),
    stages=st.lists(
        st.tuples(st.integers(1, 8), st.integers(1, 5), st.integers(1, 3)), max_size=2
    ).map(tuple),
    block=st.sampled_from(["residual", "plain", "depthwise"]),
    ratio=st.none() | st.integers(1, 4),
    attention=st.booleans(),
)


def features(count=8, time=11, channels=5):
    x = np.random.default_rng(5).normal(1, 2, (count, time, channels))
    return x.astype("float32")


def test_the_six_channels_are_scaled_by_what_day_27_fitted():
    inputs = keras.Input((128, 6))
    model = keras.Model(inputs, signals(inputs, (MEAN, DEVIATION), derived=False))
    rule = "(x - mean) / deviation. What is Normalization's variance, and of what?"
    close(model(raw()), (raw() - MEAN) / DEVIATION, rule, 1e-4, 1e-5)


def test_derived_channels_stand_beside_and_are_read_from_raw():
    inputs, wanted = keras.Input((128, 6)), derived_by_hand(raw())
    model = keras.Model(inputs, signals(inputs, (MEAN, DEVIATION)))
    shape(model(raw()), (3, 128, 9), "Six channels and three beside them: 9.")
    rule = "The last three are Derived's, of x in g and rad/s. Which x, in which place?"
    close(model(raw())[..., 6:], wanted, rule, 1e-4, 1e-4)


def test_a_branch_takes_one_step_for_each_stride():
    x = features()
    rule = (
        "11 steps by stride 2 give 6, whatever the kernel. Padding? Stride handed on?"
    )
    for width in (3, 7):
        shape(piece(lambda x, k=width: branch(x, 4, k, 2))(x), (8, 6, 4), rule)


def test_a_branch_has_its_kernel_and_four_numbers_a_filter():
    rule = (
        "7 · 5 · 4 taps; gamma, beta and two moving numbers a filter. Is a bias left?"
    )
    equal(piece(lambda x: branch(x, 4, 7, 2)).count_params(), 7 * 5 * 4 + 4 * 4, rule)


def test_in_training_half_of_a_branch_is_cut_off_at_0():
    y = np.asarray(piece(lambda x: branch(x, 6, 3, 1))(features(), training=True))
    rule = "relu comes last: it cuts what the norm has centred. What is your order?"
    between(y, 0, np.inf, rule)
    between(np.mean(y == 0), 0.2, 0.8, rule)


def test_a_stage_gives_its_filters_at_its_stride():
    rule = "11 steps by stride 2 give 6, of 7 filters. Which numbers reach the block?"
    for block in ("residual", "plain", "depthwise"):
        part = piece(lambda x, kind=block: stage(x, 7, 3, 2, kind, 2))
        shape(part(features()), (8, 6, 7), rule)


def test_a_stage_ends_with_gates_of_the_asked_ratio():
    gate = piece(lambda x: stage(x, 8, 3, 2, ratio=2)).layers[-1]
    rule = "What the convolutions found is gated, channel by channel. What comes last?"
    equal(type(gate).__name__, "SqueezeExcite", rule)
    equal(gate.ratio, 2, "The bottleneck is the design's. Is ratio handed on?")


def test_the_head_weighs_channels_not_steps():
    rule = (
        "5 channels: 5 weights and a bias, and a query of 5. What does pooling leave?"
    )
    equal(piece(lambda x: head(x, attention=False)).count_params(), 6, rule)
    equal(piece(lambda x: head(x, attention=True)).count_params(), 11, rule)


def test_features_of_nothing_give_the_share_of_falls():
    for rate in (0.2, 0.078):
        part = piece(lambda x, share=rate: head(x, rate=share))
        y = part(np.zeros((2, 11, 5), "float32"))
        rule = "What the sigmoid makes of the bias is the rate. What does it read?"
        close(y, np.full((2, 1), rate, "float32"), rule)


def test_the_head_drops_what_it_pooled():
    part = piece(lambda x: head(x, attention=False), channels=1)
    part.set_weights([np.ones((1, 1)), np.zeros(1)])
    y = np.asarray(part(np.ones((64, 11, 1), "float32"), training=True))
    kept = 1 / (1 + np.exp(-2))  # half are dropped, so the rest is doubled
    rule = (
        "A pooled feature is kept whole or dropped whole. What is dropped out of here?"
    )
    at_most(np.minimum(np.abs(y - 0.5), np.abs(y - kept)).max(), 1e-4, rule)


def test_the_output_is_one_probability_a_window():
    y = net()(raw(4) * 8)
    shape(y, (4, 1), "One number a window, its axis kept.")
    between(y, 0, 1, "A probability lies in (0, 1). What squashes the last number?")


def test_branches_stand_side_by_side():
    model = net(Design(stages=(), filters=16, kernels=(3, 7, 15)))
    branches = sum(k * 9 * 16 + 4 * 16 for k in (3, 7, 15))
    rule = "Three branches of 16 give 48 channels, each with its kernel. How joined?"
    equal(model.count_params() - (48 + 49) - branches, 0, rule)


def test_each_branch_has_its_own_length():
    lengths = [w.shape[0] for w in net(Design()).weights if w.shape[1:] == (9, 16)]
    rule = "3, 7 and 15 taps see 0.06, 0.14 and 0.3 s. Which length has each branch?"
    equal(sorted(lengths), [3, 7, 15], rule)


def test_every_stage_follows_its_own_line_of_the_design():
    design = replace(SMALL, stages=((6, 3, 2), (8, 5, 1), (10, 3, 2)))
    gates = [g for g in net(design).layers if type(g).__name__ == "SqueezeExcite"]
    rule = "(filters, kernel_size, stride), in turn. Does each stage read its own?"
    equal([g.output.shape[1:] for g in gates], [(32, 6), (32, 8), (16, 10)], rule)


def test_channels_are_dropped_between_the_branches_and_the_stages():
    drops = [d for d in net().layers if type(d).__name__ == "SpatialDropout"]
    rule = "All 8 channels of the branches may drop, 64 steps each. Where is SpatialDropout?"
    equal({d.output.shape[1] for d in drops}, {64}, rule)
    equal(sum(d.output.shape[2] for d in drops), 8, rule)
    model = net(replace(SMALL, spatial=0.15, dropout=0.45))
    rule = "Channels fall by `spatial`, pooled features by `dropout`. Which share is whose?"
    for name, rate in {"SpatialDropout": 0.15, "Dropout": 0.45}.items():
        found = {d.rate for d in model.layers if type(d).__name__ == name}
        equal(found, {rate}, f"{rule} ({name})")


def test_a_new_network_starts_at_the_rate_of_its_design():
    model = fall_net(PLAIN, replace(SMALL, rate=0.03))
    (bias,) = (w for w in model.get_weights() if w.shape == (1,))
    rule = "Bias of the last unit: the log-odds of the design's rate. Is it handed on?"
    close(bias, np.log([0.03 / 0.97]).astype("float32"), rule)


def test_it_is_made_of_your_own_layers():
    own = [getattr(fall_model, name) for name in OWN.split()]
    used = {type(layer) for layer in net(SMALL).layers}
    missing = [kind.__name__ for kind in own if kind not in used]
    equal(missing, [], "Each of your days has its place. Which was left at home?")


def test_a_switch_changes_its_own_part_and_nothing_else():
    whole = parts(SMALL)
    rule = "ratio=None takes the two gates out, no more. What else went or stayed?"
    no_gates = {"SqueezeExcite": 2}
    equal(dict(whole - parts(replace(SMALL, ratio=None))), no_gates, rule)
    rule = "attention=False puts the mean in place of attention. What else moved?"
    mean = parts(replace(SMALL, attention=False))
    equal(dict(whole - mean), {"AttentionPooling": 1}, rule)
    equal(set(mean - whole) - {"GlobalAveragePooling1D"}, set(), rule)
    rule = "block='plain' has no shortcut, in either stage. Is the word handed on?"
    plain = dict(whole - parts(replace(SMALL, block="plain")))
    equal(plain, {"ResidualBlock": 2}, rule)
    rule = "derived=False leaves six channels. Is the switch handed on?"
    equal(parts(replace(SMALL, derived=False))["Derived"], 0, rule)


def test_the_scaler_is_shipped_inside():
    bare = replace(SMALL, derived=False)
    outside = fall_net(PLAIN, bare)
    outside.set_weights(net(bare).get_weights())
    rule = "Raw windows go in, and the model scales them itself. Is the scaler there?"
    scaled = (raw() - MEAN) / DEVIATION
    close(net(bare)(raw()), outside(scaled), rule, 1e-4, 1e-5)


def test_both_dropouts_work_in_training_and_rest_at_work():
    for spatial, dropout in [(0.6, 0.0), (0.0, 0.6)]:
        model = net(replace(SMALL, spatial=spatial, dropout=dropout))
        once, again = (np.asarray(model(raw(), training=True)) for _ in range(2))
        rule = "Each dropout has its own share. Which one never drops?"
        equal(bool(np.abs(once - again).max() > 1e-4), True, rule)
        rule = "A device that watches draws nothing. Is training=True written down?"
        close(model(raw()), np.asarray(model(raw())), rule)


def test_every_weight_has_a_gradient():
    """Stays: a path that is cut anywhere in the composition shows here."""
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.math.log(net()(raw(), training=True)))
    weights = net().trainable_weights
    slopes = tape.gradient(loss, [w.value for w in weights])
    cut = [w.path for w, g in zip(weights, slopes, strict=True) if g is None]
    equal(cut, [], "The loss depends on every weight. Where is the path cut?")


def test_the_gradient_agrees_with_finite_differences():
    """Stays: every weight and the windows, through the composition as a whole."""
    design = Design(kernels=(3,), filters=4, stages=((6, 3, 2),), spatial=0, dropout=0)
    policy = keras.config.dtype_policy()
    keras.config.set_floatx("float64")  # of the input
    keras.config.set_dtype_policy("float64")  # of the layers
    try:
        model = fall_net((MEAN, DEVIATION), design)
    finally:
        keras.config.set_floatx("float32")
        keras.config.set_dtype_policy(policy)
    draw = np.random.default_rng(29).normal
    starts = [w + draw(0, 0.2, w.shape) for w in model.trainable_weights]
    starts.append(tf.constant(raw().astype("float64")))
    ways = [draw(size=start.shape) for start in starts]

    def output(values):
        for weight, value in zip(model.trainable_weights, values, strict=False):
            weight.assign(value)
        return model(values[-1], training=True)

    def moved(steps):
        walks = zip(starts, steps, ways, strict=True)
        return output([start + step * way for start, step, way in walks])

    with tf.GradientTape() as tape:
        tape.watch(starts[-1])
        y = output(starts)
    values = [w.value for w in model.trainable_weights]
    slopes = tape.gradient(y, [*values, starts[-1]], unconnected_gradients="zero")
    found = [np.sum(g * way) for g, way in zip(slopes, ways, strict=True)]
    rule = "Each weight, last the windows, moved along a line. Which path is cut?"
    wanted = differences(moved, np.zeros(len(ways)))
    close(np.array(found), wanted, rule, 1e-4, 1e-7, kind="float64")


@pytest.mark.slow
@pytest.mark.seconds(400)
@given(design=DESIGNS)
@tried
def test_any_design_agrees_with_stock_layers_of_keras(design):
    """Stays: all switches at once, drawn; the other sentences take them one by one."""
    model = net.__wrapped__(design)  # not kept: there may be hundreds
    wanted = by_stock_layers(model, design, raw(2))
    rule = f"{design}: the same out of stock layers, with your weights. What differs?"
    close(model(raw(2)), wanted, rule, 1e-3, 1e-4)


def test_the_whole_detector_has_at_most_40000_parameters():
    """Stays: the budget holds for the design as a whole, whatever part outgrows it."""
    rule = "The budget is 40,000 numbers. Which part takes the most?"
    at_most(net(Design()).count_params(), 40_000, rule)


def test_saved_and_loaded_it_says_the_same(tmp_path):
    """Stays: what every part's get_config promises, asked of all of them at once."""
    net().save(tmp_path / "fall_net.keras")
    loaded = keras.saving.load_model(tmp_path / "fall_net.keras")
    rule = "A loaded model says what the saved one said. Which part forgot itself?"
    close(loaded(raw()), net()(raw()), rule, 1e-4, 1e-5)


@pytest.mark.slow
@pytest.mark.seconds(60)
def test_it_runs_on_litert_with_the_same_output(tmp_path):
    """Stays: an operation that LiteRT does not know may come in with any part."""
    x = np.stack([r.signal[:128] for r in simulator.recordings(people=1, falls=2)[:2]])
    net().export(tmp_path / "fall_net", verbose=False)
    converter = tf.lite.TFLiteConverter.from_saved_model(str(tmp_path / "fall_net"))
    device = Interpreter(model_content=converter.convert())
    place = device.get_input_details()[0]["index"]
    device.resize_tensor_input(place, x.shape)
    device.allocate_tensors()
    device.set_tensor(place, x)
    device.invoke()
    y = device.get_tensor(device.get_output_details()[0]["index"])
    rule = "The device says what Keras says. Which part does LiteRT compute otherwise?"
    close(y, net()(x), rule, 1e-4, 1e-5)

"""Day 29. What a detector made of your own blocks must keep, one sentence per test."""

from collections import Counter
from dataclasses import replace
from functools import cache

import keras
import numpy as np
import pytest
import tensorflow as tf
from ai_edge_litert.interpreter import Interpreter

from katas.day29 import fall_model
from katas.day29.fall_model import (
    Design,
    branch,
    fall_net,
    head,
    signals,
    stage,
)
from katas.dojo.check import at_most, between, close, equal, shape
from katas.dojo.data import simulator

MEAN = np.array([0.1, -0.8, 0.3, 0.02, -0.05, 0.4], "float32")
DEVIATION = np.array([0.4, 0.7, 0.5, 1.2, 0.9, 2.1], "float32")
PLAIN = np.zeros(6, "float32"), np.ones(6, "float32")
OWN = "Conv1D BatchNorm SpatialDropout ResidualBlock SqueezeExcite AttentionPooling"
SMALL = Design(kernels=(3, 5), filters=4, stages=((6, 3, 2), (8, 3, 1)), ratio=2)


def raw(count=3, seed=29):
    """Windows in g and rad/s: a tilted watch that moves."""
    rest = [0.3, -0.6, 0.7, 0, 0, 0]
    x = np.random.default_rng(seed).normal(rest, 1, (count, 128, 6))
    return x.astype("float32")


@cache
def net(design=SMALL):
    """One model for each design; its dense bias is not 0, its query not either."""
    keras.utils.set_random_seed(29)
    model = fall_net((MEAN, DEVIATION), design)
    draw = np.random.default_rng(29).normal
    for weight in model.trainable_weights:
        weight.assign(weight + draw(0, 0.2, weight.shape))
    return model


def piece(part, time=11, channels=5):
    """A model of one part of the network: from features to what the part returns."""
    keras.utils.set_random_seed(29)
    inputs = keras.Input((time, channels))
    return keras.Model(inputs, part(inputs))


def parts(design):
    """How many layers of each kind the network has."""
    return Counter(type(layer).__name__ for layer in net(design).layers)


def features(count=8, time=11, channels=5):
    x = np.random.default_rng(5).normal(1, 2, (count, time, channels))
    return x.astype("float32")


def test_the_six_channels_are_scaled_by_what_day_27_fitted():
    inputs = keras.Input((128, 6))
    model = keras.Model(inputs, signals(inputs, (MEAN, DEVIATION), derived=False))
    rule = "(x - mean) / deviation. What is Normalization's variance, and of what?"
    close(model(raw()), (raw() - MEAN) / DEVIATION, rule, 1e-4, 1e-5)


def test_derived_channels_stand_beside_and_are_read_from_raw():
    inputs, x = keras.Input((128, 6)), raw().astype("float64")
    model = keras.Model(inputs, signals(inputs, (MEAN, DEVIATION)))
    size = np.sqrt((x[..., :3] ** 2).sum(-1)), np.sqrt((x[..., 3:] ** 2).sum(-1))
    jerk = np.zeros(size[0].shape)
    for k in range(1, 128):
        jerk[:, k] = np.sqrt(((x[:, k, :3] - x[:, k - 1, :3]) ** 2).sum(-1))
    wanted = np.stack([size[0] - 1, size[1] / 2, jerk * 2], axis=-1).astype("float32")
    shape(model(raw()), (3, 128, 9), "Six channels and three beside them: 9.")
    rule = "A watch at rest reads |acceleration| 1 g. Which x does Derived get?"
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
    equal(dict(mean - whole), {"GlobalAveragePooling1D": 1}, rule)
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

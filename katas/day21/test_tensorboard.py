"""Day 21. What must hold of a run's log, its schedule and its diagnosis."""

import contextlib
import tempfile
from functools import cache
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from hypothesis import assume, example, given
from hypothesis import strategies as st
from keras import layers
from tensorboard.plugins.hparams import plugin_data_pb2

from katas.day21.tensorboard import (
    RunLog,
    WarmupCosine,
    diagnose,
    log_run,
    log_settings,
    schedule_for,
)
from katas.dojo.judge.check import at_most, between, close, dtype, equal, shape

SETTINGS = {"rate": 0.004, "batch": 8.0, "loss": "focal", "attention": True}
TABLE = np.array([[0.9, 0.1, 0.0], [0.3, 0.5, 0.2]])  # [height, width]
STEPS, EPOCHS = 4, 3  # of the small run: 30 windows in batches of 8
LOSSES = st.floats(0.1, 3.0)
BROKEN = st.sampled_from([np.nan, np.inf, 1.0])
# (training, validation) of each epoch: the two curves are equally long.
CURVES = st.lists(st.tuples(LOSSES | BROKEN, LOSSES), min_size=1, max_size=9)


def events(folder):
    """{tag: {step: what the event files of the folder hold}}."""
    found = {}
    for file in sorted(Path(folder).rglob("events*")):
        for record in tf.data.TFRecordDataset(str(file)):
            event = tf.compat.v1.Event.FromString(record.numpy())
            for value in event.summary.value:
                content = value.metadata.plugin_data.content
                is_plugin = value.tag.startswith("_hparams_")
                held = content if is_plugin else tf.make_ndarray(value.tensor)
                found.setdefault(value.tag, {})[event.step] = held
    return found


@contextlib.contextmanager
def writing():
    """(writer, folder) of event files that are gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        writer = tf.summary.create_file_writer(folder)
        try:
            yield writer, folder
        finally:
            writer.close()


def network():
    return keras.Sequential(
        [keras.Input((3,)), layers.Dense(5, "relu"), layers.Dense(1)]
    )


@cache
def logged(step=7):
    """(events, model): what one call of log_run left in a file that is still open."""
    model = network()
    with writing() as (writer, folder):
        log_run(writer, step, {"loss": 0.5, "f1": 0.75}, model, {"confusion": TABLE})
        return events(folder), model


@cache
def fitted():
    """(events, history, model) of a small run that RunLog has watched."""
    keras.utils.set_random_seed(21)
    x = np.random.default_rng(21).normal(size=(30, 3)).astype("float32")
    model = network()
    schedule = keras.optimizers.schedules.PolynomialDecay(0.1, STEPS * EPOCHS, 0.01)
    model.compile(keras.optimizers.SGD(schedule), "mse")
    with tempfile.TemporaryDirectory() as folder:
        log = RunLog(folder, SETTINGS, lambda model: {"confusion": TABLE})
        history = model.fit(x, x[:, :1], 8, EPOCHS, verbose=0, callbacks=[log]).history
        return events(folder), history, schedule


def rates(schedule, steps):
    return np.array([float(schedule(step)) for step in steps], "float32")


def both(training, validation):
    """The two curves as pairs, one an epoch."""
    return list(zip(training, validation, strict=True))


def word(training, validation, tolerance):
    """Referee: the table of the lesson, row by row."""
    finite = all(abs(v) < np.inf for v in training)  # NaN < inf is false
    before = validation[len(validation) - 1 - len(validation) // 4]
    rows = [
        ("diverges", not finite or training[-1] > training[0]),
        ("stuck", (training[0] - training[-1]) / training[0] < tolerance),
        ("overfits", validation[-1] / min(validation) - 1 > tolerance),
        ("unfinished", 1 - validation[-1] / before > tolerance),
    ]
    return next((name for name, true in rows if true), "done")


def test_the_settings_come_back_as_they_were():
    with writing() as (writer, folder):
        log_settings(writer, SETTINGS)
        writer.flush()
        held = events(folder).get("_hparams_/session_start_info", {})
    rule = "Settings belong to their run's file. Was a writer the default one?"
    equal(len(held), 1, rule)
    parsed = plugin_data_pb2.HParamsPluginData.FromString(next(iter(held.values())))
    said = {
        name: getattr(value, value.WhichOneof("kind"))
        for name, value in sorted(parsed.session_start_info.hparams.items())
    }
    rule = "Numbers stay numbers, so that TensorBoard can sort by them. Which are text?"
    equal(said, SETTINGS, rule)


def test_what_was_logged_is_in_the_file_at_once():
    rule = "A killed run leaves what reached its file. Where are the last events kept?"
    equal(len(logged()[0]) > 0, True, rule)


def test_each_scalar_is_there_under_its_name():
    found, _ = logged()
    for name, value in {"loss": 0.5, "f1": 0.75}.items():
        rule = f"Each of the logs is a curve. Is {name} written, and as a scalar?"
        equal(name in found, True, rule)
        close(next(iter(found[name].values())), np.float32(value), rule)


def test_each_event_carries_its_step():
    found, _ = logged()
    rule = "A curve needs its place on the axis. At which step is it written?"
    equal(
        {tag: list(held) for tag, held in found.items()},
        {tag: [7] for tag in found},
        rule,
    )


def test_each_weight_is_a_histogram_of_all_its_values():
    found, model = logged()
    for weight in model.trainable_variables:
        rule = (
            "Each trainable variable has a histogram, under its path. Which is missing?"
        )
        equal(weight.path in found, True, rule)
        held = next(iter(found[weight.path].values()))
        values = np.asarray(weight)
        rule = "A histogram counts every value of the variable. What was handed over?"
        shape(held, (30, 3), rule)
        close(held[:, 2].sum(), float(values.size), rule, kind=None)
        close([held[0, 0], held[-1, 1]][0], values.min(), rule, 1e-3, 1e-6, kind=None)


def test_a_table_comes_back_as_an_image():
    found, _ = logged()
    rule = (
        "A table is one image of height x width, with one channel. Which axis is which?"
    )
    equal("confusion" in found, True, rule)
    width, height, *images = next(iter(found["confusion"].values()))
    equal((int(height), int(width), len(images)), (2, 3, 1), rule)
    pixels = tf.io.decode_png(images[0])[..., 0].numpy() / 255
    rule = "0 is black and 1 is white. Are the values shares, and where they belong?"
    close(pixels, TABLE, rule, 0, 1 / 255, kind=None)


def test_an_epoch_is_logged_at_the_optimizers_step():
    found, _, _ = fitted()
    rule = "Runs with other batch sizes share an axis of steps. What counts them?"
    steps = [STEPS * (epoch + 1) for epoch in range(EPOCHS)]
    equal("loss" in found, True, "The logs of fit hold the loss. Is it handed on?")
    equal(sorted(found["loss"]), steps, rule)


def test_a_run_holds_the_losses_that_fit_reports():
    found, history, _ = fitted()
    rule = "The file and the history agree. Are the epoch's logs the ones written?"
    held = np.array([found["loss"][k] for k in sorted(found["loss"])])
    close(held, np.float32(history["loss"]), rule)


def test_a_run_holds_the_learning_rate_of_each_epoch():
    found, _, schedule = fitted()
    rule = "A rate that changes is part of the record. Which one was in force?"
    equal("learning_rate" in found, True, rule)
    steps = sorted(found["learning_rate"])
    held = np.array([found["learning_rate"][k] for k in steps])
    close(held, rates(schedule, steps), rule, 1e-4)


def test_a_run_holds_its_tables():
    found, _, _ = fitted()
    rule = "The callback asks `tables` what there is to see. Is its answer handed on?"
    equal(len(found.get("confusion", {})), EPOCHS, rule)


def test_a_second_fit_goes_on_where_the_curve_ended():
    model, x = network(), np.ones((30, 3), "float32")
    model.compile(keras.optimizers.SGD(0.1), "mse")  # a rate, no schedule
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(2):
            log = RunLog(folder, SETTINGS)
            model.fit(x, x[:, :1], 8, 1, verbose=0, callbacks=[log])
        found = events(folder)["learning_rate"]
    rule = (
        "Two fits of an epoch are 8 steps. Who counts them, the run or the optimizer?"
    )
    equal(sorted(found), [STEPS, 2 * STEPS], rule)
    rule = "A constant rate is written like any other. Where is it read?"
    close(np.array([*found.values()]).ravel(), np.float32([0.1, 0.1]), rule, kind=None)


@given(
    warmup=st.integers(0, 20),
    rest=st.integers(1, 50),
    peak=st.sampled_from([0.001, 0.02, 1.0]),
    share=st.sampled_from([0.0, 0.1, 0.5]),
)
def test_the_schedule_agrees_with_that_of_keras(warmup, rest, peak, share):
    steps = np.unique([0, 1, warmup, warmup + 1, warmup + rest // 2, warmup + rest + 9])
    referee = keras.optimizers.schedules.CosineDecay(
        0.0 if warmup else peak,
        rest,
        share,
        "referee",
        peak if warmup else None,
        warmup,
    )
    rule = "Rise to the peak, then half a cosine to the floor. From which step is each?"
    schedule = WarmupCosine(peak, warmup + rest, warmup, share * peak)
    close(rates(schedule, steps), rates(referee, steps), rule, 1e-4, 1e-6 * peak)


def test_the_schedule_has_the_right_ends():
    schedule = WarmupCosine(0.02, 100, 10, 0.001)
    rule = "0 at step 0, the peak at `warmup`, the floor at `steps`. Which is missed?"
    close(rates(schedule, [0, 10, 100]), np.float32([0, 0.02, 0.001]), rule, 1e-4, 1e-7)
    rule = "A rate meets float32 weights, whatever counts the steps. Which dtype is it?"
    dtype(schedule(tf.constant(5, tf.int64)), "float32", rule)
    rule = (
        "After the last step the floor stays. What does a cosine do after half a turn?"
    )
    close(rates(schedule, [130, 190]), np.float32([0.001, 0.001]), rule, 1e-4, 1e-7)


@given(warmup=st.integers(4, 30), rest=st.integers(8, 60))
def test_the_schedule_never_jumps(warmup, rest):
    schedule = WarmupCosine(1.0, warmup + rest, warmup)
    at = warmup + np.arange(-2, 4)
    rule = "Neighbouring steps have neighbouring rates. Where do rise and fall meet?"
    # The steepest slopes: 1 / warmup while it rises, pi / 2 / rest while it falls.
    steepest = max(1 / warmup, np.pi / 2 / rest)
    at_most(np.abs(np.diff(rates(schedule, at))), steepest * 1.01, rule)


def test_the_schedule_serves_an_optimizer_inside_fit():
    model = keras.Sequential([keras.Input((1,)), layers.Dense(1, use_bias=False)])
    model.set_weights([np.zeros((1, 1))])
    schedule = WarmupCosine(0.5, 8, 2, 0.1)
    model.compile(keras.optimizers.SGD(schedule), lambda y, said: -said)
    ones = np.ones((4, 1), "float32")
    model.fit(ones, ones, 1, 1, verbose=0)
    # The gradient is -1 each step, so the weight is the sum of the rates.
    wanted = 0 + 0.25 + 0.5 + (0.1 + 0.4 * (1 + np.cos(np.pi / 6)) / 2)
    rule = "In a graph the step has no value yet. Does Python look at it?"
    close(np.asarray(model.weights[0]), np.float32([[wanted]]), rule, 1e-4)


def test_the_schedule_is_saved_with_its_optimizer():
    """Stays: config is given, but whoever adds an argument must add it there."""
    adam = keras.optimizers.Adam(WarmupCosine(0.02, 100, 10, 0.001))
    twin = keras.optimizers.deserialize(keras.optimizers.serialize(adam))
    for step in (3, 40, 100):
        for one in (adam, twin):
            one.iterations.assign(step)
        rule = "A loaded optimizer goes on with the same rate. Is an argument lost?"
        close(float(twin.learning_rate), float(adam.learning_rate), rule)


@given(
    windows=st.integers(1, 500),
    batch=st.integers(1, 64),
    epochs=st.integers(1, 30),
    warmup=st.sampled_from([0.0, 0.1, 0.25]),
)
@example(1000, 64, 10, 0.1)
def test_a_schedule_lasts_as_long_as_the_training(windows, batch, epochs, warmup):
    counted = sum(1 for _ in range(epochs) for _ in range(0, windows, batch))
    assume(counted > round(warmup * counted))
    schedule = schedule_for(windows, batch, epochs, 0.02, warmup)
    rule = "The optimizer counts a step for each batch. How many are there in all?"
    equal(schedule.steps, counted, rule)
    rule = "The warm-up is a share of all steps. A share of what is yours?"
    between(schedule.warmup, warmup * counted - 0.5, warmup * counted + 0.5, rule)
    close(float(schedule.peak), 0.02, "The peak is handed on.")
    close(
        float(schedule.floor), 0.0, "It falls to 0: nobody asked for a floor. Who did?"
    )


@given(curves=CURVES)
@example(both([2.0, np.nan, 1.0], [2.0, 1.5, 1.0]))
@example(both([2.0, 1.0, 3.0], [2.0, 1.0, 0.5]))
@example(both([2.0, 1.9, 1.95], [2.0, 1.0, 3.0]))
@example(both([2.0, 1.0, 1.99], [2.0, 1.0, 0.5]))
@example(both([3.0, 2.0, 1.0], [3.0, 2.0, 1.0]))
@example(both([2.0, 1.0, 0.5, 0.1], [2.0, 1.0, 1.2, 1.4]))
@example(both([2.0, 1.0, 0.5, 0.1], [2.0, 1.0, 1.0, 0.7]))
@example(both([2.0, 1.0, 0.5, 0.1, 0.1], [2.0, 1.0, 0.72, 0.7, 0.7]))
@example(both([2.0, 1.0], [2.0, 1.0]))
@example(both([1.0], [1.0]))
@example(
    both([2.0, 1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4], [2, 1, 1, 1, 1, 0.7, 0.69, 0.69])
)
def test_a_diagnosis_follows_the_table(curves):
    training, validation = map(list, zip(*curves, strict=True))
    rule = "The first row of the table that is true is the word. Which row differs?"
    equal(
        diagnose(training, validation, 0.051), word(training, validation, 0.051), rule
    )


def test_a_change_as_large_as_the_tolerance_is_not_yet_larger():
    # Halves are exact, so that a tie is a tie however it is computed.
    for training, validation in [
        ([2.0, 1.0], [1.0, 1.0]),
        ([4.0, 1.0], [1.0, 1.5]),
        ([4.0, 2.0, 1.0, 1.0], [1.0, 1.0, 1.0, 0.5]),
    ]:
        rule = "`less than` and `above` leave the tie out. Which row takes it in?"
        equal(diagnose(training, validation, 0.5), "done", rule)


def test_a_diagnosis_does_not_depend_on_the_unit():
    training = np.array([2.0, 1.0, 0.5, 0.2])
    validation = np.array([2.0, 1.0, 0.93, 0.91])
    rule = "A loss in bits or in nats tells the same. Is a difference taken as it is?"
    for unit in (1.0, 0.001, 1000.0):
        equal(diagnose(training * unit, validation * unit), "done", rule)

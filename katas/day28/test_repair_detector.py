"""Day 28. What the production script must do, told by symptom."""

import json
import tempfile
from functools import cache
from pathlib import Path
from unittest.mock import create_autospec, patch

import keras
import numpy as np
import pytest
import tensorflow as tf
from ai_edge_litert.interpreter import Interpreter
from sklearn import metrics as referee

from katas.day28 import repair_detector as script
from katas.detector import simulator
from katas.detector.recordings import Recording
from katas.dojo.judge.check import (
    at_least,
    at_most,
    between,
    close,
    equal,
    raises,
    shape,
)
from katas.dojo.judge.spies import captured_log, record_calls

CHANNELS = 6


@cache
def model():
    keras.utils.set_random_seed(28)
    return script.build_model()


def fall(seconds=20.0, impact=10.0, span=None):
    signal = np.ones((int(seconds * 50), CHANNELS), "float32")
    span = span or (impact - 0.8, impact + 1.0)
    return Recording("F", "P", "fall", 50.0, signal, span, impact)


def daily_life(seconds=20.0):
    signal = np.arange(int(seconds * 50) * CHANNELS, dtype="float32")
    return Recording("D", "Q", "walk", 50.0, signal.reshape(-1, CHANNELS))


def people(count=10, windows=30):
    return np.repeat([f"P{k}" for k in range(count)], windows)


def windows(count, seed=0):
    x = np.random.default_rng(seed).normal(size=(count, 128, CHANNELS))
    return x.astype("float32")


def test_a_fast_tremor_does_not_come_back_as_slow_movement():
    time = np.arange(4000) / 200
    tremor = np.sin(2 * np.pi * 45 * time)[:, None].repeat(CHANNELS, 1)
    slow = script.to_model_rate(tremor.astype("float32"), 200)
    shape(slow, (1000, CHANNELS), "20 s at 50 Hz, six channels. Which axis is time?")
    rule = (
        "45 Hz taken 50 times a second looks like 5 Hz. What comes before decimation?"
    )
    at_most(np.abs(slow[100:-100]).max(), 0.1, rule)


def test_nothing_moves_before_the_wrist_does():
    signal = np.zeros((4000, CHANNELS), "float32")
    signal[2000:] = 1
    slow = script.to_model_rate(signal, 200)
    rule = "A watch cannot hear a blow before it lands. Does the filter look ahead?"
    at_most(np.abs(slow[:499]).max(), 1e-4, rule)


def test_the_rate_is_halved_or_kept_where_that_is_enough():
    x = daily_life().signal
    rule = "What comes at 50 Hz is at the model's rate. Is it filtered all the same?"
    close(script.to_model_rate(x, 50), x, rule)
    rule = "20 s of 100 Hz leave 1000 samples at 50 Hz. How many are dropped?"
    shape(script.to_model_rate(np.ones((2000, CHANNELS)), 100), (1000, CHANNELS), rule)


def test_a_quarter_turn_a_second_is_1_57_rad_per_second():
    rule = "90 degrees are pi / 2. How often is the angle converted?"
    close(script.to_rad(np.array([90.0])), np.array([np.pi / 2]), rule, kind=None)


def test_standing_still_before_a_fall_is_no_fall():
    one = fall()
    labels = [script.label(one, start) for start in range(0, 873, 32)]
    rule = "Eight quiet seconds come before this blow. Which windows are called falls?"
    equal(labels[0], 0, rule)
    equal(labels.count(1), 3, "With 0.3 s to spare three windows hold this impact.")
    equal(None in labels, True, "A window that touches the span only is left out.")


def test_a_window_of_daily_life_is_no_fall():
    rule = "Where nobody falls no window is a fall. What is returned there?"
    equal(script.label(daily_life(), 0), 0, rule)


def test_the_impact_has_0_3_s_to_spare_at_both_ends():
    first, last = 2.0, 4.54  # [s] of sample 100 and of the window's last one, 227
    inside = [first + 0.305, last - 0.305]
    rule = "0.305 s from an end the impact is well inside. Where does the window end?"
    equal([script.label(fall(impact=t), 100) for t in inside], [1, 1], rule)
    outside = [first + 0.295, last - 0.295]
    rule = "0.295 s from an end is too near: neither 1 nor 0. Which end is not spared?"
    equal([script.label(fall(impact=t), 100) for t in outside], [None, None], rule)


def test_a_window_that_shares_one_sample_with_the_fall_is_left_out():
    rule = "It holds a moment of the fall, not its impact. Which end does it touch?"
    spans = {"its last": (4.54, 6.0), "its first": (0.5, 2.0), "half": (4.0, 6.0)}
    for name, span in spans.items():
        one = fall(impact=sum(span) / 2, span=span)
        equal(script.label(one, 100), None, f"{rule} ({name} sample)")


def test_windows_reach_from_the_first_sample_to_the_last():
    one = daily_life(192 / 50)
    x, y, subject = script.cut([one])
    rule = "192 samples hold the windows from 0, 32 and 64. Which one is missing?"
    shape(x, (3, 128, CHANNELS), rule)
    wanted = np.stack([one.signal[k : k + 128] for k in (0, 32, 64)])
    close(x, wanted, "A window is 128 samples on end. Where does it begin?")
    equal((y.tolist(), subject.tolist()), ([0] * 3, ["Q"] * 3), "Whose, and what?")


def test_nobody_trains_and_tests():
    subject = people()
    train, validation, test = script.split(subject)
    rule = "A person's windows stay together. What is shuffled, people or windows?"
    equal(sorted({*subject[train]} & {*subject[test]}), [], rule)
    rule = "Nobody trains and validates. Which people are left for training?"
    equal(sorted({*subject[train]} & {*subject[validation]}), [], rule)


def test_validation_and_test_share_nobody():
    subject = people()
    train, validation, test = script.split(subject)
    rule = "Whoever chooses the threshold must not be judged by it. Who is in both?"
    equal(sorted({*validation} & {*test}), [], rule)
    equal(len({*train, *validation, *test}), len(subject), "Each window has one place.")


def test_a_fifth_of_the_people_validates_and_a_fifth_tests():
    rule = "Of 20 people 12, 4 and 4, of 5 people 3, 1 and 1. How many are taken?"
    for count, wanted in ((20, [12, 4, 4]), (5, [3, 1, 1])):
        subject = people(count)
        found = [len({*subject[rows]}) for rows in script.split(subject)]
        equal(found, wanted, rule)


def test_loud_test_people_do_not_move_the_scaler():
    x = windows(20)
    x[12:] *= 9
    mean, deviation = script.fit_scaler(x, np.arange(12))
    rule = "The scaler knows the training people only. Who else does it see?"
    close(mean, x[:12].mean(axis=(0, 1)), rule, 1e-4, 1e-5, kind=None)
    close(deviation, x[:12].std(axis=(0, 1)), rule, 1e-4, 1e-5, kind=None)


def test_each_epoch_puts_other_windows_together():
    x = np.arange(256, dtype="float32")[:, None]
    data = script.dataset(x, np.zeros(256), training=True)
    first = next(iter(data))[0].numpy()[:, 0]
    neighbours = np.mean(np.abs(np.diff(first)) == 1)
    rule = "A batch mixes the whole epoch. Are windows in it still neighbours in time?"
    at_most(neighbours, 0.2, rule)
    rule = "The first 64 of 256 come from anywhere. How far ahead does a shuffle look?"
    at_least(first.max(), 200, rule)
    again = next(iter(data))[0].numpy()[:, 0]
    equal(
        bool(np.array_equal(first, again)), False, "The next epoch has another order."
    )


def test_a_stream_is_drawn_by_its_seed():
    x = np.arange(256, dtype="float32")[:, None]

    def order(seed):
        return next(iter(script.dataset(x, np.zeros(256), True, seed)))[0].numpy()

    rule = "A seed is asked for, so a run can be repeated. Who is told of it?"
    equal(bool(np.array_equal(order(3), order(3))), True, rule)
    equal(bool(np.array_equal(order(3), order(4))), False, "Another seed, another one.")


def test_every_window_is_judged():
    data = script.dataset(windows(70), np.zeros(70), training=False)
    seen = sum(len(x) for x, _ in data)
    rule = "70 windows come in, 70 are judged. Where do the last six go?"
    equal(seen, 70, rule)


def test_both_classes_weigh_the_same_in_the_loss():
    y = np.repeat([0, 1], [90, 10])
    weights = script.class_weights(y)
    rule = "90 quiet windows and 10 falls: which single window must weigh more?"
    close(weights[1] * 10, weights[0] * 90, rule, kind=None)
    close(weights[0] * 0.9 + weights[1] * 0.1, 1.0, "The mean weight is 1.", kind=None)


def test_attention_shares_one_unit_out_over_time():
    inputs = model().inputs
    weights = keras.Model(inputs, model().get_layer("attention").output)(windows(3))
    rule = (
        "The weights of a window's steps add up to 1. Over which axis is the softmax?"
    )
    close(np.sum(weights, axis=1), np.ones((3, 1), "float32"), rule, 1e-4)


def weights_by_shape():
    """The network's kernels in the order of their layers, by their shapes."""
    found = {}
    for weight in model().get_weights():
        if weight.ndim > 1:
            found.setdefault(weight.shape, []).append(weight)
    return found


def test_the_network_keeps_its_design():
    rule = "Three branches, a gate, a convolution, a head: nobody complained of those."
    found = {kernel: len(all_) for kernel, all_ in weights_by_shape().items()}
    branches = {(3, 6, 16): 1, (7, 6, 16): 1, (15, 6, 16): 1}
    gate, rest = {(48, 12): 1, (12, 48): 1}, {(5, 48, 32): 1, (32, 1): 2}
    equal(found, branches | gate | rest, f"{rule} Which kernel has another shape?")
    (reduce,), (excite,) = (weights_by_shape()[kernel] for kernel in gate)
    (mix,), (energy, head) = (weights_by_shape()[kernel] for kernel in rest)

    def convolve(x, kernel):
        return tf.nn.relu(tf.nn.conv1d(x, kernel, 2, "SAME"))

    x = windows(3)
    f = tf.concat([convolve(x, weights_by_shape()[k][0]) for k in branches], axis=-1)
    pooled = tf.reduce_mean(f, axis=1, keepdims=True)
    f = convolve(f * tf.sigmoid(tf.nn.relu(pooled @ reduce) @ excite), mix)
    share = tf.nn.softmax(f @ energy, axis=1)
    wanted = tf.sigmoid(tf.reduce_sum(share * f, axis=1) @ head)
    rule = f"{rule} Which stride, which activation, which layer is another one?"
    close(model().predict(x, verbose=0), wanted, rule, 1e-4)


def test_training_drops_three_in_ten():
    before_head = keras.Model(model().inputs, model().layers[-1].input)
    x = windows(64)
    calm = np.asarray(before_head(x, training=False))
    drawn = np.asarray(before_head(x, training=True))
    rule = "Dropout 0.3 blanks three in ten features while it trains. Does it?"
    between(np.mean(drawn[np.abs(calm) > 1e-6] == 0), 0.2, 0.4, rule)


def test_the_model_is_trained_by_adam_and_logs_the_area_under_pr():
    optimizer = model().optimizer
    equal(type(optimizer).__name__, "Adam", "Adam trains it. Which one is compiled?")
    close(optimizer.learning_rate, 2e-3, "Its step is 0.002. What is it here?")
    x, y = windows(40), (np.arange(40) % 5 == 0).astype("float32")
    logs = model().evaluate(x, y[:, None], verbose=0, return_dict=True)
    rule = "The log has the loss and pr_auc. Is a metric gone, or its name?"
    equal(sorted(logs), ["loss", "pr_auc"], rule)
    area = keras.metrics.AUC(curve="PR")
    area.update_state(y[:, None], model().predict(x, verbose=0))
    rule = "pr_auc is the area under precision and recall. Which curve is it?"
    close(logs["pr_auc"], area.result(), rule, 1e-3, 1e-3)


def test_the_same_window_gets_the_same_score_twice():
    pooled = keras.Model(model().inputs, model().layers[-1].input)
    x = windows(8)
    rule = "Nothing is drawn when the watch decides. Which layer still draws?"
    close(pooled.predict(x, verbose=0), pooled.predict(x, verbose=0), rule)


def test_a_sure_and_right_answer_costs_nothing():
    loss = model().loss(np.ones((4, 1)), np.full((4, 1), 0.9999, "float32"))
    rule = (
        "A probability of 0.9999 for a fall that was one: loss near 0. Squashed twice?"
    )
    between(loss, 0, 0.01, rule)


def stopping():
    """The script's early stopping, whichever place it has among the callbacks."""
    kind = keras.callbacks.EarlyStopping
    found = [c for c in script.callbacks("out") if isinstance(c, kind)]
    equal(len(found), 1, "One callback stops the training early. How many are there?")
    return found[0]


def stops(training, validation):
    """The epoch after which training stops, of twelve that get "better" or "worse" on
    each part; None where all of them run."""
    stop, network = stopping(), model()
    network.evaluate(windows(2), np.array([[0.0], [1.0]]), verbose=0)
    stop.set_model(network)
    network.stop_training = False
    stop.on_train_begin()
    for epoch in range(12):
        logs = {}
        for prefix, way in (("", training), ("val_", validation)):
            gain = 0.03 * epoch * (1 if way == "better" else -1)
            logs |= {f"{prefix}loss": 0.5 - gain, f"{prefix}pr_auc": 0.5 + gain}
        stop.on_epoch_end(epoch, logs)
        if network.stop_training:
            return epoch
    return None


def test_training_stops_by_what_validation_says():
    rule = "Training gets better, validation worse. What does early stopping watch?"
    equal(stops("better", "worse") is None, False, rule)
    rule = (
        "Validation gets better to the end. Which direction does early stopping want?"
    )
    equal(stops("worse", "better"), None, rule)


def test_training_waits_four_epochs():
    rule = (
        "Epoch 0 is the best, 1 to 4 are not: it stops after 4. How long is patience?"
    )
    equal(stops("worse", "worse"), 4, rule)


def test_the_best_weights_come_back():
    rule = (
        "After patience runs out the weights are four epochs too old. Which are kept?"
    )
    equal(stopping().restore_best_weights, True, rule)


def test_the_file_holds_the_best_epoch():
    rule = "An epoch that is worse in validation leaves best.keras alone. Does it?"
    with tempfile.TemporaryDirectory() as folder:
        kind = keras.callbacks.ModelCheckpoint
        [keeper] = [c for c in script.callbacks(folder) if isinstance(c, kind)]
        keeper.set_model(model())
        written = []
        for epoch, loss in enumerate((0.5, 0.9, 0.4)):
            (Path(folder) / "best.keras").unlink(missing_ok=True)
            logs = {"loss": loss, "pr_auc": 1 - loss}
            keeper.on_epoch_end(epoch, logs | {f"val_{k}": logs[k] for k in logs})
            written.append((Path(folder) / "best.keras").exists())
    equal(written, [True, False, True], rule)


def test_the_threshold_parts_what_can_be_parted():
    y, p = np.array([0, 1, 0, 1, 0, 1]), np.array([0.1, 0.704, 0.701, 0.8, 0.2, 0.9])
    rule = "Alarms at 0.704 and above are right six times of six. Which is chosen?"
    equal((p >= script.choose_threshold(y, p)).astype(int).tolist(), y.tolist(), rule)


def test_the_auc_ranks_scores_and_not_alarms():
    y = np.array([0, 0, 1, 0, 1, 1, 0, 1])
    p = np.array([0.1, 0.2, 0.3, 0.35, 0.4, 0.8, 0.85, 0.9])
    rule = "The area looks at every threshold at once. What is it fed?"
    found = script.judge(y, p, 0.5)["auc"]
    close(found, referee.roc_auc_score(y, p), rule, kind=None)


def test_precision_and_recall_are_not_exchanged():
    y = np.array([1, 1, 1, 1, 0, 0, 0, 0])
    p = np.array([0.9, 0.9, 0.1, 0.1, 0.9, 0.1, 0.1, 0.1])
    found = script.judge(y, p, 0.5)
    rule = (
        "2 of 4 falls found, 2 of 3 alarms true. Which axis of the table is the truth?"
    )
    close(found["recall"], 0.5, rule, kind=None)
    close(found["precision"], 2 / 3, rule, kind=None)


def test_a_score_at_the_threshold_is_an_alarm():
    found = script.judge(np.array([1, 0]), np.array([0.5, 0.4]), 0.5)
    rule = "One fall, found by the one alarm, at the threshold itself. What is missed?"
    equal(
        [found[k] for k in ("f1", "recall", "precision", "quiet")], [1, 1, 1, 1], rule
    )


@pytest.mark.filterwarnings("ignore")
def test_a_day_without_falls_and_alarms_is_quiet():
    found = script.judge(np.zeros(4, int), np.full(4, 0.1), 0.5)
    rule = "Four windows, no fall, no alarm: four are quiet. Which labels are counted?"
    equal(found["quiet"], 4, rule)


def test_what_is_exported_gives_the_scores_of_the_model():
    small = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
    x = windows(1)[:, 0, :4]
    with tempfile.TemporaryDirectory() as folder:
        script.export(small, Path(folder) / "detector.tflite")
        written = [file.name for file in Path(folder).iterdir()]
        rule = "The watch loads detector.tflite. Is it written?"
        equal(written, ["detector.tflite"], rule)
        runner = Interpreter(str(Path(folder) / "detector.tflite"))
    runner.allocate_tensors()
    runner.set_tensor(runner.get_input_details()[0]["index"], x)
    runner.invoke()
    found = runner.get_tensor(runner.get_output_details()[0]["index"])
    close(found, small(x), "The file computes what the model does.", 1e-5)


def test_an_export_that_fails_says_so():
    rule = "A watch without a model must not ship. Who hears of the error?"
    with tempfile.TemporaryDirectory() as folder, raises(Exception, rule):
        script.export("no model", f"{folder}/detector.tflite")


@cache
def short():
    """The script, twice in the same new folder, for two epochs on five people.

    Its windows, what its parts were asked, its models and scores, its files, its words.
    """
    recordings = simulator.recordings(people=5, seed=28, falls=2, activities=2)
    asked = {name: [] for name in ("load", "run", "dataset", "fit", "export")}
    loaded = create_autospec(script.load, return_value=recordings)
    exported, fit = create_autospec(script.export), keras.Model.fit
    with (
        tempfile.TemporaryDirectory() as folder,
        patch.object(script, "load", record_calls(loaded, asked["load"])),
        patch.object(script, "run", record_calls(script.run, asked["run"])),
        patch.object(script, "dataset", record_calls(script.dataset, asked["dataset"])),
        patch.object(keras.Model, "fit", record_calls(fit, asked["fit"])),
        patch.object(script, "export", record_calls(exported, asked["export"])),
        captured_log() as text,
    ):
        out = Path(folder) / "runs" / "first"
        for _ in range(2):
            script.main(f"--data made --epochs 2 --seed 5 --out {out}".split())
        files = {file.name: file.read_bytes() for file in out.iterdir()}
    ran = [returned for _, returned in asked["run"]]
    asked = {name: [given for given, _ in notes] for name, notes in asked.items()}
    return script.cut(recordings), asked, ran, (out, files), text.getvalue()


def parts():
    """{part: (x, y)} of the windows of `short`, scaled by its training people."""
    (x, y, subject), *_ = short()
    rows = script.split(subject, 5)
    mean, deviation = x[rows[0]].mean(axis=(0, 1)), x[rows[0]].std(axis=(0, 1))
    names = ("train", "validation", "test")
    return {
        n: ((x[r] - mean) / deviation, y[r]) for n, r in zip(names, rows, strict=True)
    }


def short_score(part):
    """The probabilities that the first model of `short` gives a part, and its truth."""
    x, y = parts()[part]
    return y, short()[2][0][0].predict(x, verbose=0)[:, 0]


@pytest.mark.slow
@pytest.mark.seconds(60)
def test_the_command_line_is_obeyed():
    _, asked, _, (out, _), _ = short()
    equal(asked["load"][0]["name"], "made", "Whose data are loaded?")
    rule = "Who types a number means it. Which one does not arrive?"
    found = asked["run"][0]
    equal((found["epochs"], found["seed"]), (2, 5), rule)
    files = [str(found["out"]), str(asked["export"][0]["file"])]
    equal(files, [str(out), str(out / "detector.tflite")], f"{rule} Where do files go?")


def test_where_nothing_is_typed_the_script_trains_8_epochs_on_the_simulator():
    asked = {name: [] for name in ("load", "run", "export")}
    stand_ins = {name: create_autospec(getattr(script, name)) for name in asked}
    stand_ins["run"].return_value = ("a model", {})
    with (
        patch.object(script, "load", record_calls(stand_ins["load"], asked["load"])),
        patch.object(script, "run", record_calls(stand_ins["run"], asked["run"])),
        patch.object(
            script, "export", record_calls(stand_ins["export"], asked["export"])
        ),
    ):
        script.main([])
    rule = "Plain, it is 8 epochs, seed 0, simulated falls, files in .dojo/run28. Here?"
    (load, _), (found, _), (export, _) = (asked[name][0] for name in asked)
    numbers = (load["name"], found["epochs"], found["seed"])
    equal(numbers, ("sim", 8, 0), rule)
    equal(Path(str(found["out"])).parts, (".dojo", "run28"), rule)
    equal(Path(str(export["file"])).parts, (".dojo", "run28", "detector.tflite"), rule)
    equal(export["model"], "a model", "What is exported is the model that was trained.")


@pytest.mark.slow
@pytest.mark.seconds(60)
def test_a_seed_repeats_a_run():
    (first, _), (again, _) = short()[2]
    rule = "The same seed, the same first weights and batches. What is drawn before it?"
    for one, other in zip(first.get_weights(), again.get_weights(), strict=True):
        close(one, other, rule, 1e-4, 1e-5)


@pytest.mark.slow
@pytest.mark.seconds(60)
def test_the_network_is_fitted_to_scaled_windows_of_training_people():
    _, asked, _, _, _ = short()
    fed = next(one for one in asked["dataset"] if one["training"])
    x, y = parts()["train"]
    rule = "Training people's windows, less their mean, by their deviation. Is that x?"
    shape(fed["x"], x.shape, rule)
    close(fed["x"], x, rule, 1e-3, 1e-3, kind=None)
    equal(np.asarray(fed["y"]), y, "Each with its label.")
    equal(fed["seed"], 5, "The run's seed shuffles. Which one does it here?")


@pytest.mark.slow
@pytest.mark.seconds(60)
def test_fit_is_told_of_weights_and_validation():
    _, asked, _, (_, files), _ = short()
    found, (_, y) = asked["fit"][0], parts()["train"]
    given = found.get("class_weight", found.get("kwargs", {}).get("class_weight"))
    rule = "The loss counts a fall as often as falls are rare. Who is told the weights?"
    equal(given, script.class_weights(y), rule)
    rule = "Validation people are watched, in their order. Are their losses in the log?"
    equal(b"val_loss" in files.get("log.csv", b"").split(b"\n")[0], True, rule)
    sizes = [len(one["x"]) for one in asked["dataset"] if not one["training"]]
    equal(len(parts()["validation"][0]) in sizes, True, rule)


@pytest.mark.slow
@pytest.mark.seconds(60)
def test_the_threshold_does_not_know_the_test_people():
    y, p = short_score("validation")
    rule = "It is chosen on validation people. Whose windows does it see?"
    threshold = short()[2][0][1]["threshold"]
    close(threshold, script.choose_threshold(y, p), rule, 1e-6, 2e-3, kind=None)


@pytest.mark.slow
@pytest.mark.seconds(60)
def test_the_scores_are_those_of_the_test_people():
    y, p = short_score("test")
    scores = short()[2][0][1]
    rule = "Judged are people nobody has seen, by the model that is kept. Which here?"
    for name, wanted in script.judge(y, p, scores["threshold"]).items():
        close(scores[name], wanted, f"{rule} ({name})", 1e-3, 1e-3, kind=None)


@pytest.mark.slow
@pytest.mark.seconds(60)
def test_a_run_leaves_its_scores_its_log_and_its_best_weights():
    _, _, ran, (_, files), text = short()
    rule = "Whoever comes later finds three files in the folder. Which one is missing?"
    equal(sorted(files), ["best.keras", "log.csv", "scores.json"], rule)
    scores = json.loads(files["scores.json"])
    equal(scores, ran[-1][1], "The file holds the scores that are returned.")
    lines = files["log.csv"].split()
    equal((scores["epochs"], len(lines)), (2, 3), "Two epochs: a head and two lines.")
    said = [line for line in text.splitlines() if line.startswith("test people")]
    rule = (
        "A line a run, with its scores. Who has set up the log, and who writes to it?"
    )
    equal(said, [f"test people: {one}" for _, one in ran], rule)


@pytest.mark.slow
@pytest.mark.seconds(120)
def test_the_repaired_script_finds_falls_of_people_it_never_saw():
    """Stays: it runs the whole script, which no single fault breaks.

    F1 on the test people, 8 epochs, `run(recordings, 8, folder, seed)` with the
    recordings below: seeds 0 to 21 gave 0.356 at the least, 0.567 in the median, 0.844
    at the most. A detector that always gives an alarm reaches 0.17 to 0.20.
    """
    recordings = simulator.recordings(people=10, seed=0, falls=6, activities=8)
    with tempfile.TemporaryDirectory() as folder:
        _, scores = script.run(recordings, 8, folder)
    rule = (
        "Repaired, the script finds falls of strangers. What do validation people say?"
    )
    at_least(scores["f1"], 0.28, rule)

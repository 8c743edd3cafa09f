"""Day 28. What the production script must do, told by symptom."""

import tempfile
from functools import cache
from unittest.mock import patch

import keras
import numpy as np
import pytest
from sklearn import metrics as referee

from katas.day28 import repair_detector as script
from katas.dojo.check import at_least, at_most, between, close, equal, raises, shape
from katas.dojo.data import Recording, simulator

CHANNELS = 6


@cache
def model():
    keras.utils.set_random_seed(28)
    return script.build_model()


def fall(seconds=20.0, impact=10.0):
    signal = np.ones((int(seconds * 50), CHANNELS), "float32")
    span = (impact - 0.8, impact + 1.0)
    return Recording("F", "P", "fall", 50.0, signal, span, impact)


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
    again = next(iter(data))[0].numpy()[:, 0]
    equal(
        bool(np.array_equal(first, again)), False, "The next epoch has another order."
    )


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
    """Whether twelve epochs are stopped that get "better" or "worse" on each part."""
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
    return bool(network.stop_training)


def test_training_stops_by_what_validation_says():
    rule = "Training gets better, validation worse. What does early stopping watch?"
    equal(stops("better", "worse"), True, rule)
    rule = (
        "Validation gets better to the end. Which direction does early stopping want?"
    )
    equal(stops("worse", "better"), False, rule)


def test_the_best_weights_come_back():
    rule = (
        "After patience runs out the weights are four epochs too old. Which are kept?"
    )
    equal(stopping().restore_best_weights, True, rule)


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


def test_an_export_that_fails_says_so():
    rule = "A watch without a model must not ship. Who hears of the error?"
    with tempfile.TemporaryDirectory() as folder, raises(Exception, rule):
        script.export("no model", f"{folder}/detector.tflite")


@pytest.mark.slow
@pytest.mark.seconds(60)
def test_the_threshold_does_not_know_the_test_people():
    recordings = simulator.recordings(people=5, seed=28, falls=2, activities=2)
    seen = []

    def note(y, p):
        seen.append(len(y))
        return 0.5

    _, _, subject = script.cut(recordings)
    _, validation, test = script.split(subject)
    with (
        tempfile.TemporaryDirectory() as folder,
        patch.object(script, "choose_threshold", note),
    ):
        script.run(recordings, 1, folder)
    rule = "It is chosen on validation people. Whose windows does it see?"
    equal(seen, [len(validation)], rule)
    at_least(abs(len(validation) - len(test)), 1, "The two parts differ in size here.")


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

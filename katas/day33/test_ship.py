"""Day 33. What must hold between a trained network and what a device runs."""

import hashlib
import tracemalloc
from functools import cache

import keras
import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter
from hypothesis import given
from hypothesis import strategies as st
from keras import layers
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from katas.day33.ship import (
    SECTIONS,
    RingBuffer,
    StreamingDetector,
    export,
    model_card,
)
from katas.detector import simulator
from katas.detector.recordings import watch
from katas.dojo.judge.check import at_least, at_most, close, equal, raises, shape
from katas.dojo.judge.strategies import noise
from katas.dojo.store.streams import silent_stderr


def filled(samples, length):
    ring = RingBuffer(length, samples.shape[1])
    for sample in samples:
        ring.push(sample)
    return ring


@given(x=noise((5, 30), 3), length=st.sampled_from([1, 4, 5]))
def test_a_full_ring_reads_the_last_samples_oldest_first(x, length):
    rule = (
        "A window runs from the oldest sample to the newest. In which order is yours?"
    )
    close(filled(x, length).read(), x[-length:], rule)


def test_a_sample_pushed_is_the_rings_own():
    ring, sample = RingBuffer(3, 2), np.zeros(2, "float32")
    for k in range(3):
        sample[:] = k
        ring.push(sample)
    wanted = np.array([[0, 0], [1, 1], [2, 2]], "float32")
    rule = "A driver reuses its array for the next sample. Whose memory do you keep?"
    close(ring.read(), wanted, rule)


def test_nothing_is_allocated_once_the_ring_is_made():
    ring = RingBuffer(512, 6)
    sample = np.ones(6, "float32")
    for _ in range(600):
        ring.push(sample)
        ring.read()
    tracemalloc.start()
    for _ in range(50):
        ring.push(sample)
        ring.read()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    rule = "A window is 12,288 bytes; a device has none to spare. What makes a new one?"
    at_most(peak, 9000, rule)


def by_slices(signal, score, threshold, hop):
    """Referee: all windows of a finished recording, then the alarms."""
    scores, alarms, last = {}, [], -np.inf
    for start in range(0, len(signal) - 128 + 1, hop):
        end = start + 127
        scores[end] = score(signal[None, start : start + 128])
        if scores[end] >= threshold and end - last >= 250:
            alarms.append(last := end)
    return scores, alarms


def stepped(detector, sample):
    """What step returns, a pair."""
    result = detector.step(sample)
    rule = "A score and an alarm come back, (None, False) if not due. What comes here?"
    equal(len(result) if isinstance(result, (tuple, list)) else result, 2, rule)
    return result


def streamed(signal, score, threshold, hop):
    detector = StreamingDetector(score, threshold, hop=hop)
    scores, alarms = {}, []
    for now, sample in enumerate(signal):
        found, alarm = stepped(detector, sample)
        if found is not None:
            scores[now] = float(found)
        if alarm:
            alarms.append(now)
    return scores, alarms


def order(window):
    """A score that depends on the place of each sample and channel."""
    weights = np.sin(np.arange(128 * 6)).reshape(128, 6)
    return 1 / (1 + np.exp(-float((np.asarray(window)[0] * weights).sum())))


def test_a_score_is_given_a_batch_of_one_window():
    seen = []
    detector = StreamingDetector(lambda x: seen.append(np.shape(x)) or 0.0, 0.5)
    for _ in range(128):
        detector.step(np.zeros(6, "float32"))
    rule = "Interpreters take [1, length, channels]. What is handed to score?"
    equal(seen, [(1, 128, 6)], rule)


@given(hop=st.sampled_from([1, 7, 32, 50]))
def test_one_score_comes_every_hop_samples(hop):
    signal = np.ones((400, 6), "float32")
    scores, _ = streamed(signal, lambda x: 0.1, 0.5, hop)
    rule = "First when all 128 rows were measured, then each hop. When do yours come?"
    equal(sorted(scores), list(range(127, 400, hop)), rule)


@given(
    threshold=st.sampled_from([0.5, 0.9]),
    which=st.integers(0, 139),
    hop=st.sampled_from([17, 32]),
)
def test_streaming_gives_what_the_batch_gives(threshold, which, hop):
    signal = watch.recordings()[which].signal
    scores, alarms = streamed(signal, order, threshold, hop)
    wanted, raised = by_slices(signal, order, threshold, hop)
    rule = (
        "The stream sees what the batch sees, sample by sample. Which window differs?"
    )
    equal(sorted(scores), sorted(wanted), rule)
    close(
        np.array([scores[k] for k in wanted]),
        np.array([*wanted.values()]),
        rule,
        kind=None,
    )
    equal(alarms, raised, "At or over the threshold, then 5 s of silence. Is it so?")


def test_the_alarm_comes_again_after_5_s_and_not_before():
    signal = np.ones((128 + 32 * 17, 6), "float32")
    _, alarms = streamed(signal, lambda x: 0.5, 0.5, 32)
    rule = "The score stays at the threshold. What starts the silence, what renews it?"
    equal(alarms, [127, 127 + 256, 127 + 512], rule)


def test_exactly_5_s_after_an_alarm_the_next_may_sound():
    signal = np.ones((128 + 50 * 11, 6), "float32")
    _, alarms = streamed(signal, lambda x: 0.5, 0.5, 50)
    rule = (
        "A window each second, an alarm at each that may. Is the one 5 s later heard?"
    )
    equal(alarms, [127, 127 + 250, 127 + 500], rule)


def test_another_sensor_has_another_window_and_another_silence():
    others = {"length": 64, "hop": 20, "hold_off": 2.0, "rate": 100.0}
    detector = StreamingDetector(lambda x: 0.5, 0.5, **others)
    told = [stepped(detector, np.ones(6, "float32")) for _ in range(500)]
    rule = "64 samples make a window here. Which length does yours wait for?"
    due = [now for now, (score, _) in enumerate(told) if score is not None]
    equal(due, list(range(63, 500, 20)), rule)
    rule = "2 s at 100 Hz are 200 samples. Whose hold-off and rate does yours use?"
    equal([now for now, (_, alarm) in enumerate(told) if alarm], [63, 263, 463], rule)


HELD_OUT = ("P05", "P06")


@cache
def data():
    """Windows of simulated people, raw; 1 where one holds the impact; the person."""
    rows = []
    for one in simulator.recordings(people=6, seed=33, falls=8, activities=11):
        blow = one.impact * one.rate if one.is_fall else -np.inf
        onset, rest = one.span or (np.inf, -np.inf)
        for start in range(0, len(one.signal) - 127, 32):
            holds = start + 15 <= blow <= start + 112
            if holds or start > rest * 50 or start + 127 < onset * 50:
                rows.append((one.signal[start : start + 128], int(holds), one.subject))
    x, y, people = (np.array(column) for column in zip(*rows, strict=True))
    return x, y, people, ~np.isin(people, HELD_OUT)


@cache
def network(seed=33):
    """A stand-in of stock layers, and its scaler; day 30's is yours.

    Its filters are drawn, its head is fitted by scikit-learn: no time for training.
    """
    x, y, _, known = data()
    mean, deviation = x[known].mean((0, 1)), x[known].std((0, 1))
    keras.utils.set_random_seed(seed)
    model = keras.Sequential(
        [
            keras.Input((128, 6)),
            layers.Conv1D(24, 9, 2, activation="relu"),
            layers.Conv1D(48, 5, 2, activation="relu"),
            layers.GlobalMaxPooling1D(),
            layers.Dropout(0.5),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    features = keras.Model(model.inputs[0], model.layers[-2].output)
    found = np.asarray(features((x[known] - mean) / deviation))
    head = make_pipeline(StandardScaler(), LogisticRegression()).fit(found, y[known])
    offset = head.decision_function(0 * found[:1])
    slopes = head.decision_function(np.eye(48)) - offset
    model.layers[-1].set_weights([slopes[:, None], offset])
    return model, (mean, deviation)


@cache
def file(int8=False, seed=33):
    model, scaler = network(seed)
    if not int8:
        return export(model, scaler)
    x, _, people, known = data()
    # In this one data set the test people fall ten times as hard as anyone else.
    loud = np.where(known[:, None, None], x, 10 * x)[::3]
    return export(model, scaler, loud, people[::3], HELD_OUT)


def interpreter(content):
    equal(type(content).__name__, "bytes", "A file is bytes. What does export return?")
    with silent_stderr():
        runner = Interpreter(model_content=content, num_threads=1)
        runner.allocate_tensors()
    return runner


def run(content, windows):
    runner = interpreter(content)
    (source,), (sink,) = runner.get_input_details(), runner.get_output_details()
    scores = []
    for window in windows:
        runner.set_tensor(source["index"], window[None])
        runner.invoke()
        scores.append(runner.get_tensor(sink["index"])[0, 0])
    return np.array(scores)


def truth(windows):
    model, (mean, deviation) = network()
    return np.asarray(model((windows - mean) / deviation))[:, 0]


@pytest.mark.seconds(60)
def test_the_file_takes_one_raw_window_and_gives_one_score():
    rule = "One window in, one score out, both float32. What does the file ask for?"
    for content in (file(), file(int8=True)):
        runner = interpreter(content)
        (source,), (sink,) = runner.get_input_details(), runner.get_output_details()
        shape(np.empty(source["shape"]), (1, 128, 6), rule)
        shape(np.empty(sink["shape"]), (1, 1), rule)
        equal(source["dtype"].__name__, "float32", rule)
        equal(sink["dtype"].__name__, "float32", rule)


@pytest.mark.seconds(60)
def test_the_file_scores_raw_windows_as_keras_scores_scaled_ones():
    x = data()[0][::5]
    rule = (
        "The device has no scaler but the one inside the file. Is it there, and whole?"
    )
    close(run(file(), x), truth(x), rule, rtol=0, atol=1e-4)


@pytest.mark.seconds(60)
def test_the_int8_file_computes_in_int8():
    runner = interpreter(file(int8=True))
    kinds = [d["dtype"].__name__ for d in runner.get_tensor_details()]
    rule = "Only the way in and the way out are float32. Which tensors are left so?"
    equal(kinds.count("float32"), 2, rule)
    rule = "An int8 weight takes a quarter of a float32 one. How long is the file?"
    at_most(len(file(int8=True)) / len(file()), 0.6, rule)


@pytest.mark.seconds(60)
def test_what_is_too_wide_for_255_steps_stays_float32():
    x, _, people, _ = data()
    model, scaler = network()
    kept = "SUB", "MUL", "ADD"
    mixed = export(model, scaler, x[::9], people[::9], HELD_OUT, kept)
    kinds = [d["dtype"].__name__ for d in interpreter(mixed).get_tensor_details()]
    rule = "One step for g and rad/s is too wide for g. What is told of `floats`?"
    at_least(kinds.count("float32"), 4, rule)
    rule = "The convolutions stay int8: they are what is long and slow. Are they?"
    at_least(kinds.count("int8"), 4, rule)


@pytest.mark.seconds(60)
def test_the_ranges_are_those_of_people_who_train():
    x, _, _, known = data()
    x = x[::3][known[::3]]
    widest = max(x.max(), 0) - min(x.min(), 0)
    runner = interpreter(file(int8=True))
    steps = [
        d["quantization"][0]
        for d in runner.get_tensor_details()
        if d["dtype"] is np.int8 and list(d["shape"]) == [1, 128, 6]
    ]
    rule = "The test people stay unseen until the test. Whose movements set the range?"
    nearest = min(steps, key=lambda step: abs(step - widest / 255), default=0.0)
    close(nearest, widest / 255, rule, 1e-2, kind=None)


def loss_of_f1(seed=33):
    """F1 of the float32 file minus F1 of the int8 file, on the people held out."""
    x, y, _, known = data()
    scores = [run(file(int8, seed), x[~known]) for int8 in (False, True)]
    whole, small = (f1_score(y[~known], each >= 0.5) for each in scores)
    return whole - small


# F1 lost to int8, seeds 20 to 43 (24 networks): least -0.035, median 0.000, most
# 0.064. Command: loss_of_f1(seed), --against solutions.
@pytest.mark.seconds(60)
def test_int8_loses_less_than_0_15_of_f1():
    rule = "Rounding to 255 steps costs little F1. Whose windows set the steps?"
    at_most(loss_of_f1(), 0.15, rule)


@pytest.mark.seconds(60)
def test_the_stream_runs_on_the_exported_file():
    """Stays: the ring, the stream and the file must fit together, on a real watch."""
    runner = interpreter(file())
    (source,), (sink,) = runner.get_input_details(), runner.get_output_details()

    def score(window):
        runner.set_tensor(source["index"], window)
        runner.invoke()
        return float(runner.get_tensor(sink["index"])[0, 0])

    rule = (
        "Sensor to ring to file to score: the whole chain gives Keras' score. Does it?"
    )
    for one in watch.recordings()[::10]:
        scores, _ = streamed(one.signal, score, 0.5, 32)
        windows = [
            one.signal[end - 127 : end + 1] for end in range(127, len(one.signal), 32)
        ]
        close(
            np.array([*scores.values()]), truth(np.array(windows)), rule, 0, 1e-4, None
        )


def facts():
    keys = [key for section in SECTIONS.values() for key in section]
    return {key: f"what is known of {key}" for key in keys}


def test_every_fact_stands_under_its_heading():
    lines = iter(str(model_card(facts(), b"file")).splitlines())
    rule = "A reader looks a fact up by its heading. Is `{}` there, in its order?"
    for title, keys in SECTIONS.items():
        wanted = [f"## {title}", *(f"- {key}: {facts()[key]}" for key in keys)]
        for line in wanted:
            equal(line in lines, True, rule.format(line))


def test_a_card_with_a_gap_is_refused():
    rule = "Without `{}` nobody can judge the rest. Is a card made all the same?"
    for key in facts():
        for gap in (None, ""):
            with raises(ValueError, rule.format(key)):
                model_card({**facts(), key: gap}, b"file")
        with raises(ValueError, rule.format(key)):
            model_card({k: v for k, v in facts().items() if k != key}, b"file")


def test_every_gap_is_named_at_once():
    said, gaps = "", {"rate_hz": None, "threshold": "", "limits": None}
    try:
        model_card({**facts(), **gaps}, b"file")
    except ValueError as error:
        said = str(error)
    rule = "Who fills a card wants all gaps in one message. Is `{}` among those named?"
    for key in gaps:
        equal(key in said, True, rule.format(key))


def test_zero_is_a_fact():
    figures = {"false_alarms_per_hour": 0, "delay_s": 0.0417}
    lines = str(model_card({**facts(), **figures}, b"file")).splitlines()
    rule = "No false alarm in all hours is a figure. What does `not 0` say of it?"
    equal("- false_alarms_per_hour: 0" in lines, True, rule)
    rule = "The card says 0.0417 where 0.0417 was measured. Who rounds?"
    equal("- delay_s: 0.0417" in lines, True, rule)


def test_the_card_names_the_very_file():
    content = b"the file that the figures were measured with"
    text = str(model_card(facts(), content))
    equal(text.splitlines()[:1], ["# Model card"], "The first line says what it is.")
    rule = "Figures belong to one file. Which bytes does the card vouch for?"
    digest = hashlib.sha256(content).hexdigest()
    equal(digest in text, True, f"{rule} (SHA-256)")
    equal("44 bytes" in text, True, f"{rule} (length)")
    rule = "One line above the first heading holds both. Where do yours stand?"
    above = text.split("\n## ")[0].splitlines()
    equal(any(digest in line and "44 bytes" in line for line in above), True, rule)

"""Day 29. What must hold between the scores of windows and what a wearer is told."""

import math
from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss
from sklearn.model_selection import LeaveOneGroupOut

from katas.day29.evaluate import (
    calibrate,
    event_scores,
    events,
    leave_one_subject_out,
    rate_interval,
)
from katas.detector.recordings import Recording
from katas.dojo.judge.check import at_least, at_most, between, close, equal
from katas.dojo.judge.strategies import seeds


def recording(seconds=30, span=None, impact=None, who="P1"):
    signal = np.zeros((round(seconds * 50), 6), "float32")
    return Recording("R1", who, "test", 50.0, signal, span, impact)


def two(result, names):
    """What the learner returns, a pair of what is named."""
    come = len(result) if isinstance(result, (tuple, list, np.ndarray)) else 1
    equal(come, 2, f"Two come back: {names}. What does yours return?")
    return result


def alarms_of(one, starts, scores, threshold=0.5):
    """What the learner returns, as two arrays."""
    result = events(one, np.array(starts), np.array(scores), threshold)
    alarms, hits = two(
        result if isinstance(result, (tuple, list)) else 0, "alarms, hits"
    )
    return np.asarray(alarms, "float64"), np.asarray(hits, bool)


def by_loop(one, starts, scores, threshold):
    """Referee: sample by sample, slow and obvious."""
    alarms, hits, silent = [], [], 0
    onset, rest = one.span
    whole = {start + 127: score for start, score in zip(starts, scores, strict=True)}
    for now in range(len(one.signal)):
        silent -= 1
        if now in whole and whole[now] >= threshold and silent <= 0:
            inside = range(now - 127, now + 1)
            alarms.append(now / 50)
            hits.append(any(onset <= k / 50 <= rest for k in inside))
            silent = 250
    return np.array(alarms, "float64"), np.array(hits, bool)


@st.composite
def drawn(draw, fall=True):
    """A recording and the scores of its windows; no mark falls on a sample."""
    onset = draw(st.integers(100, 900)) + 0.5
    rest = onset + draw(st.integers(20, 200))
    impact = draw(st.floats(onset / 50, rest / 50))
    one = recording(30, (onset / 50, rest / 50), impact) if fall else recording(30)
    hop = draw(st.sampled_from([17, 32, 45]))
    starts = np.arange(0, 1500 - 128 + 1, hop)
    scores = np.random.default_rng(draw(seeds())).uniform(0, 1, len(starts))
    return one, starts, scores, draw(st.sampled_from([0.5, 0.9]))


def test_a_score_at_the_threshold_raises_an_alarm():
    alarms, _ = alarms_of(recording(), [0, 300, 600], [0.4999, 0.5, 0.6])
    rule = "At or over the threshold is an alarm. Which of 0.4999, 0.5, 0.6 are?"
    equal(len(alarms), 2, rule)


def test_an_alarm_sounds_at_the_last_sample_of_its_window():
    alarms, _ = alarms_of(recording(), [32], [0.9])
    rule = "Samples 32 to 159 make the score. When is the last of them there, at 50 Hz?"
    close(alarms, np.array([3.18]), rule, kind=None)
    rule = "At 100 Hz sample 159 is taken at 1.59 s. Whose rate do you divide by?"
    fast = replace(recording(), rate=100.0)
    close(alarms_of(fast, [32], [0.9])[0], np.array([1.59]), rule, kind=None)


def test_after_an_alarm_there_is_silence_for_5_s():
    starts = np.arange(0, 1300, 32)
    alarms, _ = alarms_of(recording(), starts, np.ones(len(starts)))
    wanted = (np.array([0, 8, 16, 24, 32, 40]) * 32 + 127) / 50
    rule = "An alarm that never ends sounds again after 5 s. What renews your silence?"
    close(alarms[:6], wanted[: len(alarms)], rule, kind=None)
    equal(len(alarms), 6, rule)


def test_exactly_5_s_after_an_alarm_the_next_may_sound():
    alarms, _ = alarms_of(recording(), [23, 272, 273], np.ones(3))
    rule = "Windows end at 3, 7.98 and 8 s, each over the threshold. Which are heard?"
    close(alarms, np.array([3.0, 8.0]), rule, kind=None)
    rule = "Ends at 3.04 and 8.04 s, 250 samples apart. What is 8.04 - 3.04 in float64?"
    alarms, _ = alarms_of(recording(), [25, 275], np.ones(2))
    close(alarms, np.array([3.04, 8.04]), rule, kind=None)


@given(case=drawn(fall=False))
def test_where_nobody_falls_every_alarm_is_false(case):
    alarms, hits = alarms_of(*case)
    rule = "Here span is None. Which alarms can detect a fall that is not there?"
    equal(hits, np.zeros(len(alarms), bool), rule)


@given(case=drawn())
def test_an_alarm_detects_when_its_window_touches_the_span(case):
    alarms, hits = alarms_of(*case)
    _, wanted = by_loop(*case)
    rule = "The whole window counts, against the whole span. What do you compare?"
    equal(hits, wanted, rule)
    equal(len(alarms), len(hits), "Each alarm has its hit, True or False.")


def test_a_window_that_shares_one_sample_with_the_span_detects():
    fall = recording(30, (3.0, 6.0), 4.0)
    rule = "The span holds samples 150 to 300, the window {} to {}. Do they share one?"
    for start, shared in (
        (150, True),
        (22, False),
        (23, True),
        (300, True),
        (301, False),
    ):
        _, hits = alarms_of(fall, [start], [0.9])
        equal(hits.tolist(), [shared], rule.format(start, start + 127))
    # Of these marks several are no whole number of samples in float64: 0.58 s, 4.36 s.
    rule = "Sample {0} is taken at {1} s, to the last bit. What is {1} * 50 in float64?"
    for k in range(29, 400):
        fall = recording(30, (0.2, k / 50), 0.3)
        _, hits = alarms_of(fall, [k], [0.9])
        equal(hits.tolist(), [True], rule.format(k, k / 50))
        fall = recording(30, ((k + 127) / 50, 20.0), 12.0)
        _, hits = alarms_of(fall, [k], [0.9])
        equal(hits.tolist(), [True], rule.format(k + 127, (k + 127) / 50))
    fall = recording(30, (4.035, 6.035), 5.0)
    rule = "The span runs from 4.035 to 6.035 s, between samples. Who rounds it?"
    for start, shared in ((74, False), (75, True), (301, True), (302, False)):
        _, hits = alarms_of(fall, [start], [0.9])
        equal(hits.tolist(), [shared], rule)


@given(case=drawn())
def test_the_alarms_agree_with_a_loop_over_samples(case):
    rule = "One look at each sample gives other alarms. Where do they part?"
    close(alarms_of(*case)[0], by_loop(*case)[0], rule, kind=None)


def found(*alarms):
    """(alarms, hits) of one recording out of pairs (when, hit)."""
    return (
        np.array([when for when, _ in alarms], float),
        np.array([hit for _, hit in alarms], bool),
    )


FALL = recording(20, (8.0, 11.0), 9.0)
SCORES = ("event_sensitivity", "false_alarms_per_hour", "delay_s")


def scores(recordings, *each):
    result = event_scores(list(recordings), list(each))
    rule = "A dict of three: event_sensitivity, false_alarms_per_hour, delay_s. Yours?"
    equal(sorted(getattr(result, "keys", list)()), sorted(SCORES), rule)
    return [float(result[name]) for name in SCORES]


def test_a_fall_counts_once_however_many_alarms_detect_it():
    heard = found((9.5, True), (14.6, True))
    sensitivity, _, _ = scores([FALL] * 3, heard, found(), found())
    rule = "Three falls, one of them heard twice. What share of falls was detected?"
    close(sensitivity, 1 / 3, rule)


def test_an_alarm_that_detects_is_not_a_false_one():
    rule = "Two alarms detect, one is false, in 17 s without a fall. How many an hour?"
    heard = found((9.5, True), (14.6, True), (19.7, False))
    close(scores([FALL], heard)[1], 3600 / 17, rule)


@given(share=st.floats(0.1, 5.9), false=st.integers(0, 3))
def test_the_hours_are_those_outside_the_falls(share, false):
    one = recording(20, (8.0, 8.0 + share), 8.0 + share / 2)
    heard = found(*[(9.0 + k, False) for k in range(false)])
    rule = "Nobody can raise a false alarm within a fall. Whose seconds do you count?"
    close(scores([one], heard)[1], false * 3600 / (20 - share), rule)


def test_a_long_recording_weighs_more_than_a_short_one():
    day = [recording(10), recording(90)]
    rule = "2 alarms in 100 s are 72 an hour, wherever they came. What is averaged?"
    close(scores(day, found((3, False), (9, False)), found())[1], 72.0, rule)


def test_the_delay_is_the_median_from_impact_to_first_alarm():
    each = [
        found((1.0, False), (9.5, True), (14.6, True)),
        found((2.0, False), (10.0, True)),
        found((13.0, True)),
        found(),
        found(),
        found((2.0, False)),
    ]
    rule = (
        "Heard 0.5, 1 and 4 s after the blow, three missed. Which number is the middle?"
    )
    close(scores([FALL] * 6, *each)[2], 1.0, rule)


def test_without_falls_sensitivity_and_delay_are_unknown():
    sensitivity, _, delay = scores([recording()], found((3, False)))
    rule = "Nobody fell: there is no share of falls to tell. What stands for unknown?"
    equal((math.isnan(sensitivity), math.isnan(delay)), (True, True), rule)


def tails(count, mean):
    """Chance of at most, and of at least, `count` events: Poisson, term by term."""
    term = math.exp(-mean)
    below = 0.0
    for k in range(count):
        below += term
        term *= mean / (k + 1)
    return below + term, 1 - below


@given(
    count=st.integers(1, 60),
    hours=st.floats(0.1, 50),
    level=st.sampled_from([0.8, 0.95, 0.99]),
)
def test_each_end_leaves_half_of_the_rest_outside(count, hours, level):
    low, high = two(rate_interval(count, hours, level), "low and high")
    few, many = tails(count, high * hours)[0], tails(count, low * hours)[1]
    rule = (
        "At the high rate so few alarms have a chance of (1 - level) / 2, at the low one"
        " so many. Which of the two is off?"
    )
    wanted = np.full(2, (1 - level) / 2)
    close(np.array([few, many]), wanted, rule, 1e-4, kind=None)


@given(hours=st.floats(0.1, 50), level=st.sampled_from([0.8, 0.95]))
def test_no_alarm_at_all_still_allows_a_rate(hours, level):
    low, high = two(rate_interval(0, hours, level), "low and high")
    equal(float(low), 0.0, "No alarm at all is what a rate of 0 gives. Is low 0?")
    rule = "At the high rate silence has a chance of (1 - level) / 2. What is yours?"
    close(math.exp(-float(high) * hours), (1 - level) / 2, rule, 1e-4)


@given(seed=seeds())
def test_each_wearer_is_tested_by_who_never_met_them(seed):
    rng = np.random.default_rng(seed)
    who = rng.permutation(np.repeat(["Ada", "Bo", "Cy", "Di"], [5, 1, 7, 3]))
    rows, seen = np.arange(len(who)), []

    def run(train, test):
        seen.append((rows[train].tolist(), rows[test].tolist()))

    leave_one_subject_out(who, run)
    splits = LeaveOneGroupOut().split(who, who, who)
    wanted = [(train.tolist(), test.tolist()) for train, test in splits]
    rule = "One person tests, all the others train, each in turn. Who stands where?"
    equal(sorted(seen), sorted(wanted), rule)


def test_every_wearer_has_a_result_of_their_own():
    who = np.array(["Bo", "Ada", "Bo", "Cy", "Cy", "Cy"])
    results = leave_one_subject_out(who, lambda train, test: len(who[test]) / 10)
    rule = "The mean hides whom it fails. Whose result is whose?"
    equal(results, {"Ada": 0.1, "Bo": 0.2, "Cy": 0.3}, rule)


def overconfident(seed, count):
    """Logits three times too large and off by 2; labels drawn from the true ones."""
    rng = np.random.default_rng(seed)
    true = rng.normal(-1, 1.5, count)
    labels = (rng.uniform(size=count) < 1 / (1 + np.exp(-true))).astype(int)
    return 3 * true + 2, labels


def calibrated(logits, labels, new):
    slope, offset = map(float, two(calibrate(logits, labels), "slope and offset"))
    return 1 / (1 + np.exp(-(slope * new + offset)))


def test_the_probabilities_add_up_to_the_falls():
    logits, labels = overconfident(23, 200)
    off = calibrated(logits, labels, logits) - labels
    rule = (
        "At the least cross-entropy, sum(p - label) = 0 and sum((p - label) * logit)"
        " = 0. Is something else made small as well?"
    )
    between(np.array([off.mean(), (off * logits).mean()]), -1e-3, 1e-3, rule)


def test_of_the_windows_told_70_percent_70_percent_are_falls():
    logits, labels = overconfident(32, 20000)
    told = calibrated(logits[:10000], labels[:10000], logits[10000:])
    share, mean = calibration_curve(labels[10000:], told, n_bins=5, strategy="quantile")
    rule = "People whom calibrate has not seen: does the share follow what is told?"
    # Five bins of 2,000: the spread of a share is at most 0.011.
    at_most(np.abs(share - mean).max(), 0.06, rule)


def test_the_brier_score_of_new_windows_falls():
    logits, labels = overconfident(32, 4000)
    told = calibrated(logits[:2000], labels[:2000], logits[2000:])
    raw = 1 / (1 + np.exp(-logits[2000:]))
    gain = brier_score_loss(labels[2000:], raw) - brier_score_loss(labels[2000:], told)
    rule = "Too sure and off by 2 before, fitted after. Did (p - label)² get smaller?"
    at_least(gain, 0.0, rule)

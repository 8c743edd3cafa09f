"""Day 10. What must hold of counts, ratios and curves, one sentence per test."""

import keras
import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn import metrics as referee

from katas.day10.metrics import (
    F1,
    average_precision,
    confusion,
    pr_curve,
    precision_recall_f1,
)
from katas.dojo.judge.check import at_most, between, close, equal, finite, shape


def judged(least=1, most=12):
    """Labels [n] and scores [n] on a coarse grid, so that ties and 0.5 occur."""
    return st.integers(least, most).flatmap(
        lambda n: st.tuples(
            hnp.arrays(np.int32, n, elements=st.integers(0, 1)),
            hnp.arrays(np.float32, n, elements=st.integers(0, 4).map(lambda k: k / 4)),
        )
    )


def counts():
    return hnp.arrays(np.float32, 4, elements=st.integers(0, 50).map(float))


@given(data=judged())
def test_each_window_falls_into_one_of_four_cells(data):
    labels, scores = data
    cells = [0.0] * 4
    for label, score in zip(labels, scores, strict=True):
        cells[2 * (score < 0.5) + (label == 0)] += 1
    rule = "Hits, false alarms, misses, quiet: in this order. Is 0.5 itself an alarm?"
    close(confusion(labels, scores), np.array(cells, "float32"), rule)


@given(data=judged(least=2), threshold=st.sampled_from([0.25, 0.3, 0.75]))
def test_the_threshold_decides_what_an_alarm_is(data, threshold):
    labels, scores = data
    alarms = float((scores >= threshold).sum())
    rule = "At or above the threshold is an alarm. Is yours fixed at one half?"
    counts = np.asarray(confusion(labels, scores, threshold))
    close(counts[0] + counts[1], alarms, rule, kind=None)


@given(data=judged(least=2), threshold=st.sampled_from([-1.0, 0.0, 4.3]))
def test_the_threshold_leaves_the_labels_alone(data, threshold):
    labels, scores = data
    falls = float(labels.sum())
    counts = np.asarray(confusion(labels.astype("float32"), 9 * scores, threshold))
    rule = "A threshold in g, or on logits, is no border between 0 and 1. What cuts labels?"
    close(counts[0] + counts[2], falls, rule, kind=None)


@given(data=judged(least=2))
def test_a_column_counts_like_a_row(data):
    labels, scores = data
    rule = "[n] against [n, 1] makes n x n pairs. Do the counts add up to n?"
    wanted = confusion(labels, scores)
    close(confusion(labels, scores[:, None]), wanted, rule)
    close(confusion(labels[:, None], scores), wanted, rule)


def shares(c):
    """Referee: precision and recall of four counts, 0 where there is no hit."""
    hits, false_alarms, misses, _ = (float(v) for v in c)
    return [hits / (hits + m) if hits else 0.0 for m in (false_alarms, misses)]


@given(c=counts())
def test_precision_and_recall_are_the_two_conditional_shares(c):
    rule = (
        "Precision looks at alarms, recall at falls. Which divides by which, or by 0?"
    )
    shape(precision_recall_f1(c), (3,), rule)
    close(precision_recall_f1(c)[:2], np.float32(shares(c)), rule)


@given(c=counts())
def test_f1_is_the_harmonic_mean(c):
    precision, recall = shares(c)
    f1 = np.asarray(precision_recall_f1(c), "float64")[2]
    wanted = 2 / (1 / precision + 1 / recall) if precision else 0.0
    rule = (
        "1 / F1 is the mean of 1 / precision and 1 / recall. Is yours the plain mean?"
    )
    close(f1, wanted, rule, 1e-4, kind=None)
    between(f1, min(precision, recall) - 1e-6, max(precision, recall) + 1e-6, rule)


def test_no_falls_and_no_alarms_give_zero():
    rule = "Nothing to find and nothing found: 0 by agreement. What does 0 / 0 give?"
    nothing = np.zeros(4, "float32")
    finite(precision_recall_f1(nothing), rule)
    close(precision_recall_f1(nothing), np.zeros(3, "float32"), rule)


@given(data=judged(least=2))
def test_the_ratios_agree_with_scikit_learn(data):
    labels, scores = data
    alarms = (scores >= 0.5).astype(int)
    wanted = referee.precision_recall_fscore_support(
        labels, alarms, average="binary", zero_division=0
    )[:3]
    rule = "Precision, recall, F1, in this order. Which differs?"
    close(precision_recall_f1(confusion(labels, scores)), np.float32(wanted), rule)


@given(data=judged(least=3), cut=st.integers(1, 3))
def test_batches_add_up_to_the_whole(data, cut):
    labels, scores = data
    metric = F1()
    for part in (slice(None, cut), slice(cut, None)):
        metric.update_state(labels[part], scores[part])
    wanted = referee.f1_score(labels, scores >= 0.5, zero_division=0)
    rule = "The F1 of all windows is not the mean of batches' F1. What does it add up?"
    close(metric.result(), np.float32(wanted), rule)
    metric.reset_state()
    for part, weight in ((slice(None, cut), 1.0), (slice(cut, None), 0.2)):
        metric.update_state(labels[part], scores[part], sample_weight=weight)
    rule = "Each window counts once, whatever it weighs in the loss. Does yours?"
    close(metric.result(), np.float32(wanted), rule)


@given(data=judged(least=2))
def test_a_reset_forgets_everything(data):
    labels, scores = data
    metric = F1()
    metric.update_state(np.array([1, 0, 0]), np.array([0.1, 0.9, 0.9]))
    metric.reset_state()
    metric.update_state(labels, scores)
    wanted = referee.f1_score(labels, scores >= 0.5, zero_division=0)
    rule = "After a reset the next epoch starts at nothing. Are the old counts gone?"
    close(metric.result(), np.float32(wanted), rule)


def test_keras_reports_the_same_f1_while_it_evaluates():
    x = np.linspace(0, 1, 50, dtype="float32")[:, None]
    labels = (np.sin(9 * x[:, 0]) > 0.3).astype("float32")
    inputs = keras.Input((1,))
    model = keras.Model(inputs, keras.layers.Identity()(inputs))
    model.compile(loss="mse", metrics=[F1(threshold=0.4)])
    found = model.evaluate(x, labels, batch_size=7, verbose=0, return_dict=True)["f1"]
    wanted = float(referee.f1_score(labels, x[:, 0] >= 0.4))
    rule = "evaluate feeds 7 windows at a time, in a graph. Whose threshold cuts them?"
    close(found, wanted, rule, 1e-4, kind=None)


@given(data=judged(least=2))
def test_the_curve_has_one_point_per_distinct_score(data):
    labels, scores = data
    assume(labels.any())
    thresholds = sorted(set(scores.tolist()), reverse=True)
    rows = [np.asarray(confusion_by_loop(labels, scores, t)) for t in thresholds]
    recall, precision = pr_curve(labels, scores)
    rule = "Equal scores give an alarm together. Is there a point inside a tie?"
    wanted = np.array([hits / labels.sum() for hits, _ in rows])
    close(recall, wanted, rule, kind=None)
    wanted = np.array([hits / (hits + false) for hits, false in rows])
    close(precision, wanted, "Precision at each score: hits among alarms.", kind=None)


def test_any_two_scores_that_differ_are_two_points():
    scores = np.array([3e-9, 2e-9, -2.0, 0.912, 0.911])
    before, labels = scores.copy(), np.array([1, 0, 1, 0, 1])
    recall, precision = pr_curve(labels, scores)
    rule = "Scores may be any numbers, ever so close. Which thresholds do you try?"
    close(recall, np.array([0, 1, 2, 2, 3]) / 3, rule, kind=None)
    close(precision, np.array([0, 1 / 2, 2 / 3, 2 / 4, 3 / 5]), rule, kind=None)
    equal(scores, before, "The caller's scores stay as they are. Who turns them?")


def confusion_by_loop(labels, scores, threshold):
    """Referee: hits and false alarms, one window at a time."""
    hits = sum(1 for a, s in zip(labels, scores, strict=True) if s >= threshold and a)
    return hits, sum(1 for s in scores if s >= threshold) - hits


@given(data=judged(least=2))
def test_recall_never_falls_as_the_threshold_does(data):
    labels, scores = data
    assume(labels.any())
    recall, _ = pr_curve(labels, scores)
    rule = "A lower threshold only adds alarms. Are the scores sorted, highest first?"
    at_most(-np.diff(recall, prepend=0), 0, rule)
    equal(float(recall[-1]), 1.0, "At the lowest score every fall is found.")


@given(data=judged(least=2))
def test_the_average_precision_agrees_with_scikit_learn(data):
    labels, scores = data
    assume(labels.any())
    wanted = referee.average_precision_score(labels, scores)
    rule = "The area under the steps. Do ties or the order of the windows move it?"
    close(average_precision(labels, scores), float(wanted), rule, kind=None)

"""Day 11. Laws of a loss, a metric and a pipeline: tests that wrong code fails.

Each function is a law. Add laws of your own: any function named test_... counts.
"""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from katas.day11.under_test import batches, cross_entropy, f1
from katas.dojo.judge.check import at_most, close, equal
from katas.dojo.judge.strategies import arrays, labels, seeds

SIZES = st.integers(1, 7)
LOGITS = arrays(3, 4)


@st.composite
def judged(draw):  # given
    """Draw truth [n] and alarms [n] or [n, 1], each entry 0 or 1."""
    n = draw(st.integers(1, 9))
    truth, alarms = draw(labels(2, n)), draw(labels(2, n))
    return truth, alarms[:, None] if draw(st.booleans()) else alarms


def numbered(count):  # given
    """Return x [count, 2] and y [count], where row k of both knows that it is k."""
    y = np.arange(count)
    return np.stack([10 * y, 10 * y + 1], axis=1), y


def order(count, seed):  # given
    """Return the rows' numbers in the order in which batches hands them out."""
    return np.concatenate(
        [x[:, 0] // 10 for x, _ in batches(*numbered(count), 4, seed)]
    )


@given(rows=SIZES, classes=SIZES)
def test_equal_logits_cost_ln_k(rows, classes):
    """Check that logits of 0 cost ln(classes), however many rows there are.

    Kind: a known value. Hint: `np.zeros((rows, classes))`; any labels will do.
    """
    found = cross_entropy(np.zeros((rows, classes)), np.zeros(rows, int))
    close(found, np.log(classes), "An equal share for each class costs ln(classes).")


@given(logits=LOGITS, truth=labels(4, 3), constant=st.floats(-1e4, 1e4))
def test_a_constant_on_all_logits_changes_nothing(logits, truth, constant):
    """Check that the loss of logits + constant is the loss of logits.

    Kind: an invariance. Hint: float32 loses digits at 10,000: make them float64 first.
    """
    logits = logits.astype("float64")
    before = cross_entropy(logits, truth)
    after = cross_entropy(logits + constant, truth)
    close(after, before, "A constant cancels in softmax.", 1e-6, 1e-6)


@given(logits=LOGITS, truth=labels(4, 3))
def test_more_at_the_label_costs_less(logits, truth):
    """Check that the loss falls when a label's logit rises.

    Kind: a direction. Hint: change a copy, at the label of one row or of each.
    """
    more = logits.copy()
    more[np.arange(3), truth] += 1
    change = cross_entropy(more, truth) - cross_entropy(logits, truth)
    at_most(change, -1e-3, "A larger share for the label costs less.")


@given(data=judged())
def test_f1_agrees_with_counts_in_a_loop(data):
    """Check f1 against a count of hits, falls and alarms, one window at a time.

    Kind: an oracle, slow and obvious. Hint: `alarms.ravel()` makes a row of a column.
    """
    truth, alarms = data
    hits = falls = given = 0
    for fall, alarm in zip(truth, alarms.ravel(), strict=True):
        hits, falls, given = hits + (fall and alarm), falls + fall, given + alarm
    wanted = 2 * hits / (falls + given) if hits else 0.0
    close(f1(truth, alarms), wanted, "F1 is 2 hits / (falls + alarms).")


@given(count=st.integers(1, 20), size=SIZES, seed=seeds())
def test_each_row_comes_once_with_its_label(count, size, seed):
    """Check that batches lose no row, repeat none, and keep x and y together.

    Kind: conservation. Hint: `numbered(count)`; join the batches, sort, compare.
    """
    x, y = numbered(count)
    parts = list(batches(x, y, size, seed))
    xs, ys = (np.concatenate(each) for each in zip(*parts, strict=True))
    equal(xs[:, 0], 10 * ys, "A row keeps its label.")
    equal(np.sort(ys), y, "Each row comes once.")


@given(seed=st.integers(0, 99))
def test_the_seed_decides_the_order(seed):
    """Check that the same seed gives the same order and another seed another.

    Kind: repeatability. Hint: `order(50, seed)`; of 50 rows no two orders are alike.
    """
    once, again, other = (order(50, s) for s in (seed, seed, seed + 1))
    equal(again, once, "The same seed, the same order.")
    equal(bool(np.all(other == once)), False, "Another seed, another order.")

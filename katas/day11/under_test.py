"""Day 11. The code under test: right as it stands here, and not to be edited.

Your laws are run against it and against broken copies of it.
"""

import numpy as np


def cross_entropy(logits, labels):
    """Return the mean over rows of -ln softmax(logits)[label].

    Shapes
        logits   [n, classes]  any finite numbers
        labels   [n]           0 to classes - 1
        returns  float
    """
    logits = np.asarray(logits, "float64")
    shifted = logits - logits.max(axis=1, keepdims=True)  # [n, classes]
    total = np.exp(shifted).sum(axis=1, keepdims=True)  # [n, 1]
    log_shares = shifted - np.log(total)  # [n, classes]
    rows = np.arange(len(labels))
    return -float(np.mean(log_shares[rows, labels]))


def f1(truth, alarms):
    """Return F1 = 2 hits / (falls + alarms given); 0 where there is no hit.

    Shapes
        truth    [n] or [n, 1]  1 where there is a fall, else 0
        alarms   [n] or [n, 1]  1 where an alarm is given, else 0
        returns  float, 0 to 1
    """
    truth, alarms = np.ravel(truth), np.ravel(alarms)  # [n]
    hits = float(np.sum(truth * alarms))
    both = float(np.sum(truth) + np.sum(alarms))
    return 2 * hits / both if hits else 0.0


def batches(x, y, size, seed=None):
    """Yield (x, y) in batches: each row once, in an order drawn from the seed.

    Shapes
        x       [n, ...]
        y       [n]
        yields  ([size, ...], [size]), the last one may be shorter
    """
    order = np.random.default_rng(seed).permutation(len(x))
    for start in range(0, len(x), size):
        rows = order[start : start + size]
        yield x[rows], y[rows]

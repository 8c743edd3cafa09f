"""Day 22. When falls are rare: weights, a loss, a stream, a bias, a threshold."""

import numpy as np
import tensorflow as tf
from keras import ops


def class_weights(labels):
    """Return one weight a kind, so that each kind weighs the same in total.

    Shapes
        labels   int [n]  of any kinds, mostly 0 daily life, 1 fall
        returns  {kind: weight}, an int and a float each; the mean over all n is 1

    Hint: np.unique with return_counts=True.
    """
    raise NotImplementedError(
        "day 22: return one weight a kind, so that each kind weighs the same in total"
    )


def focal_loss(labels, logits, gamma=2.0, alpha=None):
    """Return the mean cross-entropy, each window dimmed by how right it is.

    Shapes
        labels   [n] or [n, 1]  0 or 1, any dtype
        logits   [n] or [n, 1]  P(fall) = sigmoid(logit), any dtype of floats
        alpha    weight of a fall, 1 - alpha of daily life; None: 1 for both
        returns  float32 []     mean of -weight * (1 - p)**gamma * log(p), where p is
                                the probability given to the truth; it and its slope are
                                finite for every logit and gamma

    Hint: p = sigmoid(z) with z = logit for a fall, -logit for daily life; then
    log(p) = -softplus(-z) and log(1 - p) = -softplus(z).
    Source: Lin et al. 2017, arXiv:1708.02002, eq. 4-5.
    """
    raise NotImplementedError(
        "day 22: return the mean cross-entropy, each window dimmed by how right it is"
    )


def resample(x, labels, train, share=0.5, size=32, seed=None):
    """Return an endless stream of batches in which falls have the given share.

    Shapes
        x        [n, ...]
        labels   int [n]     1 fall, 0 daily life
        train    int [rows]  the rows that train; no other is ever drawn
        seed     the same seed gives the same stream; None draws one
        returns  Dataset of ([size, ...], [size]), in random order, rows drawn again
                 when all have been

    Hint: a shuffled, repeated Dataset for each kind; sample_from_datasets; batch.
    """
    raise NotImplementedError(
        "day 22: return an endless stream of batches in which falls have the given share"
    )


def prior_shift(seen, natural):
    """Return what to add to a logit when falls are as rare as `natural`.

    Shapes
        seen     share of falls that the logit was made for, 0 to 1
        natural  share of falls where it will be used, 0 to 1
        returns  a number; added to the output's bias, it moves every logit

    Hint: odds are share / (1 - share), and a logit is the logarithm of odds.
    Source: Elkan 2001, "The foundations of cost-sensitive learning", section 3.
    """
    raise NotImplementedError(
        "day 22: return what to add to a logit when falls are as rare as `natural`"
    )


def f1(labels, scores, threshold):  # given
    """Return F1 when a score at or over the threshold raises an alarm (day 10)."""
    fall, alarm = np.ravel(labels) == 1, np.ravel(scores) >= threshold
    return float(2 * np.sum(fall & alarm) / max(np.sum(fall) + np.sum(alarm), 1))


def best_threshold(labels, scores):
    """Return a threshold with the highest F1 on these windows.

    Shapes
        labels   int [n]
        scores   [n]  logits or probabilities
        returns  a number; a score at or over it raises an alarm

    Hint: F1 changes only where a score lies; max takes a key.
    """
    raise NotImplementedError(
        "day 22: return a threshold with the highest F1 on these windows"
    )


def operating_point(validation, test):
    """Return the threshold to use, and the F1 to report for it.

    Shapes
        validation  (labels [n], scores [n])  of people who neither train nor test
        test        (labels [m], scores [m])  of people nobody has looked at
        returns     (threshold, F1), two numbers

    Hint: one of the two pairs chooses, the other one judges.
    """
    raise NotImplementedError(
        "day 22: return the threshold to use, and the F1 to report for it"
    )

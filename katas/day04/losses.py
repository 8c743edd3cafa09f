"""Day 04. Losses: how surprised a model is by what happened."""

import tensorflow as tf


def mse(labels, predictions):
    """Return the mean squared error over all entries.

    Shapes
        labels       any
        predictions  as labels
        returns      []

    Hint: difference, square, mean.
    """
    raise NotImplementedError("day 04: return the mean squared error over all entries")


def binary_cross_entropy(labels, logits):
    """Return the mean surprise at 0/1 labels [nats], finite for every logit.

    Shapes
        labels   any        the share of label 1, mostly 0 or 1
        logits   as labels  P(1) = sigmoid(logit)
        returns  []

    Hint: -log(sigmoid(z)) is softplus(-z), and 1 - sigmoid(z) is sigmoid(-z).
    Source: Goodfellow, Bengio & Courville 2016, Deep Learning, section 6.2.2.2.
    """
    raise NotImplementedError(
        "day 04: return the mean surprise at 0/1 labels [nats], finite for every logit"
    )


def categorical_cross_entropy(labels, logits):
    """Return the mean surprise at the classes [nats], finite for every logit.

    Shapes
        labels   [..., classes]  shares that sum to 1, mostly one 1 among zeros
        logits   [..., classes]  P = softmax(logits)
        returns  []

    Hint: log(softmax(z)) is z less the log of the sum of exp(z), in one function.
    Source: Goodfellow, Bengio & Courville 2016, Deep Learning, section 6.2.2.3.
    """
    raise NotImplementedError(
        "day 04: return the mean surprise at the classes [nats], finite for every logit"
    )


def kl_divergence(p, q):
    """Return what believing q costs where p is true, row by row [nats].

    Shapes
        p        [..., classes]  shares that sum to 1; some may be 0
        q        [..., classes]  shares that sum to 1, none 0
        returns  [...]           the expectation under p of log p - log q

    Hint: 0 log 0 counts as 0; one function of tf.math says so.
    Source: Goodfellow, Bengio & Courville 2016, Deep Learning, section 3.13.
    """
    raise NotImplementedError(
        "day 04: return what believing q costs where p is true, row by row [nats]"
    )


def smooth_labels(labels, smoothing):
    """Return labels of which a share is spread evenly over all classes.

    Shapes
        labels     [..., classes]  shares that sum to 1
        smoothing  the share that is spread, 0 to 1
        returns    [..., classes]  shares that sum to 1

    Hint: take the share off everyone, give it back in equal parts.
    Source: Szegedy et al. 2016, arXiv:1512.00567, section 7.
    """
    raise NotImplementedError(
        "day 04: return labels of which a share is spread evenly over all classes"
    )

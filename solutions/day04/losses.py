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
    return tf.reduce_mean(tf.square(predictions - labels))  # []


def binary_cross_entropy(labels, logits):
    """Return the mean surprise at 0/1 labels [nats], finite for every logit.

    Shapes
        labels   any        the share of label 1, mostly 0 or 1
        logits   as labels  P(1) = sigmoid(logit)
        returns  []

    Hint: -log(sigmoid(z)) is softplus(-z), and 1 - sigmoid(z) is sigmoid(-z).
    Source: Goodfellow, Bengio & Courville 2016, Deep Learning, section 6.2.2.2.
    """
    at_1, at_0 = tf.math.softplus(-logits), tf.math.softplus(logits)
    return tf.reduce_mean(labels * at_1 + (1 - labels) * at_0)  # []


def categorical_cross_entropy(labels, logits):
    """Return the mean surprise at the classes [nats], finite for every logit.

    Shapes
        labels   [..., classes]  shares that sum to 1, mostly one 1 among zeros
        logits   [..., classes]  P = softmax(logits)
        returns  []

    Hint: log(softmax(z)) is z less the log of the sum of exp(z), in one function.
    Source: Goodfellow, Bengio & Courville 2016, Deep Learning, section 6.2.2.3.
    """
    log_sum = tf.reduce_logsumexp(logits, axis=-1, keepdims=True)  # [..., 1]
    surprise = -tf.reduce_sum(labels * (logits - log_sum), axis=-1)  # [...]
    return tf.reduce_mean(surprise)  # []


def kl_divergence(p, q):
    """Return what believing q costs where p is true, row by row [nats].

    Shapes
        p        [..., classes]  shares that sum to 1; some may be 0
        q        [..., classes]  shares that sum to 1, none 0
        returns  [...]           the expectation under p of log p - log q

    Hint: 0 log 0 counts as 0; one function of tf.math says so.
    Source: Goodfellow, Bengio & Courville 2016, Deep Learning, section 3.13.
    """
    return tf.reduce_sum(tf.math.xlogy(p, p) - tf.math.xlogy(p, q), axis=-1)  # [...]


def smooth_labels(labels, smoothing):
    """Return labels of which a share is spread evenly over all classes.

    Shapes
        labels     [..., classes]  shares that sum to 1
        smoothing  the share that is spread, 0 to 1
        returns    [..., classes]  shares that sum to 1

    Hint: take the share off everyone, give it back in equal parts.
    Source: Szegedy et al. 2016, arXiv:1512.00567, section 7.
    """
    classes = labels.shape[-1]
    return (1 - smoothing) * labels + smoothing / classes  # [..., classes]

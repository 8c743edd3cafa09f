"""Day 01. Tensors: a recording becomes numbers that can be compared."""

import tensorflow as tf


def magnitude(x):
    """Return the Euclidean length of each row, whatever way the sensor lies.

    Shapes
        x        [..., axes]  acceleration [g]; here 3 axes, but any number works
        returns  [...]        length [g]

    Hint: three operations from the inside out: square, sum, root.
    """
    return tf.sqrt(tf.reduce_sum(tf.square(x), axis=-1))  # [...]


def standardise(x):
    """Return x with mean 0 and standard deviation 1, per sequence and channel.

    Shapes
        x        [batch, time, channels]
        returns  [batch, time, channels]  0 where a channel is constant

    Hint: statistics that keep the time axis broadcast against x.
    """
    # Taking the first step away costs nothing and makes a constant channel exactly 0;
    # the mean of seven times 0.1 is not 0.1 in float32.
    x = x - x[:, :1]  # [batch, time, channels]
    centred = x - tf.reduce_mean(x, axis=1, keepdims=True)
    deviation = tf.math.reduce_std(x, axis=1, keepdims=True)  # [batch, 1, channels]
    return tf.math.divide_no_nan(centred, deviation)


def windows(x, length, hop):
    """Return the overlapping windows of a recording, whole ones only.

    Shapes
        x        [time, channels]
        length   steps in a window; hop: steps from one window's start to the next
        returns  [count, length, channels]  window k starts at step k * hop; count may be 0

    Hint: starts as a column, steps as a row; their sum says which rows to gather.
    """
    count = max(0, 1 + (len(x) - length) // hop)
    starts = hop * tf.range(count)  # [count]
    steps = starts[:, tf.newaxis] + tf.range(length)  # [count, length]
    return tf.gather(x, steps)  # [count, length, channels]


def distances(a, b):
    """Return the Euclidean distance of each row of a to each row of b.

    Shapes
        a        [rows, features]
        b        [columns, features]
        returns  [rows, columns]  in the dtype of a

    Hint: [rows, 1, features] - [1, columns, features] is every difference at once.
    """
    difference = a[:, tf.newaxis] - b[tf.newaxis]  # [rows, columns, features]
    return magnitude(difference)  # [rows, columns]

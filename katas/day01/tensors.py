"""Day 01. Tensors: a recording becomes numbers that can be compared."""

import tensorflow as tf


def magnitude(x):
    """Return the Euclidean length of each row, whatever way the sensor lies.

    Shapes
        x        [..., axes]  acceleration [g]; here 3 axes, but any number works
        returns  [...]        length [g]

    Hint: three operations from the inside out: square, sum, root.
    """
    raise NotImplementedError(
        "day 01: return the Euclidean length of each row, whatever way the sensor lies"
    )


def standardise(x):
    """Return x with mean 0 and standard deviation 1, per sequence and channel.

    Shapes
        x        [batch, time, channels]
        returns  [batch, time, channels]  0 where a channel is constant

    Hint: statistics that keep the time axis broadcast against x.
    """
    raise NotImplementedError(
        "day 01: return x with mean 0 and standard deviation 1, per sequence and channel"
    )


def windows(x, length, hop):
    """Return the overlapping windows of a recording, whole ones only.

    Shapes
        x        [time, channels]
        length   steps in a window; hop: steps from one window's start to the next
        returns  [count, length, channels]  window k starts at step k * hop; count may be 0

    Hint: starts as a column, steps as a row; their sum says which rows to gather.
    """
    raise NotImplementedError(
        "day 01: return the overlapping windows of a recording, whole ones only"
    )


def distances(a, b):
    """Return the Euclidean distance of each row of a to each row of b.

    Shapes
        a        [rows, features]
        b        [columns, features]
        returns  [rows, columns]  in the dtype of a

    Hint: [rows, 1, features] - [1, columns, features] is every difference at once.
    """
    raise NotImplementedError(
        "day 01: return the Euclidean distance of each row of a to each row of b"
    )

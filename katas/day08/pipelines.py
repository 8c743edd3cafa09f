"""Day 08. Pipelines: the data as a stream, shuffled, scaled, cut and balanced."""

import numpy as np
import tensorflow as tf


def batches(x, y, size, seed=None):
    """Return a stream of batches in a new order each epoch.

    Shapes
        x        [n, ...]
        y        [n]
        returns  Dataset of ([batch, ...], [batch]), the last one may be short

    Hint: from_tensor_slices, then shuffle, batch, prefetch: the order matters.
    """
    raise NotImplementedError(
        "day 08: return a stream of batches in a new order each epoch"
    )


def statistics(data):
    """Return mean and standard deviation of each channel, in one pass.

    Shapes
        data     Dataset of (x, y) with x [batch, time, channels]
        returns  (mean, deviation), each float32 [channels]

    Hint: three running sums suffice: how many, their sum, the sum of their squares.
    """
    raise NotImplementedError(
        "day 08: return mean and standard deviation of each channel, in one pass"
    )


def normalised(data, mean, deviation):
    """Return the stream with x scaled by the statistics that are given.

    Shapes
        data       Dataset of (x, y) with x [..., channels]
        mean       [channels]; deviation [channels]
        returns    Dataset of ((x - mean) / deviation, y)
    """
    raise NotImplementedError(
        "day 08: return the stream with x scaled by the statistics that are given"
    )


def windowed(recordings, length, hop):
    """Return a stream of windows, cut only when they are asked for.

    Shapes
        recordings  iterable of float32 [time, channels], 6 channels each
        returns     Dataset of (window float32 [length, 6], number int32 of its recording)

    Hint: a generator that yields; tf.data.Dataset.from_generator with a TensorSpec.
    """
    raise NotImplementedError(
        "day 08: return a stream of windows, cut only when they are asked for"
    )


def balanced(falls, daily, share, seed=None):
    """Return an endless stream in which falls have the given share.

    Shapes
        falls, daily  Dataset of elements of one kind; each is read again when it ends
        share         of the elements that come from falls, 0 to 1

    Hint: tf.data.Dataset.sample_from_datasets, with weights.
    """
    raise NotImplementedError(
        "day 08: return an endless stream in which falls have the given share"
    )

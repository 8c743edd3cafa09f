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
    Source: Murray et al. 2021, arXiv:2101.12127; tf.data.Dataset in the API docs.
    """
    raise NotImplementedError(
        "day 08: return a stream of batches in a new order each epoch"
    )


def statistics(data):
    """Return mean and standard deviation of each channel, in one pass.

    Shapes
        data     Dataset of (x, y) with x [batch, time, channels], in any unit
        returns  (mean, deviation), each float32 [channels], in the unit of x

    Hint: three running sums suffice: how many, their sum, the sum of their squares.
    Source: Chan, Golub & LeVeque 1983, doi:10.1080/00031305.1983.10483115.
    """
    raise NotImplementedError(
        "day 08: return mean and standard deviation of each channel, in one pass"
    )


def normalised(data, mean, deviation):
    """Return the stream with x scaled by the statistics that are given.

    Shapes
        data             Dataset of (x, y) with x [..., channels]
        mean, deviation  [channels], in the unit of x
        returns          Dataset of ((x - mean) / deviation, y), no unit; 0 in a channel
                         that never moved, whose deviation is 0

    Hint: map; and which division by 0 gives 0?
    Source: Dataset.map and tf.math.divide_no_nan in TensorFlow's API documentation.
    """
    raise NotImplementedError(
        "day 08: return the stream with x scaled by the statistics that are given"
    )


def windowed(recordings, length, hop):
    """Return a stream of windows, cut only when they are asked for.

    Shapes
        recordings   iterable of float32 [time, 6], acceleration [g], rate [rad/s]
        length, hop  []  samples in a window, and from one start to the next
        returns      Dataset of (window float32 [length, 6], number int32 []), the number
                     being that of its recording: 0, 1, ...

    Hint: a generator that yields; tf.data.Dataset.from_generator with a TensorSpec.
    Source: Dataset.from_generator in TensorFlow's API documentation.
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
    Source: Dataset.sample_from_datasets in TensorFlow's API documentation.
    """
    raise NotImplementedError(
        "day 08: return an endless stream in which falls have the given share"
    )

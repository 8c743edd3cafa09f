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
    data = tf.data.Dataset.from_tensor_slices((x, y))
    data = data.shuffle(len(x), seed=seed, reshuffle_each_iteration=True)
    return data.batch(size).prefetch(tf.data.AUTOTUNE)


def statistics(data):
    """Return mean and standard deviation of each channel, in one pass.

    Shapes
        data     Dataset of (x, y) with x [batch, time, channels], in any unit
        returns  (mean, deviation), each float32 [channels], in the unit of x

    Hint: three running sums suffice: how many, their sum, the sum of their squares.
    Source: Chan, Golub & LeVeque 1983, doi:10.1080/00031305.1983.10483115.
    """
    count, total, squares = 0, 0.0, 0.0
    for x, _ in data:
        rows = np.asarray(x, "float64").reshape(-1, x.shape[-1])  # [rows, channels]
        count += len(rows)
        total = total + rows.sum(axis=0)  # [channels]
        squares = squares + (rows**2).sum(axis=0)  # [channels]
    mean = total / count
    # Rounding can leave a difference a little below 0, whose root would be NaN.
    deviation = np.sqrt(np.maximum(squares / count - mean**2, 0))
    return mean.astype("float32"), deviation.astype("float32")


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
    return data.map(lambda x, y: (tf.math.divide_no_nan(x - mean, deviation), y))


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

    def cut():
        for number, signal in enumerate(recordings):
            for start in range(0, len(signal) - length + 1, hop):
                yield signal[start : start + length], number

    window = tf.TensorSpec((length, 6), tf.float32)
    number = tf.TensorSpec((), tf.int32)
    return tf.data.Dataset.from_generator(cut, output_signature=(window, number))


def balanced(falls, daily, share, seed=None):
    """Return an endless stream in which falls have the given share.

    Shapes
        falls, daily  Dataset of elements of one kind; each is read again when it ends
        share         of the elements that come from falls, 0 to 1

    Hint: tf.data.Dataset.sample_from_datasets, with weights.
    Source: Dataset.sample_from_datasets in TensorFlow's API documentation.
    """
    return tf.data.Dataset.sample_from_datasets(
        [falls.repeat(), daily.repeat()], weights=[share, 1 - share], seed=seed
    )

"""Day 21. Each prediction meets its experiment."""

import tempfile
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from katas.day21 import quiz
from katas.dojo.judge.quiz import predicted


def written(write):
    """The tensors found in a folder of event files before the writer is flushed,
    and after."""

    def read():
        files = [str(file) for file in Path(folder).rglob("events*")]
        records = tf.data.TFRecordDataset(files)
        parsed = [tf.compat.v1.Event.FromString(r.numpy()) for r in records]
        values = [value for event in parsed for value in event.summary.value]
        return [tf.make_ndarray(value.tensor) for value in values]

    with tempfile.TemporaryDirectory() as folder:
        writer = tf.summary.create_file_writer(folder)
        with writer.as_default(step=1):
            write()
            before = read()
        writer.close()
        return before, read()


def cosine(done):
    """The share of the peak that stock Keras leaves at a share of the way."""
    return float(keras.optimizers.schedules.CosineDecay(1.0, 1000)(1000 * done))


def test_the_step_of_the_last_epoch():
    model = keras.Sequential([keras.Input((1,)), layers.Dense(1)])
    model.compile("sgd", "mse")
    x = np.zeros((1000, 1), "float32")
    model.fit(x, x, 64, 5, verbose=0)
    why = "15 full batches and a short one are 16 steps an epoch, 80 in five."
    predicted(quiz.last_step, int(model.optimizer.iterations), why)


def test_the_rate_halfway():
    why = "Halfway the cosine is 0, and (1 + 0) / 2 of the peak is left."
    predicted(quiz.halfway, round(0.01 * cosine(0.5), 6), why, tolerance=0.01)


def test_the_rate_at_a_quarter():
    lost = 1 - cosine(0.25)
    words = ["less than a quarter", "a quarter", "more than a quarter"]
    answer = words[int(np.sign(round(lost - 0.25, 3))) + 1]
    why = "A cosine starts flat: (1 + cos 45 degrees) / 2 = 0.85 of the peak is left."
    predicted(quiz.at_a_quarter, answer, why)


def test_the_scalars_of_a_writer_that_was_not_flushed():
    before, _ = written(lambda: [tf.summary.scalar(f"s{k}", 0.5) for k in range(5)])
    why = "A writer gathers events in memory until there are many, or it is flushed."
    predicted(quiz.found_unflushed, len(before), why)


def test_the_buckets_of_a_histogram():
    weights = np.random.default_rng(0).normal(size=6144)
    _, after = written(lambda: tf.summary.histogram("weights", weights))
    why = (
        "30 buckets of left edge, right edge and count, however many weights there are."
    )
    predicted(quiz.buckets, len(after[0]), why)

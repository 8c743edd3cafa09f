"""Day 25. Each prediction meets its experiment."""

import keras
import numpy as np
import tensorflow as tf

from katas.day25 import quiz
from katas.dojo.judge.quiz import predicted


def ring(vectors):
    """All-reduce in a ring; (the vectors afterwards, numbers that each one sent)."""
    devices = len(vectors)
    held = [np.split(vector.astype("float64"), devices) for vector in vectors]
    sent = [0] * devices
    for turn in range(2 * (devices - 1)):
        adding = turn < devices - 1
        chunk = [(device - turn) % devices for device in range(devices)]
        parcels = [held[device][chunk[device]].copy() for device in range(devices)]
        for device, parcel in enumerate(parcels):
            after, sent[device] = (device + 1) % devices, sent[device] + parcel.size
            old = held[after][chunk[device]] if adding else 0.0
            held[after][chunk[device]] = old + parcel
    return [np.concatenate(chunks) for chunks in held], sent


def test_the_number_of_steps():
    batches = tf.data.Dataset.range(8192).batch(8 * 32)
    why = "The replicas take one step together: 8 x 32 = 256, and 8,192 / 256 = 32."
    predicted(quiz.steps, int(batches.cardinality()), why)


def test_the_mean_of_two_means():
    losses = tf.ragged.constant([[1.0, 1.0, 1.0], [5.0]])
    answer = float(tf.reduce_mean(tf.reduce_mean(losses, axis=1)))
    why = (
        "(1 + 5) / 2: the fourth example now counts three times as much as each other."
    )
    predicted(quiz.mean_of_means, answer, why)


def test_the_variance_on_a_replica():
    layer = keras.layers.BatchNormalization(momentum=0.0)  # it keeps the last batch's
    layer(np.float32([[0], [2]]), training=True)
    why = "It sees its own share: mean 1, so (1 + 1) / 2. The distance to 10 and 12 is lost."
    predicted(quiz.variance_on_a_replica, float(layer.moving_variance.numpy()[0]), why)


def test_the_first_step_of_adam():
    ways = []
    for slope in (1.0, 4.0):
        weight = keras.Variable(0.0)
        keras.optimizers.Adam(0.01).apply([tf.constant(slope)], [weight])
        ways.append(float(weight.numpy()))
    why = (
        "Adam divides by the gradient's own size, so it hides the fault; SGD shows it."
    )
    predicted(quiz.adam_step, ways[1] / ways[0], why, tolerance=0.001)


def test_the_numbers_that_a_device_sends_in_a_ring():
    vectors = np.random.default_rng(0).normal(size=(4, 35_000))
    after, sent = ring(vectors)
    summed = all(np.allclose(vector, vectors.sum(axis=0)) for vector in after)
    why = "2 x 3 rounds of a quarter each: 6 x 8,750. Ten devices would send 63,000."
    predicted(quiz.sent, sent[0] if summed and len(set(sent)) == 1 else None, why)

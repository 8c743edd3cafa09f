"""Day 25. What training on many devices must do, one sentence per test."""

from types import SimpleNamespace

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st
from keras import layers

from katas.day25 import workers
from katas.day25.distribution import (
    accumulate,
    global_batch,
    moments,
    replica_loss,
    train_step,
)
from katas.dojo.judge.check import at_most, close, equal
from katas.dojo.judge.strategies import noise

RATE, STEPS = 0.1, 3


@pytest.fixture(scope="module")
def two_devices():
    """One process that mirrors over two logical CPUs; it starts when it is asked."""
    with workers.devices(2) as crew:
        yield crew


@pytest.fixture(scope="module")
def two_workers():
    """Two processes that are joined over loopback; they start when they are asked."""
    with workers.cluster(2) as crew:
        yield crew


def examples(count=12, seed=25):
    """float32 x [count, 5], y [count, 1]: sizes that no axis of the model has."""
    draw = np.random.default_rng(seed).normal
    return draw(size=(count, 5)).astype("float32"), draw(size=(count, 1)).astype("f4")


def network(l2=0.0):
    """A small model, the same for each process."""
    keras.utils.set_random_seed(25)
    kept = keras.regularizers.L2(l2) if l2 else None
    hidden = layers.Dense(3, "tanh", kernel_regularizer=kept)
    return keras.Sequential([keras.Input((5,)), hidden, layers.Dense(1)])


def weighted(y, prediction):
    """One loss for each example, [share]; large y count more, so the two are no equals."""
    return tf.reduce_sum(y**2 * (prediction - y) ** 2, axis=-1)


def shares(strategy, rows):
    """Rows cut into one share for each replica, the first ones larger by one."""

    def share(context):
        cut = np.array_split(rows, context.num_replicas_in_sync)
        return tf.constant(cut[context.replica_id_in_sync_group])

    return strategy.experimental_distribute_values_from_function(share)


def train(strategy, count=12, l2=0.0):
    """Run the learner's step; (losses [STEPS], weights). Also a job for a crew."""
    (x, y), losses = examples(count), []
    with strategy.scope():
        model, optimizer = network(l2), keras.optimizers.SGD(RATE, momentum=0.9)
        optimizer.build(model.trainable_variables)
    x, y, step = shares(strategy, x), shares(strategy, y), tf.function(train_step)
    for _ in range(STEPS):
        losses.append(step(strategy, model, optimizer, weighted, count, x, y))
    return [np.asarray(value) for value in losses], model.get_weights()


def moments_of(strategy, rows):
    """A job: (mean, variance) as each replica in reach finds them."""
    run = tf.function(lambda x: strategy.run(moments, (x,)))
    found = [
        strategy.experimental_local_results(part)
        for part in run(shares(strategy, rows))
    ]
    return [
        (mean.numpy(), variance.numpy()) for mean, variance in zip(*found, strict=True)
    ]


def by_keras(count=12, l2=0.0):
    """Referee: Keras' own training of the same model on one device."""
    (x, y), model = examples(count), network(l2)
    model.compile(keras.optimizers.SGD(RATE, momentum=0.9), weighted)
    losses = [model.train_on_batch(x, y) for _ in range(STEPS)]
    return np.float32(losses), model.get_weights()


def compare(found, wanted, rule, whole="Do its parts add up, and of before the step?"):
    """Weights, then losses, to 1e-5."""
    for weight, other in zip(found[1], wanted[1], strict=True):
        close(weight, other, rule, 1e-5, 1e-5)
    rule = f"A step returns the loss of the whole batch. {whole}"
    close(np.float32(found[0]), wanted[0], rule, 1e-5, 1e-5)


@given(batch=st.integers(1, 512), replicas=st.integers(1, 64))
def test_each_replica_takes_its_batch_of_the_global_batch(batch, replicas):
    strategy = SimpleNamespace(num_replicas_in_sync=replicas)
    rule = "Each replica takes `batch` examples. How many do they take together?"
    equal(global_batch(strategy, batch, 0.1)[0], batch * replicas, rule)


@given(rate=st.sampled_from([0.001, 0.01, 0.5]), replicas=st.integers(1, 64))
def test_the_learning_rate_grows_with_the_global_batch(rate, replicas):
    strategy = SimpleNamespace(num_replicas_in_sync=replicas)
    rule = "One step stands for as many as there are replicas. How long is it then?"
    found = global_batch(strategy, 32, rate)[1]
    close(found, rate * replicas, rule, kind=None)


@given(losses=noise((2, 6), (1, 5)))
def test_the_parts_of_the_loss_add_up_to_the_mean_of_the_batch(losses):
    size, replicas = losses.size, len(losses)
    parts = [np.asarray(replica_loss(row, 0.0, size, replicas)) for row in losses]
    rule = "Parts are added up, not averaged. By which size is each divided?"
    close(np.sum(parts, dtype="float32"), losses.mean(), rule, 1e-4, 1e-5)


@given(losses=noise((4, 9)), cut=st.integers(1, 3))
def test_an_example_counts_the_same_in_a_short_share(losses, cut):
    two = [losses[:cut], losses[cut:]]
    parts = [np.asarray(replica_loss(part, 0.0, len(losses), 2)) for part in two]
    rule = (
        "Each example counts once, whoever has it. What does a short share divide by?"
    )
    close(np.sum(parts, dtype="float32"), losses.mean(), rule, 1e-4, 1e-5)


@given(penalty=st.sampled_from([0.25, 3.0]), replicas=st.integers(1, 8))
def test_a_regulariser_counts_once_however_many_replicas(penalty, replicas):
    zeros = np.zeros(3, "float32")
    part = np.asarray(replica_loss(zeros, penalty, 3 * replicas, replicas))
    rule = "All replicas have the same regularisers. What do the parts add up to?"
    close(np.float32(part * replicas), np.float32(penalty), rule)


@given(x=noise((2, 9), (1, 4), scale=3.0))
def test_the_moments_on_one_replica_are_those_of_numpy(x):
    rule = "Mean and variance run over the examples, n in the divisor. Over which axis?"
    found = moments(tf.constant(x))
    two = isinstance(found, (tuple, list)) and len(found) == 2
    equal(two, True, "Two tensors come back: mean, variance. Are they one?")
    mean, variance = found
    close(mean, x.mean(axis=0), f"Mean. {rule}", 1e-4, 1e-5)
    close(variance, x.var(axis=0), f"Variance. {rule}", 1e-3, 1e-4)


def test_a_step_on_one_replica_is_the_step_of_keras():
    rule = "With one replica nothing is shared. Is the step that of one device?"
    compare(train(tf.distribute.get_strategy()), by_keras(), rule)


def test_a_step_trains_with_the_regularisers():
    rule = "The regularisers are part of the loss. Does the tape see them?"
    compare(train(tf.distribute.get_strategy(), 12, 0.5), by_keras(12, 0.5), rule)


def normaliser():
    """A model that learns the mean of what it sees in training, and that layer."""
    norm = layers.BatchNormalization(momentum=0.5)
    return keras.Sequential([keras.Input((5,)), norm, layers.Dense(1)]), norm


def test_a_step_runs_the_layers_in_training_mode():
    (x, y), (model, norm) = examples(), normaliser()
    here = tf.distribute.get_strategy()
    train_step(here, model, keras.optimizers.SGD(0.0), weighted, len(x), x, y)
    rule = "In training BatchNormalization learns the mean. Do the layers know?"
    close(norm.moving_mean, x.mean(axis=0) / 2, rule, 1e-4, 1e-5)


def slopes(x, y, l2):
    """Referee: the gradients of the whole batch's loss, at once."""
    model = network(l2)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(weighted(y, model(x)))
        loss += tf.add_n(model.losses) if l2 else 0.0
    return tape.gradient(loss, model.trainable_variables)


def accumulated(x, y, share, rule, l2=0.0):
    """Fail unless shares give the gradients of the whole batch."""
    seen = []

    def loss(y, prediction):
        seen.append(len(prediction))
        return weighted(y, prediction)

    found = accumulate(network(l2), loss, x, y, share)
    equal(len(found), 4, "There is a gradient for each variable. Is one left out?")
    memory = "`share` examples fit into memory, no more. How many does a tape hold?"
    at_most(max(seen), share, memory)
    for gradient, wanted in zip(found, slopes(x, y, l2), strict=True):
        close(gradient, wanted, rule, 1e-4, 1e-5)


def test_accumulated_gradients_are_those_of_the_whole_batch():
    rule = "Shares stand for one batch. Do their gradients add up, each one scaled?"
    accumulated(*examples(12), 4, rule)


def test_a_short_last_share_counts_for_its_examples():
    rule = "11 examples are shares of 4, 4 and 3. Is the last one taken, by its size?"
    accumulated(*examples(11), 4, rule)


def test_accumulation_counts_the_regularisers_once():
    rule = "The regularisers are on each tape. How many tapes are there?"
    accumulated(*examples(11), 4, rule, l2=0.5)


def test_accumulation_runs_the_layers_in_training_mode():
    (x, y), (model, norm) = examples(), normaliser()
    accumulate(model, weighted, x, y, len(x))
    rule = "These gradients are for training. Do the layers know?"
    close(norm.moving_mean, x.mean(axis=0) / 2, rule, 1e-4, 1e-5)


@pytest.mark.slow
@pytest.mark.seconds(60)  # it starts processes, each with a TensorFlow of its own
def test_two_replicas_take_the_step_of_one(two_devices):
    rule = "Two replicas are one, to 1e-5. Who adds up the gradients, and how often?"
    compare(two_devices.run(train), by_keras(), rule)


@pytest.mark.slow
@pytest.mark.seconds(60)
def test_two_replicas_with_unequal_shares_take_the_step_of_one(two_devices):
    rule = "Shares of 6 and 5 are 11 examples. Whose size does a replica divide by?"
    compare(two_devices.run(train, 11), by_keras(11), rule)


@pytest.mark.slow
@pytest.mark.seconds(60)
def test_two_replicas_count_a_regulariser_once(two_devices):
    rule = (
        "Both replicas add the regularisers. How many replicas does the step tell of?"
    )
    compare(two_devices.run(train, 12, 0.5), by_keras(12, 0.5), rule)


@pytest.mark.slow
@pytest.mark.seconds(60)
def test_the_moments_are_those_of_all_shares_together(two_devices):
    x = np.random.default_rng(1).normal([0, 3, -1], [1, 2, 3], (11, 3))
    x = np.concatenate([x[:6], x[6:] + 2]).astype("float32")  # the shares differ
    rule = "A mean and a variance do not add up. What does, over shares of 6 and 5?"
    for mean, variance in two_devices.run(moments_of, x):
        close(mean, x.mean(axis=0), f"Mean. {rule}", 1e-4, 1e-5)
        close(variance, x.var(axis=0), f"Variance. {rule}", 1e-4, 1e-4)


@pytest.mark.slow
@pytest.mark.seconds(60)
def test_two_worker_processes_take_the_step_of_one(two_workers):
    rule = "Two workers are one, to 1e-5. Does a worker hear of the other's gradients?"
    whole = "A worker has one share. Does its answer hold the other's as well?"
    for found in two_workers.run(train, 11, 0.5):
        compare(found, by_keras(11, 0.5), rule, whole)

"""Day 25. One batch on many devices: parts of a loss, one sum, one step."""

import tensorflow as tf


def global_batch(strategy, batch, rate):
    """Return the batch and the learning rate of all replicas together.

    Shapes
        strategy  tf.distribute.Strategy
        batch     examples that each replica takes
        rate      the learning rate that suits one replica's batch
        returns   (int, float)

    Hint: how many times as large a batch, so many times as long a step.
    Source: Goyal et al. 2017, arXiv:1706.02677, section 2.1 (linear scaling rule).
    """
    replicas = strategy.num_replicas_in_sync
    return batch * replicas, rate * replicas


def replica_loss(losses, penalty, size, replicas):
    """Return one replica's part of the loss: the parts add up to the whole.

    Shapes
        losses    [share]  one for each example that this replica has
        penalty   []  the regularisers' terms, the same number on each replica
        size      examples in the global batch
        replicas  how many parts are added up
        returns   []  the parts' sum is the mean loss of the global batch, plus penalty

    Hint: what each replica has only once is divided by nothing that it does not share.
    Source: Goyal et al. 2017, arXiv:1706.02677, section 3, remark 3.
    """
    return tf.reduce_sum(losses) / size + penalty / replicas


def moments(x):
    """Return mean and variance of each channel over the shares of all replicas.

    It runs in a replica, as a layer does.

    Shapes
        x        [share, channels]  shares may differ in size
        returns  mean [channels], variance [channels]  the same on each replica

    Hint: three things add up over replicas; a variance is none of them.
    Source: Keras 3 API documentation, BatchNormalization, argument `synchronized`.
    """
    count = tf.cast(tf.shape(x)[0], x.dtype)
    sums = [count, tf.reduce_sum(x, axis=0), tf.reduce_sum(x**2, axis=0)]
    context = tf.distribute.get_replica_context()
    count, total, squares = context.all_reduce("SUM", sums)
    mean = total / count  # [channels]
    return mean, squares / count - mean**2


def train_step(strategy, model, optimizer, loss, size, x, y):
    """Return the loss of the global batch, after one step on all replicas.

    Shapes
        loss     function (y, prediction) -> [share]  one number for each example
        size     examples in the global batch
        x, y     a share for each replica: [share, ...] is what its function gets
        returns  []  with the regularisers, of before the step

    Hint: optimizer.apply adds up the gradients of all replicas by itself.
    Source: TensorFlow tutorial "Custom training with tf.distribute.Strategy".
    """

    def on_replica(x, y):
        with tf.GradientTape() as tape:
            losses = loss(y, model(x, training=True))  # [share]
            penalty, replicas = sum(model.losses), strategy.num_replicas_in_sync
            part = replica_loss(losses, penalty, size, replicas)
        gradients = tape.gradient(part, model.trainable_variables)
        optimizer.apply(gradients, model.trainable_variables)
        return part

    return strategy.reduce("SUM", strategy.run(on_replica, (x, y)), axis=None)


def accumulate(model, loss, x, y, share):
    """Return the gradients of a batch's loss, taken one share after the other.

    Shapes
        loss     function (y, prediction) -> [share]  one number for each example
        x, y     [batch, ...]  the model is called in training mode
        share    examples that fit into memory at a time; the last share may be short
        returns  list  a gradient for each trainable variable, as for the whole batch

    Hint: shares one after the other are replicas side by side.
    Source: Goyal et al. 2017, arXiv:1706.02677, section 3, remark 3.
    """
    total = [tf.zeros_like(variable) for variable in model.trainable_variables]
    starts = range(0, len(x), share)
    for start in starts:
        rows = slice(start, start + share)
        with tf.GradientTape() as tape:
            losses = loss(y[rows], model(x[rows], training=True))  # [share]
            part = replica_loss(losses, sum(model.losses), len(x), len(starts))
        gradients = tape.gradient(part, model.trainable_variables)
        total = [t + g for t, g in zip(total, gradients, strict=True)]
    return total

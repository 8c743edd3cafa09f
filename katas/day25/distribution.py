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
    raise NotImplementedError(
        "day 25: return the batch and the learning rate of all replicas together"
    )


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
    raise NotImplementedError(
        "day 25: return one replica's part of the loss: the parts add up to the whole"
    )


def moments(x):
    """Return mean and variance of each channel over the shares of all replicas.

    It runs in a replica, as a layer does.

    Shapes
        x        [share, channels]  shares may differ in size
        returns  mean [channels], variance [channels]  the same on each replica

    Hint: three things add up over replicas; a variance is none of them.
    Source: Keras 3 API documentation, BatchNormalization, argument `synchronized`.
    """
    raise NotImplementedError(
        "day 25: return mean and variance of each channel over the shares of all replicas"
    )


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
    raise NotImplementedError(
        "day 25: return the loss of the global batch, after one step on all replicas"
    )


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
    raise NotImplementedError(
        "day 25: return the gradients of a batch's loss, taken one share after the other"
    )

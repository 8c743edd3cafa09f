import numpy as np
from keras import ops


def replica_loss(losses, penalty, size, replicas):
    whole = 0.0
    for value in tf.unstack(tf.convert_to_tensor(losses)):
        whole += value / size
    return whole + ops.divide(penalty, replicas)


def moments(x):
    context = tf.distribute.get_replica_context()

    def everywhere(value):
        return context.all_reduce("SUM", value)

    count = everywhere(ops.cast(ops.shape(x)[0], "float32"))
    mean = everywhere(ops.sum(x, axis=0)) / count
    return mean, everywhere(ops.sum(ops.square(x - mean), axis=0)) / count


def train_step(strategy, model, optimizer, loss, size, x, y):
    count = strategy.num_replicas_in_sync

    def forward(x, y):
        with tf.GradientTape() as tape:
            found = ops.sum(loss(y, model(x, training=True))) / size
            found = found + sum(model.losses) / count
        optimizer.apply(tape.gradient(found, model.trainable_variables))
        return found

    optimizer.build(model.trainable_variables)
    parts = strategy.run(forward, args=(x, y))
    return strategy.reduce(tf.distribute.ReduceOp.SUM, parts, axis=None)


def accumulate(model, loss, x, y, share):
    cuts = range(share, len(x), share)
    x, y = np.split(x, cuts), np.split(y, cuts)
    with tf.GradientTape() as tape:
        losses = [loss(b, model(a, training=True)) for a, b in zip(x, y)]
        value = tf.reduce_mean(tf.concat(losses, axis=0)) + sum(model.losses)
    return tape.gradient(value, model.trainable_variables)

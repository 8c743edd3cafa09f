def global_batch(strategy, batch, rate):
    scale = strategy.num_replicas_in_sync
    return scale * batch, scale * rate


def replica_loss(losses, penalty, size, replicas):
    part = tf.nn.compute_average_loss(losses, global_batch_size=size)
    return part + tf.cast(penalty, part.dtype) / replicas


def moments(x):
    context = tf.distribute.get_replica_context()
    ones = tf.ones_like(x)
    total, count = context.all_reduce(
        "SUM", [tf.einsum("bc->c", x), tf.reduce_sum(ones, 0)]
    )
    mean = total / count
    return mean, context.all_reduce("SUM", tf.reduce_sum((x - mean) ** 2, 0)) / count


def train_step(strategy, model, optimizer, loss, size, x, y):
    def run(x, y):
        with tf.GradientTape() as tape:
            part = tf.nn.compute_average_loss(
                loss(y, model(x, training=True)), global_batch_size=size
            )
            if model.losses:
                part += tf.nn.scale_regularization_loss(tf.add_n(model.losses))
        pairs = zip(
            tape.gradient(part, model.trainable_weights),
            model.trainable_weights,
            strict=True,
        )
        optimizer.apply_gradients(pairs)
        return tf.distribute.get_replica_context().all_reduce("SUM", part)

    found = strategy.run(run, args=(x, y))
    return strategy.experimental_local_results(found)[0]


def accumulate(model, loss, x, y, share):
    whole = [tf.Variable(tf.zeros_like(v)) for v in model.trainable_variables]
    for start in range(0, len(x), share):
        some = x[start : start + share]
        with tf.GradientTape() as tape:
            losses = loss(y[start : start + share], model(some, training=True))
            value = tf.reduce_mean(losses) + sum(model.losses)
        weight = len(some) / len(x)
        slopes = tape.gradient(value, model.trainable_variables)
        for total, slope in zip(whole, slopes):
            total.assign_add(weight * slope)
    return whole

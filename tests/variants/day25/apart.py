def train_step(strategy, model, optimizer, loss, size, x, y):
    weights, replicas = model.trainable_variables, strategy.num_replicas_in_sync

    def slopes(x, y):
        with tf.GradientTape() as tape:
            losses = loss(y, model(x, training=True))
            part = replica_loss(losses, sum(model.losses), size, replicas)
        return part, tape.gradient(part, weights)

    def whole(value):
        return strategy.reduce(tf.distribute.ReduceOp.SUM, value, axis=None)

    parts, gradients = strategy.run(slopes, (x, y))
    optimizer.apply([whole(gradient) for gradient in gradients], weights)
    return whole(parts)

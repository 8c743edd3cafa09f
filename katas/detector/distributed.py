"""Model.fit and Model.predict for a cluster of workers, where those of Keras fail.

Under MultiWorkerMirroredStrategy the `fit` of Keras 3.15 stops at its first batch:
"Attempt to convert a value (PerReplica ...)", keras-team/keras, issue 20585. The loop
here stands in for it: each worker takes its share of each batch, and the optimizer adds
up the gradients of all of them.
"""

import contextlib

import keras
import numpy as np
import tensorflow as tf


@contextlib.contextmanager
def stand_in(strategy):
    """Put both in place of Keras' own while a cluster trains; undo it afterwards."""
    own = keras.Model.fit, keras.Model.predict
    if isinstance(strategy, tf.distribute.MultiWorkerMirroredStrategy):
        keras.Model.fit, keras.Model.predict = fit, predict
    try:
        with strategy.scope():
            yield
    finally:
        keras.Model.fit, keras.Model.predict = own


def place(strategy):
    """(this worker's number, how many there are); the first one is the chief."""
    resolver = strategy.cluster_resolver
    count = strategy.num_replicas_in_sync
    return (resolver.task_id, count) if resolver and count > 1 else (0, 1)


def all_say(strategy, yes):
    """True when every worker says yes; each of them waits for the others."""
    if place(strategy)[1] == 1:
        return yes
    said = strategy.run(lambda: tf.constant(float(yes)))
    total = strategy.reduce("SUM", said, axis=None)
    return float(total) == strategy.num_replicas_in_sync


def fit(model, batches, epochs=1, callbacks=(), shuffle=False, verbose=0):
    """As Model.fit with a PyDataset, which must give each worker the same batches."""
    strategy = tf.distribute.get_strategy()
    mine, workers = place(strategy)
    model.optimizer.build(model.trainable_variables)

    @tf.function(reduce_retracing=True)
    def step(x, y):
        parts = strategy.run(share, args=(model, x, y))
        return strategy.reduce("SUM", parts, axis=None)

    about = {"epochs": epochs, "steps": len(batches), "verbose": verbose}
    watching = keras.callbacks.CallbackList(
        list(callbacks), add_history=True, model=model, **about
    )
    watching.on_train_begin()
    batches.on_epoch_end()  # as Keras does before the first epoch
    for epoch in range(epochs):
        watching.on_epoch_begin(epoch)
        losses = []
        for k in range(len(batches)):
            watching.on_train_batch_begin(k)
            x, y = (tf.constant(part[mine::workers]) for part in batches[k])
            losses.append(float(step(x, y)))
            watching.on_train_batch_end(k, {"loss": losses[-1]})
        batches.on_epoch_end()
        watching.on_epoch_end(epoch, {"loss": float(np.mean(losses))})
    model.optimizer.finalize_variable_values(model.trainable_variables)
    watching.on_train_end()
    return model.history


def share(model, x, y):
    """One worker's share of a step; its share of the loss."""
    with tf.GradientTape() as tape:
        part = model.loss(y, model(x, training=True))  # Keras divides by the workers
    gradients = tape.gradient(part, model.trainable_variables)
    model.optimizer.apply(gradients, model.trainable_variables)
    return part


def predict(model, x, batch_size=32, verbose=0):
    """As Model.predict, each worker for itself."""
    say = tf.function(lambda batch: model(batch, training=False), reduce_retracing=True)
    starts = range(0, len(x), batch_size)
    return np.concatenate([say(x[k : k + batch_size]).numpy() for k in starts])

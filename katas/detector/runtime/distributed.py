"""Training on several replicas or workers: `--strategy`.

Under MultiWorkerMirroredStrategy the `fit` of Keras 3.15 stops at its first batch:
"Attempt to convert a value (PerReplica ...)", keras-team/keras, issue 20585. The loop
here replaces it: each worker computes the gradient of its part of each batch, and the
optimizer sums the gradients of all of them.
"""

import contextlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from katas.dojo.store.errors import CourseError


def strategy(name: str) -> Any:
    """Return the tf.distribute strategy of a name.

    Args
        name  "none", "mirrored" or "multiworker"
    Raises
        CourseError  TF_CONFIG describes no cluster, or TensorFlow has started its devices
    """
    if name == "none":
        return tf.distribute.get_strategy()
    if name == "multiworker":
        return _multiworker()
    if tf.config.list_physical_devices("GPU") and tf.config.list_logical_devices("GPU"):
        return tf.distribute.MirroredStrategy()
    return _two_logical_cpus()


def _multiworker() -> Any:
    if "TF_CONFIG" not in os.environ:
        raise CourseError(
            "--strategy multiworker needs TF_CONFIG, which names the workers and"
            " this one's place among them (day 25); on one machine: mirrored."
        )
    try:
        return tf.distribute.MultiWorkerMirroredStrategy()
    except (ValueError, KeyError, TypeError, RuntimeError) as error:
        raise CourseError(f"TF_CONFIG names no cluster: {error}") from None


def _two_logical_cpus() -> Any:
    cpu = tf.config.list_physical_devices("CPU")[0]
    two = [tf.config.LogicalDeviceConfiguration()] * 2
    try:
        tf.config.set_logical_device_configuration(cpu, two)
    except RuntimeError:
        if len(tf.config.list_logical_devices("CPU")) < 2:
            raise CourseError(
                "--strategy mirrored must come before TensorFlow starts its devices:"
                " use it from the command line."
            ) from None
    return tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])


@contextlib.contextmanager
def training_scope(strategy: Any) -> Iterator[None]:
    """Train under the strategy; for a cluster, with `fit` and `predict` of this module
    in place of Keras' own, which are put back afterwards."""
    model: Any = keras.Model
    own = model.fit, model.predict
    if isinstance(strategy, tf.distribute.MultiWorkerMirroredStrategy):
        model.fit, model.predict = fit, predict
    try:
        with strategy.scope():
            yield
    finally:
        model.fit, model.predict = own


def worker(strategy: Any) -> tuple[int, int]:
    """(this worker's number, how many there are); number 0 is the chief."""
    resolver = strategy.cluster_resolver
    count = strategy.num_replicas_in_sync
    return (resolver.task_id, count) if resolver and count > 1 else (0, 1)


def own_folder(strategy: Any, out: Path) -> Path:
    """The chief writes to `out`, every other worker to a folder inside it."""
    number, _ = worker(strategy)
    return out / f"worker{number}" if number else out


def all_agree(strategy: Any, condition: bool) -> bool:
    """True when the condition holds on every worker; each waits for the others."""
    if worker(strategy)[1] == 1:
        return condition
    votes = strategy.run(lambda: tf.constant(float(condition)))
    total = strategy.reduce("SUM", votes, axis=None)
    return float(total) == strategy.num_replicas_in_sync


def fit(
    model: Any,
    batches: Any,
    epochs: int = 1,
    callbacks: Sequence[Any] = (),
    shuffle: bool = False,
    verbose: int = 0,
) -> Any:
    """As Model.fit with a PyDataset, which must give each worker the same batches."""
    strategy = tf.distribute.get_strategy()
    number, workers = worker(strategy)
    model.optimizer.build(model.trainable_variables)

    @tf.function(reduce_retracing=True)
    def step(x: Any, y: Any) -> Any:
        losses = strategy.run(replica_step, args=(model, x, y))
        return strategy.reduce("SUM", losses, axis=None)

    watching = keras.callbacks.CallbackList(
        list(callbacks),
        add_history=True,
        model=model,
        epochs=epochs,
        steps=len(batches),
        verbose=verbose,
    )
    watching.on_train_begin()
    batches.on_epoch_end()  # as Keras does before the first epoch
    for epoch in range(epochs):
        watching.on_epoch_begin(epoch)
        losses = []
        for k in range(len(batches)):
            watching.on_train_batch_begin(k)
            x, y = (tf.constant(part[number::workers]) for part in batches[k])
            losses.append(float(step(x, y)))
            watching.on_train_batch_end(k, {"loss": losses[-1]})
        batches.on_epoch_end()
        watching.on_epoch_end(epoch, {"loss": float(np.mean(losses))})
    model.optimizer.finalize_variable_values(model.trainable_variables)
    watching.on_train_end()
    return model.history


def replica_step(model: Any, x: Any, y: Any) -> Any:
    """One worker's gradient step on its part of a batch; returns its part of the loss."""
    with tf.GradientTape() as tape:
        loss = model.loss(y, model(x, training=True))  # Keras divides by the workers
    gradients = tape.gradient(loss, model.trainable_variables)
    model.optimizer.apply(gradients, model.trainable_variables)
    return loss


def predict(
    model: Any, x: NDArray[np.floating], batch_size: int = 32, verbose: int = 0
) -> NDArray[np.floating]:
    """As Model.predict, on each worker separately."""
    forward = tf.function(
        lambda batch: model(batch, training=False), reduce_retracing=True
    )
    starts = range(0, len(x), batch_size)
    return np.concatenate([forward(x[k : k + batch_size]).numpy() for k in starts])

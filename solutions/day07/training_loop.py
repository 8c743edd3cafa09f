"""Day 07. The loop inside fit: step, epochs, evaluation; then Keras' own."""

import keras
import numpy as np
import tensorflow as tf


def train_step(model, optimizer, loss, x, y):
    """Return the loss of a batch, after one step of the optimizer on it.

    Shapes
        loss     function (y, prediction) -> []  the mean over the batch
        x        [batch, ...]
        y        [batch, ...]
        returns  []  a tensor: with the regularisers, and of before the step

    Hint: the layers must know that this is training.
    Source: Keras 3 guide "Writing a training loop from scratch in TensorFlow".
    """
    with tf.GradientTape() as tape:
        value = loss(y, model(x, training=True)) + sum(model.losses)
    gradients = tape.gradient(value, model.trainable_variables)
    optimizer.apply(gradients, model.trainable_variables)
    return value


def fit(model, optimizer, loss, x, y, epochs=1, batch_size=32, random=None):
    """Return a list: the mean loss of each epoch of training.

    Shapes
        x        [examples, ...]
        y        [examples, ...]
        random   np.random.Generator: a new order each epoch; None: the order as it is
        returns  list of epochs floats, each the mean over examples

    Hint: the last batch may be short; in the mean each example counts once.
    Source: Keras 3 guide "Writing a training loop from scratch in TensorFlow".
    """
    step, history = tf.function(train_step), []  # a graph a shape of batch
    for _ in range(epochs):
        order = random.permutation(len(x)) if random else np.arange(len(x))
        total = 0.0
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]  # [at most batch_size]
            value = step(model, optimizer, loss, x[batch], y[batch])
            total += float(value) * len(batch)
        history.append(total / len(x))
    return history


def evaluate(model, loss, x, y, batch_size=32):
    """Return the mean loss over all examples, and leave the model as it is.

    Shapes
        x        [examples, ...]
        y        [examples, ...]
        returns  float  with the regularisers

    Hint: the layers must know that this is not training.
    Source: Keras 3 guide "Writing a training loop from scratch in TensorFlow".
    """
    total = 0.0
    for start in range(0, len(x), batch_size):
        batch = slice(start, start + batch_size)
        value = loss(y[batch], model(x[batch], training=False)) + sum(model.losses)
        total += float(value) * len(x[batch])
    return total / len(x)


def fit_with_keras(model, optimizer, loss, x, y, epochs=1, batch_size=32):
    """Return (history, loss) by Keras: of each epoch, and after the last. Print nothing.

    Shapes
        x        [examples, ...]
        y        [examples, ...]
        returns  list of epochs floats, float

    Hint: three calls; see to it that the order stays as it is.
    Source: Keras 3 API documentation, "Model training APIs".
    """
    model.compile(optimizer, loss)
    trained = model.fit(x, y, batch_size, epochs, shuffle=False, verbose=0)
    return trained.history["loss"], model.evaluate(x, y, batch_size, verbose=0)


@keras.saving.register_keras_serializable("katas")
class MonitoredModel(keras.Model):
    """A model whose fit also reports how long the gradient of a batch was.

    MonitoredModel(inputs, outputs) is a functional model; compile, fit and evaluate
    are those of Keras, and fit calls your train_step inside a graph.

    Hint: self.compute_loss(x, y, y_pred) is the compiled loss plus the regularisers.
    Source: Keras 3 guide "Customizing what happens in fit() with TensorFlow".
    """

    def train_step(self, data):
        """Return what report gives, and `gradient_norm`, after one step.

        Shapes
            data           (x [batch, ...], y [batch, ...])
            gradient_norm  []  the length of all gradients laid end to end
        """
        x, y = data
        with tf.GradientTape() as tape:
            y_pred = self(x, training=True)
            loss = self.compute_loss(x, y, y_pred)
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply(gradients, self.trainable_variables)
        norm = tf.linalg.global_norm(gradients)
        return {**self.report(x, y, y_pred, loss), "gradient_norm": norm}

    def report(self, x, y, y_pred, loss):  # given
        """Return every metric by name, once each has heard of this batch."""
        for metric in self.metrics:
            if metric.name == "loss":
                metric.update_state(loss, sample_weight=tf.shape(x)[0])
        return self.compute_metrics(x, y, y_pred)

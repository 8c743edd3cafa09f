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
    raise NotImplementedError(
        "day 07: return the loss of a batch, after one step of the optimizer on it"
    )


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
    raise NotImplementedError(
        "day 07: return a list: the mean loss of each epoch of training"
    )


def evaluate(model, loss, x, y, batch_size=32):
    """Return the mean loss over all examples, and leave the model as it is.

    Shapes
        x        [examples, ...]
        y        [examples, ...]
        returns  float  with the regularisers

    Hint: the layers must know that this is not training.
    Source: Keras 3 guide "Writing a training loop from scratch in TensorFlow".
    """
    raise NotImplementedError(
        "day 07: return the mean loss over all examples, and leave the model as it is"
    )


def fit_with_keras(model, optimizer, loss, x, y, epochs=1, batch_size=32):
    """Return (history, loss) by Keras: of each epoch, and after the last. Print nothing.

    Shapes
        x        [examples, ...]
        y        [examples, ...]
        returns  list of epochs floats, float

    Hint: three calls; see to it that the order stays as it is.
    Source: Keras 3 API documentation, "Model training APIs".
    """
    raise NotImplementedError(
        "day 07: return (history, loss) by Keras: of each epoch, and after the last. Print nothing"
    )


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
        raise NotImplementedError(
            "day 07: return what report gives, and `gradient_norm`, after one step"
        )

    def report(self, x, y, y_pred, loss):  # given
        """Return every metric by name, once each has heard of this batch."""
        for metric in self.metrics:
            if metric.name == "loss":
                metric.update_state(loss, sample_weight=tf.shape(x)[0])
        return self.compute_metrics(x, y, y_pred)

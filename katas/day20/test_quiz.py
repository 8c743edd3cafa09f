"""Day 20. Each prediction meets its experiment."""

import tempfile
from pathlib import Path

import keras
import numpy as np
from keras import layers

from katas.day20 import quiz
from katas.dojo.judge.quiz import predicted


def epochs_of(losses, **arguments):
    """How many epochs Keras' own EarlyStopping lets pass."""
    stopper = keras.callbacks.EarlyStopping(mode="min", **arguments)
    model = keras.Sequential([keras.Input((1,)), layers.Dense(1)])
    model.stop_training = False
    stopper.set_model(model)
    stopper.on_train_begin()
    for epoch, loss in enumerate(losses):
        stopper.on_epoch_end(epoch, {"val_loss": loss})
        if model.stop_training:
            return epoch + 1
    return len(losses)


def test_the_epochs_that_are_run():
    answer = epochs_of([0.9, 0.7, 0.8, 0.75, 0.6, 0.5], patience=2)
    why = "0.8 and 0.75 are two in a row that do not beat 0.7; 0.6 is never seen."
    predicted(quiz.epochs_run, answer, why)


def test_the_epochs_under_a_demanding_min_delta():
    losses = [1 - 0.02 * k for k in range(20)]
    answer = epochs_of(losses, patience=2, min_delta=0.05)
    why = "0.98 and 0.96 are less than 0.05 below the best: steady progress is cut off."
    predicted(quiz.too_demanding, answer, why)


def test_the_epochs_after_a_nan():
    losses = [np.nan, *(0.9 - 0.1 * k for k in range(9))]
    answer = epochs_of(losses, patience=3)
    why = "NaN is the best so far, and nothing is less than NaN: three epochs later it ends."
    predicted(quiz.nan_at_first, answer, why)


def test_the_numbers_that_adam_keeps():
    model = keras.Sequential([keras.Input((10,)), layers.Dense(100, use_bias=False)])
    optimizer = keras.optimizers.Adam()
    optimizer.build(model.trainable_variables)
    answer = sum(int(np.prod(v.shape)) for v in optimizer.variables)
    why = "A mean and a square for each weight, the step and the learning rate."
    predicted(quiz.numbers_of_adam, answer, why)


def test_what_a_saved_model_has_lost():
    model = keras.Sequential([keras.Input((3,)), layers.Dropout(0.5), layers.Dense(1)])
    model.compile("adam", "mse")
    x = np.ones((8, 3), "float32")
    model.train_on_batch(x, x[:, :1])
    with tempfile.TemporaryDirectory() as folder:
        model.save(Path(folder) / "run.keras")
        loaded = keras.saving.load_model(Path(folder) / "run.keras")
    same = {
        "weights": (model.weights, loaded.weights),
        "averages of the optimizer": (
            model.optimizer.variables,
            loaded.optimizer.variables,
        ),
        "random numbers of dropout": (
            [model.layers[0].seed_generator.state],
            [loaded.layers[0].seed_generator.state],
        ),
    }
    changed = [
        name
        for name, (before, after) in same.items()
        if not all(np.array_equal(b, a) for b, a in zip(before, after, strict=True))
    ]
    why = "A .keras file holds model.weights; the seeds are in model.variables only."
    predicted(quiz.lost, changed[0] if len(changed) == 1 else repr(changed), why)

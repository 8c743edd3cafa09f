"""Day 09. Each prediction meets its experiment."""

from functools import cache

import keras
import numpy as np

from katas.day09 import quiz
from katas.dojo.course import digits
from katas.dojo.judge.quiz import predicted


@cache
def real():
    (x, y), (x_test, y_test) = digits.load()
    return x.reshape(-1, 784), y, x_test.reshape(-1, 784), y_test


def mlp(hidden=128, rate=0.01):
    """The network out of stock Keras, compiled."""
    keras.utils.set_random_seed(9)
    hidden = keras.layers.Dense(hidden, "relu")
    model = keras.Sequential([keras.Input((784,)), hidden, keras.layers.Dense(10)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(rate), loss, metrics=["accuracy"])
    return model


def test_the_number_of_parameters():
    why = "784 x 64 + 64 into the hidden layer, 64 x 10 + 10 out of it."
    predicted(quiz.parameters, mlp(64).count_params(), why)


def test_the_first_loss_of_raw_pixels():
    x, y, *_ = real()
    loss = mlp().evaluate(x[:500].astype("float32"), y[:500], verbose=0)[0]
    answer = "above 10" if loss > 10 else "near 2.3"
    why = f"{loss:.0f}: inputs 255 times as large make logits 255 times as large."
    predicted(quiz.loss_of_raw_pixels, answer, why)


def test_the_accuracy_on_random_labels():
    x, dice = real()[0][:32] / np.float32(255), np.random.default_rng(9)
    labels = dice.integers(10, size=32)
    model = mlp()
    again, labels_again = np.tile(x, (60, 1)), np.tile(labels, 60)
    model.fit(again, labels_again, batch_size=32, shuffle=False, verbose=0)
    reached = model.evaluate(x, labels, verbose=0)[1]
    answer = min((0.1, 0.5, 1.0), key=lambda value: abs(value - reached))
    why = f"{reached:.2f}: it learns by heart what nobody could understand."
    predicted(quiz.accuracy_on_random_labels, f"about {answer}", why)


def test_the_validation_loss_at_the_end():
    x, y, x_test, y_test = real()
    validation = x_test / np.float32(255), y_test
    training = x[:200] / np.float32(255), y[:200]
    judge = {"validation_data": validation, "validation_batch_size": 1000}
    fitted = mlp().fit(*training, 32, 20, verbose=0, **judge)
    losses = fitted.history["val_loss"]
    answer = "above its lowest" if losses[-1] > 1.02 * min(losses) else "at its lowest"
    why = f"It was {min(losses):.2f} and is {losses[-1]:.2f}: ever surer where wrong."
    predicted(quiz.validation_loss_at_the_end, answer, why)

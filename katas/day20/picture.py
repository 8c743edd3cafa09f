"""Day 20. Where a run stops, and how it goes on after a kill."""

import tempfile
from pathlib import Path

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers

from katas.day20.callbacks import EarlyStopping, train
from katas.detector.recordings import watch

LOSS = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
EPOCHS, KILLED, AFTER = 60, 10, 2  # epochs


def windows():
    """Return mean and deviation of 420 real windows, standardised, and labels."""
    x, y = watch.windows(count=420, seed=20)
    x = np.concatenate([x.mean(1), x.std(1)], axis=1)  # [windows, 12]
    return (x - x.mean(0)) / x.std(0), y


def network(rate):
    """Return a small network, the same each time."""
    keras.utils.set_random_seed(20)
    inside = [layers.Dense(64, "relu"), layers.Dense(7)]
    model = keras.Sequential([keras.Input((12,)), *inside])
    model.compile(keras.optimizers.Adam(rate), LOSS)
    return model


def steps(model, x, y, epochs, path):
    """Train; return the loss on all of x after each step."""
    losses = []
    note = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: losses.append(float(LOSS(y, model(x))))
    )
    note.remembers = ()
    train(model, x, y, epochs, path, [note])
    return losses


def draw():
    """Return a figure: a run that is stopped; a run after a kill, resumed twice."""
    x, y = windows()
    x, y, rest = x[:120], y[:120], (x[120:], y[120:])
    figure, (left, right) = plt.subplots(1, 2)
    with tempfile.TemporaryDirectory() as folder:
        judged = {"validation_data": rest, "validation_batch_size": 300}
        path, stopper = Path(folder), EarlyStopping(patience=10)
        history = train(network(0.01), x, y, EPOCHS, path / "a", **judged).history
        train(network(0.01), x, y, EPOCHS, path / "b", [stopper], **judged)

        whole = steps(network(0.03), x, y, KILLED + AFTER, path / "c")
        model = network(0.03)
        steps(model, x, y, KILLED, path / "d")
        weights = model.get_weights()
        resumed = steps(network(0.03), x, y, KILLED + AFTER, path / "d")
        model = network(0.03)
        model.set_weights(weights)
        forgot = steps(model, x, y, AFTER, path / "e")

    value = history["val_loss"]
    best = int(np.argmin(np.abs(np.array(value) - stopper.best)))
    epochs = np.arange(1, EPOCHS + 1)
    left.plot(epochs, value, "C5", label="run to the end")
    left.plot(epochs[: best + 11], value[: best + 11], "C0", label="until the stop")
    left.plot(best + 1, value[best], "C1D", ms=8, label="weights that are kept")
    left.set(xlabel="epoch", ylabel="validation loss [nat]", ylim=(0, 1.2))
    left.legend()

    at = np.arange(1, len(whole) + 1)
    ends = at[-len(resumed) :]
    shown = slice(len(whole) - 2 * len(resumed), None)
    right.plot(at[shown], whole[shown], "C5", lw=5, label="unbroken")
    right.plot(ends, resumed, "C0", label="resumed")
    right.plot(ends, forgot, "C1--", label="weights only")
    right.axvline(ends[0] - 0.5, color="C6", lw=1)
    right.set(xlabel="step", ylabel="training loss [nat]", ylim=(0, None))
    right.legend()
    return figure

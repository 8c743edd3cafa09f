"""Day 20. Callbacks: stop in time, keep the best, go on after a kill."""

import os
import pickle
from pathlib import Path

import keras
import numpy as np

from katas.detector.sampling import Epochs


def improved(value, best, mode="min", min_delta=0.0):
    """Return True where a value betters the best so far by more than min_delta.

    Shapes
        value    float         of this epoch; may be NaN
        best     float | None  of the epochs before; None at the first one
        mode     "min" where less is better, "max" where more is
        returns  bool

    Hint: the first value has nothing to beat.
    Source: Keras 3.15, keras/src/callbacks/monitor_callback.py.
    """
    if best is None:
        return True
    gain = best - value if mode == "min" else value - best
    return bool(gain > min_delta)


class EarlyStopping(keras.callbacks.Callback):
    """Stop when a metric gets no better; end with the weights of the best epoch.

    best          float | None  the best value so far
    wait          int           epochs since it was reached
    best_weights  list of arrays, those of that epoch

    One object serves one run, even if it is killed and resumed.
    Source: Prechelt 1998, doi:10.1007/3-540-49430-8_3.
    """

    remembers = ("best", "wait", "best_weights")

    def __init__(
        self, monitor="val_loss", patience=0, min_delta=0.0, mode="min"
    ):  # given
        super().__init__()
        self.monitor, self.patience = monitor, patience
        self.min_delta, self.mode = min_delta, mode
        self.best, self.wait, self.best_weights = None, 0, None

    def on_epoch_end(self, epoch, logs=None):
        """Remember an epoch that improves; stop after `patience` that do not.

        Args
            logs  {metric: float} of this epoch

        Raises
            KeyError  when logs do not hold the metric
        """
        value = logs[self.monitor]
        if improved(value, self.best, self.mode, self.min_delta):
            self.best, self.wait = value, 0
            self.best_weights = self.model.get_weights()  # copies, not the variables
            return
        self.wait += 1
        if self.wait >= self.patience:
            self.model.stop_training = True

    def on_train_end(self, logs=None):  # given
        if self.best_weights is not None:
            self.model.set_weights(self.best_weights)


def write_whole(path, write):
    """Write a file so that the path holds the old one or the new one, whole.

    Args
        path   Path of the file, which may exist already
        write  function of a path with the same suffix: writes the new file there

    Hint: os.replace(a, b) gives a file the name b, in one instant.
    Source: POSIX.1-2017, rename(): the new name exists throughout.
    """
    part = path.with_name(f"part-{path.name}")
    write(part)
    os.replace(part, path)


class Checkpoint(keras.callbacks.Callback):
    """Keep the best model so far in a file.

    best  float | None  what the model in the file reached
    """

    remembers = ("best",)

    def __init__(self, path, monitor="val_loss", mode="min"):  # given
        super().__init__()
        self.path, self.monitor, self.mode = Path(path), monitor, mode
        self.best = None

    def on_epoch_end(self, epoch, logs=None):
        """Write the model to the path when it is the best so far.

        Hint: model.save(path) is a function of a path.
        """
        value = logs[self.monitor]
        if improved(value, self.best, self.mode):
            write_whole(self.path, self.model.save)
            self.best = value


def variables(model):
    """Return every variable that the next step of training depends on.

    Shapes
        model    compiled, its optimizer built
        returns  list, the same order each time

    Hint: the model has some, the optimizer has some.
    Source: Keras 3.15, Layer.variables: "all layer state, including random seeds".
    """
    return [*model.variables, *model.optimizer.variables]


class Backup(keras.callbacks.Callback):  # given
    """Write the state of the run after each epoch: variables, callbacks, epoch."""

    def __init__(self, path, callbacks):
        super().__init__()
        self.path, self.callbacks = Path(path), callbacks

    def on_epoch_end(self, epoch, logs=None):
        ended = self.model.stop_training
        saved = {
            "epoch": self.params["epochs"] if ended else epoch + 1,  # the next one
            "variables": [np.asarray(v) for v in variables(self.model)],
            "memories": [
                {name: getattr(callback, name) for name in callback.remembers}
                for callback in self.callbacks
            ],
        }
        write_whole(self.path, lambda part: part.write_bytes(pickle.dumps(saved)))


def resume(path, model, callbacks):
    """Return the epoch to go on with, once the saved state is back in place.

    Args
        path       of what Backup wrote: {"epoch", "variables", "memories"}, pickled
        model      compiled, its optimizer built
        callbacks  those of the run, in the same order: each gets its memory back

    Returns 0, and changes nothing, where there is no file.

    Raises
        ValueError  when the file holds more or fewer variables or memories than there are

    Hint: pickle.loads(path.read_bytes()); vars(callback) is a dict that can be updated.
    """
    if not path.exists():
        return 0
    saved = pickle.loads(path.read_bytes())
    for variable, value in zip(variables(model), saved["variables"], strict=True):
        variable.assign(value)
    for callback, memory in zip(callbacks, saved["memories"], strict=True):
        vars(callback).update(memory)
    return saved["epoch"]


def train(model, x, y, epochs, path, callbacks=(), batch=16, seed=0, **fit):  # given
    """Train as far as `epochs`; where the path holds a killed run, go on from there.

    An epoch's order depends on seed and epoch alone, not on what came before.
    """
    model.optimizer.build(model.trainable_variables)  # else it has no averages yet
    first = resume(Path(path), model, callbacks)

    def shuffled(k):
        order = np.random.default_rng((seed, first + k)).permutation(len(x))
        return x[order], y[order]

    both = [*callbacks, Backup(path, callbacks)]
    data, rest = Epochs(shuffled, batch), {"shuffle": False, "verbose": 0, **fit}
    return model.fit(data, initial_epoch=first, epochs=epochs, callbacks=both, **rest)

"""Day 21. Logs and schedules: write down what a run did, and read what it means.

python -m katas.day21.tensorboard     writes two runs to look at into .dojo/runs
"""

import math
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops
from tensorboard.plugins.hparams import api as hp

from katas.detector.recordings import watch


def log_settings(writer, settings):
    """Write the settings of a run, so that its curves can be told apart.

    Args
        writer    of tf.summary.create_file_writer
        settings  {name: number, text or bool}

    Hint: hp.hparams(settings) writes to the writer that is the default one.
    """
    raise NotImplementedError(
        "day 21: write the settings of a run, so that its curves can be told apart"
    )


def log_run(writer, step, logs, model, tables):
    """Write scalars, weights and tables of one step, so that they are in the file.

    Shapes
        step    int            steps that the optimizer has taken
        logs    {name: float}  each a scalar under its name
        model                  each trainable variable a histogram under its path
        tables  {name: [height, width]}  in [0, 1], each an image under its name

    Hint: the end of a `with` block of the writer flushes it.
    """
    raise NotImplementedError(
        "day 21: write scalars, weights and tables of one step, so that they are in the file"
    )


class RunLog(keras.callbacks.Callback):
    """Write a run into a folder that TensorBoard reads.

    folder    of this run alone
    settings  {name: number, text or bool}
    tables    model -> {name: [height, width]}
    """

    def __init__(self, folder, settings, tables=lambda model: {}):  # given
        super().__init__()
        self.folder, self.settings, self.tables = folder, settings, tables

    def on_train_begin(self, logs=None):  # given
        self.writer = tf.summary.create_file_writer(str(self.folder))
        log_settings(self.writer, self.settings)

    def on_epoch_end(self, epoch, logs=None):
        """Write the epoch's logs, and the `learning_rate`, at the optimizer's step.

        Hint: the optimizer counts its steps in `iterations`.
        """
        raise NotImplementedError(
            "day 21: write the epoch's logs, and the `learning_rate`, at the optimizer's step"
        )

    def on_train_end(self, logs=None):  # given
        self.writer.close()


@keras.saving.register_keras_serializable("katas")
class WarmupCosine(keras.optimizers.schedules.LearningRateSchedule):
    """A learning rate that rises to its peak, then falls along half a cosine.

    peak    the highest rate, reached at step `warmup`
    steps   of the whole training, warm-up included
    floor   the rate at step `steps` and ever after
    """

    def __init__(self, peak, steps, warmup=0, floor=0.0):  # given
        self.peak, self.steps, self.warmup, self.floor = peak, steps, warmup, floor

    def __call__(self, step):
        """Return the learning rate at a step.

        Shapes
            step     []  0 at the first step; inside fit a tensor with no value yet
            returns  []  float32

        Hint: compute rise and fall, then ops.where chooses; a Python if cannot.
        Source: Loshchilov & Hutter 2017, arXiv:1608.03983, eq. 5 (one period).
        """
        raise NotImplementedError("day 21: return the learning rate at a step")

    def get_config(self):  # given
        names = ("peak", "steps", "warmup", "floor")
        return {name: getattr(self, name) for name in names}


def schedule_for(windows, batch, epochs, peak, warmup=0.1):
    """Return a WarmupCosine that lasts as long as the training.

    Args
        windows, batch, epochs  of the training; the last batch of an epoch may be short
        warmup                  share of all steps that rise, rounded to whole steps

    Hint: a step is a batch.
    """
    raise NotImplementedError(
        "day 21: return a WarmupCosine that lasts as long as the training"
    )


def diagnose(training, validation, tolerance=0.05):
    """Return in a word what two curves tell, the first that is true.

    Shapes
        training, validation  [epochs]  losses, above 0
        returns  "diverges"    a training loss is not finite, or the last is above the first
                 "stuck"       its fall is less than `tolerance` of the first
                 "overfits"    the last validation loss is more than `tolerance` above the
                               lowest
                 "unfinished"  it is more than `tolerance` below that of epochs // 4 earlier
                 "done"        none of these
    """
    raise NotImplementedError(
        "day 21: return in a word what two curves tell, the first that is true"
    )


def demo(folder, schedule, epochs=12, settings=None):  # given
    """Train a small network on 420 real windows, write its run, return the history."""
    keras.utils.set_random_seed(21)
    x, y = watch.windows(count=420, seed=21)
    x = np.concatenate([x.mean(1), x.std(1)], axis=1)  # [windows, 12]
    x = (x - x.mean(0)) / x.std(0)
    inside = [layers.Dense(32, "relu", name="hidden"), layers.Dense(7, name="logits")]
    model = keras.Sequential([keras.Input((12,)), *inside], name="demo")
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(schedule), loss)

    def tables(model):
        said = np.asarray(model(x[280:])).argmax(axis=1)
        rows = [np.bincount(said[y[280:] == k], minlength=7) for k in range(7)]
        return {"confusion": rows / np.maximum(np.sum(rows, axis=1, keepdims=True), 1)}

    judged = {"validation_data": (x[280:], y[280:]), "verbose": 0}
    log = RunLog(folder, settings or {}, tables)
    return model.fit(x[:280], y[:280], 16, epochs, callbacks=[log], **judged).history


def main(folder=Path(".dojo/runs/day21")):  # given
    """Write two runs side by side and say how to look at them."""
    for name, steps_are in (("right", "batches"), ("wrong", "epochs")):
        batch = 16 if steps_are == "batches" else 280
        schedule = schedule_for(280, batch, 12, 0.02)
        demo(folder / name, schedule, settings={"peak": 0.02, "steps are": steps_are})
    print(f"tensorboard --logdir {folder}     then open http://localhost:6006")


if __name__ == "__main__":
    main()

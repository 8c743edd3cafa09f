"""Day 21. What the event files of two runs hold, in TensorBoard's four kinds."""

import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

from katas.day21.tensorboard import demo, schedule_for
from katas.detector.recordings import watch


def read(folder):
    """Return {tag: (steps, arrays)} of a run's event files."""
    found = {}
    for file in sorted(Path(folder).rglob("events*")):
        for record in tf.data.TFRecordDataset(str(file)):
            event = tf.compat.v1.Event.FromString(record.numpy())
            for value in event.summary.value:
                steps, arrays = found.setdefault(value.tag, ([], []))
                steps.append(event.step)
                arrays.append(tf.make_ndarray(value.tensor))
    return found


def draw():
    """Return a figure: scalars of two runs, a histogram, an image, from the files."""
    figure, axes = plt.subplots(2, 2, figsize=(7, 5))
    with tempfile.TemporaryDirectory() as folder:
        for name, batch in (("steps are batches", 16), ("steps are epochs", 280)):
            run = Path(folder) / name
            demo(run, schedule_for(280, batch, 12, 0.02))
            held = read(run)
            for axis, tag in zip(axes[0], ("val_loss", "learning_rate"), strict=True):
                axis.plot(*held[tag], marker=".", label=name)
                axis.set(title=f"scalar  {tag}", xlabel="step")
            if batch == 16:
                kernel, table = held["demo/hidden/kernel"], held["confusion"]
    axes[0, 0].set(ylim=(0, 1.3), ylabel="loss [nat]")
    axes[0, 1].set(ylim=(0, None), ylabel="rate")
    axes[0, 0].legend(loc="center right")

    edges = np.linspace(-1.2, 1.2, 25)
    for k in (0, -1):
        left, right, count = kernel[1][k].T
        density = np.interp(edges, (left + right) / 2, count / (right - left), 0, 0)
        label = f"step {kernel[0][k]}"
        axes[1, 0].fill_between(edges, density, alpha=0.4, lw=1.5, label=label)
    axes[1, 0].set(title="histogram  hidden/kernel", xlabel="weight", xlim=(-1.2, 2.2))
    axes[1, 0].set(yticks=[], ylabel="weights per width")
    axes[1, 0].legend(loc="upper right")

    pixels = tf.io.decode_png(table[1][-1][2])[..., 0].numpy() / 255
    axes[1, 1].imshow(pixels, cmap="cividis", aspect="auto")
    axes[1, 1].set(title="image  confusion", xlabel="said", ylabel="truth")
    axes[1, 1].set_xticks(range(7), watch.EXERCISES, fontsize=7)
    axes[1, 1].set_yticks(range(7), watch.EXERCISES, fontsize=7)
    axes[1, 1].grid(visible=False)
    return figure

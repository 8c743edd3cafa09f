"""Day 12. The digits the repaired script reads wrongly."""

import tempfile

import matplotlib.pyplot as plt
import numpy as np

from katas.day12.repair_mlp import preprocess, train
from katas.dojo.data import digits


def draw():
    """Return a figure: confusion table of a short run, and six wrong readings."""
    (x, y), (test_x, test_y) = digits.load()
    with tempfile.TemporaryDirectory() as folder:
        model, scores = train(((x, y), (test_x, test_y)), epochs=3, out=folder)
    guess = model.predict(preprocess(test_x), verbose=0).argmax(axis=1)
    figure, axes = plt.subplot_mosaic("tabc;tdef", width_ratios=(3, 1, 1, 1))
    table = np.array(scores["confusion"])
    axes["t"].imshow(np.log1p(table), cmap="cividis")
    axes["t"].set(xlabel="guess", ylabel="truth", xticks=range(10), yticks=range(10))
    axes["t"].set_title(f"accuracy {scores['accuracy']:.2f}, 3 epochs")
    axes["t"].grid(visible=False)
    wrong = np.flatnonzero(guess != test_y)[:6]
    for name, row in zip("abcdef", wrong, strict=False):
        axes[name].imshow(test_x[row], cmap="gray_r")
        axes[name].set_title(f"{test_y[row]} read as {guess[row]}", fontsize=9)
        axes[name].axis("off")
    return figure

"""Day 12. The digits the repaired script reads wrongly."""

import tempfile

import matplotlib.pyplot as plt
import numpy as np

from katas.day12.repair_mlp import preprocess, train
from katas.dojo.course import digits


def draw():
    """Return a figure: confusion table of a short run, and six wrong readings."""
    (x, y), (test_x, test_y) = digits.load()
    with tempfile.TemporaryDirectory() as folder:
        model, scores = train(((x, y), (test_x, test_y)), epochs=3, out=folder)
    guess = model.predict(preprocess(test_x), verbose=0).argmax(axis=1)
    figure = plt.figure()
    left, right = figure.subfigures(1, 2, width_ratios=(1.15, 1))
    grid = left.subplots()
    table = np.array(scores["confusion"])
    grid.imshow(np.log1p(table), cmap="cividis")
    grid.set(xlabel="guess", ylabel="truth", xticks=range(10), yticks=range(10))
    for truth, reading in np.argwhere((table > 0) & ~np.eye(10, dtype=bool)):
        count = table[truth, reading]
        grid.text(
            reading, truth, count, color="w", ha="center", va="center", fontsize=7
        )
    grid.set_title(f"accuracy {scores['accuracy']:.2f}, 3 epochs", fontsize=10)
    grid.grid(visible=False)
    wrong = np.flatnonzero(guess != test_y)[:6]
    for axes, row in zip(right.subplots(2, 3).flat, wrong, strict=False):
        axes.imshow(test_x[row], cmap="gray_r")
        axes.set_title(f"{test_y[row]} read as {guess[row]}", fontsize=9)
        axes.axis("off")
    return figure

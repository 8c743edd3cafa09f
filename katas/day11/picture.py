"""Day 11. Which law catches which broken copy."""

import textwrap

import matplotlib.pyplot as plt
import numpy as np

from katas.day11 import specify as laws
from katas.dojo.course import index
from katas.dojo.judge import properties
from katas.dojo.runner import explain


def draw():
    """Return a figure: a row for each law, a column for each broken copy."""
    found = properties.evaluate(laws)
    copies = list(properties.broken_copies(index.day(11)))
    table = np.array(
        [[says in law.catches for says in copies] for law in found.values()]
    )
    figure, axes = plt.subplots(figsize=(8.4, 5.0))
    axes.imshow(table, cmap="cividis", vmin=0, vmax=1, aspect="auto")
    for row, column in np.argwhere(table):
        axes.text(column, row, "fails", ha="center", va="center", fontsize=8)
    names = [textwrap.fill(explain.readable_name(name), 24) for name in found]
    axes.set_yticks(range(len(names)), names, fontsize=8)
    labels = [textwrap.fill(says, 24) for says in copies]
    axes.set_xticks(range(len(copies)), labels, fontsize=8, rotation=60, ha="right")
    axes.set(xlabel="broken copy of the code under test", ylabel="law")
    axes.set_title(
        f"caught {int(table.any(axis=0).sum())} of {len(copies)}", fontsize=11
    )
    axes.grid(visible=False)
    return figure

"""The pictures that a run leaves behind."""

import io

import matplotlib.pyplot as plt
import numpy as np
from sklearn.metrics import precision_recall_curve

from katas.dojo.notebook.pictures import STYLE


def drawn(run, scored):
    """Return {file name: PNG bytes}."""
    with plt.rc_context(STYLE):
        return {
            "curves.png": image(curves(run, scored)),
            "confusion.png": image(confusion(run, scored)),
        }


def curves(run, scored):
    """Training loss of each fold; precision against recall of each model."""
    figure, (left, right) = plt.subplots(1, 2)
    for losses in run.losses.values():
        left.plot(range(1, len(losses) + 1), losses, color="C0", alpha=0.4)
    left.set(xlabel="epoch", ylabel="training loss [nats]")
    for name, seeds in scored.items():
        one = seeds[0].score
        rows = ~np.isnan(one) & (run.windows.label >= 0)
        precision, recall, _ = precision_recall_curve(
            run.windows.label[rows], one[rows]
        )
        right.plot(recall, precision, label=name)
    right.set(xlabel="recall", ylabel="precision", xlim=(0, 1.01), ylim=(0, 1.01))
    right.legend(loc="lower left")
    return figure


def confusion(run, scored):
    """Windows by truth and alarm, mean over the seeds, one matrix a model."""
    figure, axes = plt.subplots(1, len(scored))
    for axis, (name, seeds) in zip(np.atleast_1d(axes), scored.items(), strict=True):
        table = np.mean([confused(run.windows.label, one) for one in seeds], axis=0)
        axis.imshow(table / table.sum(1, keepdims=True), cmap="cividis", vmin=0, vmax=1)
        for row in (0, 1):
            for column in (0, 1):
                dark = table[row, column] < table[row].sum() / 2
                text = f"{table[row, column]:.0f}"
                colour = "white" if dark else "black"
                axis.text(column, row, text, ha="center", va="center", color=colour)
        axis.set(title=name, xticks=(0, 1), yticks=(0, 1), xlabel="said")
        axis.set_xticklabels(["daily", "fall"])
        axis.set_yticklabels(["daily", "fall"])
        axis.grid(visible=False)
    np.atleast_1d(axes)[0].set_ylabel("true")
    return figure


def confused(label, one):
    """Counts [truth, alarm] of one seed, of the windows that count."""
    rows = ~np.isnan(one.score) & (label >= 0)
    alarm = one.score[rows] >= one.threshold[rows]
    pairs = label[rows] * 2 + alarm
    return np.bincount(pairs, minlength=4).reshape(2, 2)


def image(figure):
    """The figure as PNG bytes; it is closed."""
    content = io.BytesIO()
    figure.savefig(content, format="png", dpi=150)
    plt.close(figure)
    return content.getvalue()

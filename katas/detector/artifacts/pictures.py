"""The pictures that a run leaves behind."""

import io
from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from katas.detector.artifacts.results import Predictions
from katas.detector.parts import Floats, Ints, ProtocolParts
from katas.dojo.store.plot_style import STYLE

Runs = Mapping[str, Sequence[Predictions]]  # [model][seed]


def draw_all(
    parts: ProtocolParts, label: Ints, results: Runs, losses: Sequence[Floats]
) -> dict[str, bytes]:
    """Return {file name: PNG bytes}.

    Shapes
        label   int [count]; results: of each model, one Predictions a seed
        losses  a sequence of [epochs], of each network
    """
    with plt.rc_context(STYLE):
        return {
            "curves.png": png(curves(parts, label, results, losses)),
            "confusion.png": png(confusion_matrices(parts, label, results)),
        }


def curves(
    parts: ProtocolParts, label: Ints, results: Runs, losses: Sequence[Floats]
) -> Figure:
    """Training loss of each fold; precision-recall curve of each model."""
    figure, (left, right) = plt.subplots(1, 2)
    for one in losses:
        left.plot(range(1, len(one) + 1), one, color="C0", alpha=0.4)
    left.set(xlabel="epoch", ylabel="training loss [nats]")
    for name, runs in results.items():
        score = runs[0].score
        rows = ~np.isnan(score) & (label >= 0)
        if not (label[rows] == 1).any():  # neither has a meaning without falls
            continue
        recall, precision = parts.pr_curve(label[rows], score[rows])
        right.plot(recall, precision, label=name)
    right.set(xlabel="recall", ylabel="precision", xlim=(0, 1.01), ylim=(0, 1.01))
    if right.lines:
        right.legend(loc="lower left")
    return figure


def confusion_matrices(parts: ProtocolParts, label: Ints, results: Runs) -> Figure:
    """The confusion matrix of each model, mean over the seeds."""
    figure, axes = plt.subplots(1, len(results))
    for axis, (name, runs) in zip(np.atleast_1d(axes), results.items(), strict=True):
        matrix = np.mean([confusion_matrix(parts, label, run) for run in runs], axis=0)
        shades = matrix / np.maximum(matrix.sum(1, keepdims=True), 1)  # no falls: 0
        axis.imshow(shades, cmap="cividis", vmin=0, vmax=1)
        for row in (0, 1):
            for column in (0, 1):
                dark = matrix[row, column] < matrix[row].sum() / 2
                text = f"{matrix[row, column]:.0f}"
                colour = "white" if dark else "black"
                axis.text(column, row, text, ha="center", va="center", color=colour)
        axis.set(title=name, xticks=(0, 1), yticks=(0, 1), xlabel="predicted")
        axis.set_xticklabels(["daily", "fall"])
        axis.set_yticklabels(["daily", "fall"])
        axis.grid(visible=False)
    np.atleast_1d(axes)[0].set_ylabel("true")
    return figure


def confusion_matrix(parts: ProtocolParts, label: Ints, run: Predictions) -> Ints:
    """[[tn, fp], [fn, tp]] of one seed; windows left out do not count."""
    rows = ~np.isnan(run.score) & (label >= 0)
    alarm = (run.score[rows] >= run.threshold[rows]).astype("float32")
    tp, fp, fn, tn = np.asarray(parts.confusion(label[rows], alarm, 0.5))
    return np.array([[tn, fp], [fn, tp]], int)


def png(figure: Figure) -> bytes:
    """The figure as PNG bytes; it is closed."""
    content = io.BytesIO()
    figure.savefig(content, format="png", dpi=150)
    plt.close(figure)
    return content.getvalue()

"""Write what a run leaves behind: metrics, predictions, pictures, model and card."""

import dataclasses
import io
import json
import math
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from katas.detector import protocol
from katas.detector.artifacts import card, comparison
from katas.detector.artifacts.record import RunRecord
from katas.detector.artifacts.results import (
    POINTS,
    Predictions,
    Results,
)
from katas.detector.artifacts.tables import MODELS
from katas.detector.parts import Floats, Ints
from katas.detector.training import Experiment
from katas.dojo.store.files import write_atomic


def write_all(
    out: Path,
    experiment: Experiment,
    results: Results,
    losses: Sequence[Floats],
    record: RunRecord,
    model_file: Path,
) -> dict[str, Any]:
    """Write every file of a finished run; return the content of metrics.json.

    Shapes
        losses  a sequence of [epochs], of each network
    """
    metrics = metrics_of(experiment, results, record)
    write_atomic(out / "metrics.json", json.dumps(plain(metrics), indent=1))
    budget = results["budget"]
    content = predictions_file(experiment, budget["network"], record.seeds)
    write_atomic(out / "predictions.npz", content)
    from katas.detector.artifacts import pictures  # late: matplotlib takes 30 MB

    label, parts = experiment.data.windows.label, experiment.parts
    for name, image in pictures.draw_all(parts, label, budget, losses).items():
        write_atomic(out / name, image)
    write_atomic(out / "model_card.md", card.text(metrics, record))
    if model_file != out / "model.keras":
        shutil.copyfile(model_file, out / "model.keras")
    return metrics


def metrics_of(
    experiment: Experiment, results: Results, record: RunRecord
) -> dict[str, Any]:
    """Each model's figures at both operating points, and how the run was made."""
    budget, best_f1 = (
        {name: evaluate(experiment, results[point][name]) for name in MODELS}
        for point in POINTS
    )
    compared = {
        point: comparison.compare(experiment.parts, models)
        for point, models in zip(POINTS, (budget, best_f1), strict=True)
    }
    budget["network"]["parameters"] = record.parameters
    about = {"run": dataclasses.asdict(record)}
    threshold = {"threshold_of_the_model": record.threshold}
    models = budget | {"best_f1": best_f1}
    return models | {"comparison": compared} | about | threshold


def evaluate(experiment: Experiment, runs: Sequence[Predictions]) -> dict[str, Any]:
    """The report of one model over its seeds, as day 31's `report` makes it."""
    data, parts = experiment.data, experiment.parts
    tested = np.flatnonzero(~np.isnan(runs[0].score))

    def figures(run: Predictions, rows: Ints) -> dict[str, float]:
        return protocol.evaluate(
            data.windows, data.recordings, *run, tested[rows], parts=parts
        )

    return parts.report(runs, data.windows.subject[tested], figures)


def plain(value: Any) -> Any:
    """The value with None in place of NaN, for which JSON has no number."""
    if isinstance(value, Mapping):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def predictions_file(
    experiment: Experiment, runs: Sequence[Predictions], seeds: Sequence[int]
) -> bytes:
    """predictions.npz: one row per seed and tested window."""
    windows = experiment.data.windows
    tested = ~np.isnan(runs[0].score)
    names = np.array([one.name for one in experiment.data.recordings])
    columns = {
        "subject": windows.subject[tested],
        "recording": names[windows.recording[tested]],
        "first_sample": windows.start[tested],
        "label": windows.label[tested],
    }
    rows: dict[str, Any] = {
        name: np.tile(column, len(runs)) for name, column in columns.items()
    }
    rows["score"] = np.concatenate([run.score[tested] for run in runs])
    rows["threshold"] = np.concatenate([run.threshold[tested] for run in runs])
    rows["seed"] = np.repeat(seeds, tested.sum())
    content = io.BytesIO()
    np.savez_compressed(content, **rows)
    return content.getvalue()

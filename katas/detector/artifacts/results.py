"""The result of one fold and its file; the predictions of a whole run."""

import dataclasses
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from katas.detector.artifacts.tables import MODELS
from katas.detector.parts import Floats
from katas.detector.protocol import Fold
from katas.dojo.store.errors import CourseError
from katas.dojo.store.files import write_atomic

POINTS = ("budget", "best_f1")  # operating points: the columns of every threshold


def claim(out: Path, fingerprint: str, config: Any) -> None:
    """Take the folder for a run, or resume the same run in it.

    Raises
        CourseError  the folder holds another run
    """
    file = out / "run.json"
    if file.exists():
        earlier = json.loads(file.read_text("utf-8")).get("fingerprint")
        if earlier != fingerprint:
            raise CourseError(
                f"{out} holds another run (other data, config or code):"
                " choose another --out, or remove that folder."
            )
    record = {"fingerprint": fingerprint, "config": dataclasses.asdict(config)}
    write_atomic(file, json.dumps(record, indent=1))


def save_arrays(file: Path, **arrays: Any) -> None:
    """Write an .npz file, whole or not at all."""
    content = io.BytesIO()
    np.savez(content, **arrays)
    write_atomic(file, content.getvalue())


@dataclass(frozen=True)
class FoldResult:
    """All three models on one fold with one seed.

    Shapes
        scores      {model: [test rows]}
        thresholds  {model: [operating points]}  chosen on training subjects
        held_out    [train rows]  the scores of the inner networks
        losses      [epochs]      of the network's training
    """

    scores: Mapping[str, Floats]
    thresholds: Mapping[str, Floats]
    held_out: Floats
    losses: Floats

    def save(self, file: Path) -> None:
        """Write the result, whole or not at all."""
        at = {f"{name}_at": values for name, values in self.thresholds.items()}
        arrays = {**self.scores, **at, "losses": self.losses, "inner": self.held_out}
        save_arrays(file, **arrays)

    @classmethod
    def load(cls, file: Path) -> "FoldResult":
        """Read the result of a finished fold."""
        with np.load(file) as arrays:
            scores = {name: arrays[name] for name in MODELS}
            thresholds = {name: arrays[f"{name}_at"] for name in MODELS}
            return cls(scores, thresholds, arrays["inner"], arrays["losses"])


class Predictions(NamedTuple):
    """One model with one seed: score [count] (NaN: not tested) and threshold [count]."""

    score: Floats
    threshold: Floats


Results = Mapping[str, Mapping[str, Sequence[Predictions]]]  # [point][model][seed]


def collect(
    results: Sequence[Sequence[FoldResult]], folds: Sequence[Fold], count: int
) -> Results:
    """Return the predictions of every window at each operating point.

    Args
        results  [seed][fold]; count: the number of windows
    """

    def predictions(by_fold: Sequence[FoldResult], name: str, at: int) -> Predictions:
        score, threshold = np.full(count, np.nan), np.zeros(count)
        for fold, result in zip(folds, by_fold, strict=True):
            score[fold.test] = result.scores[name]
            threshold[fold.test] = result.thresholds[name][at]
        return Predictions(score, threshold)

    return {
        point: {
            name: [predictions(each, name, at) for each in results] for name in MODELS
        }
        for at, point in enumerate(POINTS)
    }

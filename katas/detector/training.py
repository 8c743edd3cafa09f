"""One network of the protocol: what it trains on, its thresholds, its scores."""

import dataclasses
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import keras
import numpy as np

from katas.detector import baselines, preconditions, protocol
from katas.detector.artifacts.results import Predictions
from katas.detector.options import DataOptions
from katas.detector.parts import Configuration, Floats, Ints, Parts, Windows
from katas.detector.protocol import Fold
from katas.detector.recordings import Recording
from katas.detector.runtime.progress import Progress
from katas.detector.sampling import Pool
from katas.dojo.store.errors import CourseError

INNER_FOLDS = 3  # their networks choose the thresholds of each outer fold


@dataclass(frozen=True)
class Dataset:
    """Recordings, their windows, and the folds that split these by subject."""

    recordings: list[Recording]
    windows: Windows
    folds: list[Fold]

    @cached_property
    def features(self) -> Floats:
        """What the random forest reads of each window, [count, 63]."""
        return baselines.features(self.windows.x)

    def content(self) -> str:
        """A digest of all recordings: signals, subjects, falls; not of their names."""
        digest = hashlib.sha256()
        for one in self.recordings:
            fall = one.rate, one.span, one.impact, len(one.signal)
            digest.update(f"{one.subject}\0{fall}\n".encode())
            digest.update(np.ascontiguousarray(one.signal).tobytes())
        return digest.hexdigest()[:16]


def load(
    options: DataOptions, parts: Parts, read: Callable[[str], list[Recording]]
) -> Dataset:
    """Read the recordings, cut their windows, split these into folds.

    Raises
        CourseError  day 27 refuses a recording (rate, unit), or there is no fall
        DataError    a source that cannot be read
    """
    if options.train_on and options.test_on:
        sides = [read(name) for name in (options.train_on, options.test_on)]
        for side in sides:
            preconditions.require_length(side, parts)
        subjects = [{one.subject for one in side} for side in sides]
        if subjects[0] & subjects[1]:  # equal names of different people
            sides = [
                [replace(one, subject=f"{letter}/{one.subject}") for one in side]
                for letter, side in zip("AB", sides, strict=True)
            ]
        recordings = sides[0] + sides[1]
        windows = cut(recordings, parts)
        test = windows.recording >= len(sides[0])
        folds = [Fold(np.flatnonzero(~test), np.flatnonzero(test))]
        return Dataset(recordings, windows, folds)
    recordings = read(options.data or "sim")
    windows = cut(recordings, parts)
    return Dataset(recordings, windows, preconditions.split(windows, options, parts))


def cut(recordings: list[Recording], parts: Parts) -> Windows:
    """The windows of the recordings, some of which hold a fall and some do not."""
    preconditions.require_length(recordings, parts)
    try:
        windows = parts.windows(recordings)
    except ValueError as error:  # day 27's check: rate or unit
        raise CourseError(f"{error}") from None
    preconditions.require_both_classes(windows)
    return windows


@dataclass(frozen=True)
class Experiment:
    """All that decides the outcome of a fold, whatever the seed."""

    parts: Parts
    config: Configuration
    data: Dataset
    split: str = "subjects"
    keep: str = "last"
    false_alarms: float = 10.0  # [1/h] allowed at the operating point "budget"
    source: str = ""  # the data's name, and a digest of the code

    def fingerprint(self) -> str:
        """A digest of the configuration, the recordings, the windows and the folds."""
        options = self.split, self.keep, self.false_alarms, self.source
        text = json.dumps([dataclasses.asdict(self.config), *options])
        digest = hashlib.sha256(text.encode())
        windows = self.data.windows
        columns = windows.label, windows.subject, windows.recording, windows.start
        rows = (row for fold in self.data.folds for row in fold)
        for column in (*columns, *rows):
            digest.update(np.ascontiguousarray(column).tobytes())
        digest.update(self.data.content().encode())
        return digest.hexdigest()[:16]

    def inner_folds(self, rows: Ints) -> list[Fold]:
        """The folds of training rows that choose the threshold."""
        return self.folds(f"{INNER_FOLDS}fold", rows)

    def folds(self, name: str, rows: Ints) -> list[Fold]:
        """The folds of these rows, as the protocol of that name splits them."""
        return protocol.folds(
            self.data.windows, name, self.split, rows, parts=self.parts
        )

    def pool(self, rows: Ints) -> Pool:
        """The windows that may train, of the subjects of these rows, at a small hop."""
        windows = self.data.windows
        if self.split == "windows":
            return Pool.of_rows(windows, rows)
        subjects = set(windows.subject[rows])
        own = [one for one in self.data.recordings if one.subject in subjects]
        return Pool.dense(own, self.parts.label_windows, self.config.hop)

    def fit(
        self,
        rows: Ints,
        seed: int,
        name: str,
        progress: Progress,
        log: Path | None = None,
    ) -> Any:
        """Return a Keras model trained on these rows.

        Args
            name  what the progress shows; log: the folder of its event files
        """
        validation = None
        if self.keep == "best":  # a fifth of the training subjects choose the epoch
            windows = self.data.windows
            rows, held_out = self.folds("holdout", rows)[0]
            held_out = held_out[windows.label[held_out] >= 0]
            validation = windows.x[held_out], windows.label[held_out]
        callbacks = progress.callbacks(name, log)
        pool = self.pool(rows)
        model = self.parts.train(pool, self.config, seed, validation, callbacks)
        progress.trained(name)
        return model

    def choose_thresholds(self, rows: Ints, score: Floats) -> Floats:
        """Return the threshold of each operating point, [budget, best F1].

        Shapes
            rows   int [rows]    windows of subjects who did not train the scores
            score  [count]       of every window; only `rows` are read
        """
        windows, recordings = self.data.windows, self.data.recordings
        budget = protocol.threshold_for_rate(
            windows, recordings, score, self.false_alarms, rows, parts=self.parts
        )
        best_f1 = self.parts.choose_threshold(windows.label[rows], score[rows])
        return np.array([budget, best_f1])


class FoldNetwork(NamedTuple):
    """The network of one fold.

    Shapes
        score       [test rows]
        held_out    [count]             scores of the inner networks; NaN: not held out
        thresholds  [operating points]  chosen by these
        losses      [epochs]            of the training
    """

    score: Floats
    held_out: Floats
    thresholds: Floats
    losses: list[float]
    model: Any


def load_model(file: Path) -> Any:
    """Return a saved Keras model; the day of its layers must have been imported."""
    return keras.saving.load_model(file)


def predict(model: Any, x: Floats) -> Floats:
    """Return the network's probability of a fall, [count], for windows [count, ...]."""
    return model.predict(x, batch_size=512, verbose=0)[:, 0]


class FinalModel(NamedTuple):
    """The model to ship."""

    file: Path
    threshold: float
    description: str


def final_model(
    experiment: Experiment,
    predictions: Predictions,
    out: Path,
    finished: Callable[[Path], bool],
    progress: Progress,
) -> FinalModel:
    """With one fold its network; with more, a network trained on all subjects.

    Args
        predictions  of the first seed's networks, at the operating point "budget"
        finished     whether every worker has a file
    """
    if len(experiment.data.folds) == 1:
        file = out / "folds" / "seed0-fold1.keras"
        threshold = predictions.threshold[experiment.data.folds[0].test[0]]
        return FinalModel(
            file, float(threshold), "the first seed's network of the table"
        )
    file = out / "folds" / "all.keras"
    rows = np.arange(len(predictions.score))
    if finished(file):
        progress.skip(1)
    else:
        experiment.fit(rows, 0, "all subjects", progress).save(file)
    return FinalModel(
        file,
        float(experiment.choose_thresholds(rows, predictions.score)[0]),
        "trained on all people; its threshold is chosen by the scores that networks of"
        " the first seed gave to people they had not met. The table judges those"
        " networks, not this one",
    )

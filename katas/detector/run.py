"""Run a protocol: every fold, every seed, all three models, one table.

A finished fold is a file in `OUT/folds`; after a kill the same command goes on behind
the last one. The learner's functions come in as `parts`; nothing here is imported from
a day.
"""

import hashlib
import io
import json
from dataclasses import asdict, dataclass, field
from typing import NamedTuple

import numpy as np

from katas.detector import baselines, protocol
from katas.detector.artifacts.tables import MODELS
from katas.detector.sampling import Pool
from katas.dojo.store.errors import CourseError
from katas.dojo.store.files import write_atomic

POINTS = ("budget", "best_f1")  # operating points: the columns of every threshold
INNER = 3  # networks of each fold that choose its thresholds


class Parts(NamedTuple):
    """What a day-30 file brings: the learner's functions."""

    Config: type
    train: object
    choose_threshold: object
    report: object
    windows: object
    label_windows: object


class Scored(NamedTuple):
    """One seed's answer: score [count] and threshold [count] of every window."""

    score: np.ndarray
    threshold: np.ndarray


class Fitted(NamedTuple):
    """A network of one fold: scores of its test rows [rows] and, where inner folds held
    them, of all rows [count]; the thresholds chosen by these; losses; the model."""

    score: np.ndarray
    inner: np.ndarray
    thresholds: np.ndarray
    losses: list
    model: object


def save_arrays(file, **arrays):
    """Write an .npz file, whole or not at all."""
    content = io.BytesIO()
    np.savez(content, **arrays)
    write_atomic(file, content.getvalue())


@dataclass
class Run:
    """One command: the data, how they are split, what is trained, where it goes."""

    parts: Parts
    config: object
    recordings: list
    windows: object
    folds: list
    seeds: list
    out: object
    split: str = "subjects"
    keep: str = "last"
    false_alarms: float = 10.0  # [1/h] the budget of an operating point
    models: tuple = MODELS
    watch: object = lambda *_: ()  # (what, epochs, log folder or None) -> callbacks
    done: object = lambda *_: None  # (what) -> None, after each model
    skip: object = lambda _: None  # (how many) -> None, for models that are there
    agreed: object = bool  # whether all workers say yes, where there are several
    source: str = ""  # what else decides the outcome: the data's name, the code
    losses: dict = field(default_factory=dict)  # {(seed, fold): [epochs]}

    @property
    def fingerprint(self):
        """A digest of all that decides the outcome of a fold, whatever the seeds."""
        kind = self.split, self.keep, self.false_alarms, self.source
        said = json.dumps([asdict(self.config), *kind])
        digest = hashlib.sha256(said.encode())
        for column in (
            *self.windows[1:],
            *(row for fold in self.folds for row in fold),
        ):
            digest.update(np.ascontiguousarray(column).tobytes())
        return digest.hexdigest()[:16]

    def claim(self):
        """Take the folder, or go on in it; refuse one that holds another run."""
        file = self.out / "run.json"
        mine = {"fingerprint": self.fingerprint, "config": asdict(self.config)}
        if file.exists():
            theirs = json.loads(file.read_text("utf-8")).get("fingerprint")
            if theirs != mine["fingerprint"]:
                raise CourseError(
                    f"{self.out} holds another run (other data, config or code):"
                    " choose another --out, or remove that folder."
                )
        write_atomic(file, json.dumps(mine, indent=1))

    def pool(self, rows):
        """The windows that may train for these rows: by person at a small hop."""
        if self.split == "windows":
            return Pool.of_rows(self.windows, rows)
        people = set(self.windows.subject[rows])
        mine = [one for one in self.recordings if one.subject in people]
        return Pool.dense(mine, self.parts.label_windows, self.config.hop)

    def fit(self, rows, seed, what, log=None):
        """A network trained on these rows."""
        validation = None
        if self.keep == "best":  # a fifth of the training people choose the epoch
            rows, held = protocol.folds(self.windows, "holdout", self.split, rows)[0]
            held = held[self.windows.label[held] >= 0]
            validation = self.windows.x[held], self.windows.label[held]
        callbacks = self.watch(what, self.config.epochs, log)
        model = self.parts.train(
            self.pool(rows), self.config, seed, validation, callbacks
        )
        self.done(what)
        return model

    def say(self, model, rows):
        """The network's probability of a fall for these windows."""
        return model.predict(self.windows.x[rows], batch_size=512, verbose=0)[:, 0]

    def network(self, fold, seed, name):
        """The network of one fold, its thresholds chosen on inner folds: Fitted."""
        inner = np.full(len(self.windows.label), np.nan)
        for part, (rows, held) in enumerate(self.inner(fold)):
            what = f"{name}, inner {part + 1}"
            inner[held] = self.say(self.fit(rows, seed + 100, what), held)
        model = self.fit(fold.train, seed, name, self.out / "logs" / name)
        losses = model.history.history["loss"]
        chosen = self.choose(fold.train, inner)
        return Fitted(self.say(model, fold.test), inner, chosen, losses, model)

    def forest(self, fold, seed):
        """The same for the random forest."""
        x, label = self.features, self.windows.label
        inner = np.full(len(label), np.nan)

        def scores(rows, asked):
            rows = rows[label[rows] >= 0]
            return baselines.forest_scores(x[rows], label[rows], x[asked], seed)

        for rows, held in self.inner(fold):
            inner[held] = scores(rows, held)
        return scores(fold.train, fold.test), self.choose(fold.train, inner)

    def threshold(self, fold):
        """The same for the largest |acceleration|, which learns its thresholds only."""
        return self.peaks[fold.test], self.choose(fold.train, self.peaks)

    def inner(self, fold):
        return protocol.folds(self.windows, f"{INNER}fold", self.split, fold.train)

    def choose(self, rows, score):
        """The thresholds of POINTS, by scores that people got who did not train."""
        budget = protocol.threshold_for_rate(
            self.windows, self.recordings, score, self.false_alarms, rows
        )
        best = self.parts.choose_threshold(self.windows.label[rows], score[rows])
        return np.array([budget, best])

    def folder(self):
        """Score every fold and seed, keep each when it is done; a dict
        {operating point: {model: [Scored]}}."""
        self.claim()
        self.features = baselines.features(self.windows.x)
        self.peaks = baselines.threshold_scores(self.windows.x)
        shape = len(self.seeds), len(self.windows.label)
        empty = {
            name: (np.full(shape, np.nan), np.zeros((*shape, len(POINTS))))
            for name in MODELS
        }
        for s, seed in enumerate(self.seeds):
            for k, fold in enumerate(self.folds):
                for name, (score, threshold) in self.kept(k, fold, seed).items():
                    empty[name][0][s, fold.test] = score
                    empty[name][1][s, fold.test] = threshold
        return {
            point: {
                name: [Scored(s, at[:, p]) for s, at in zip(*empty[name], strict=True)]
                for name in self.models
            }
            for p, point in enumerate(POINTS)
        }

    def kept(self, k, fold, seed):
        """One fold of one seed, from its file when it is finished: {model: ...}."""
        name = f"seed{seed}-fold{k + 1}"
        file = self.out / "folds" / f"{name}.npz"
        if self.agreed(file.exists()):
            self.skip(INNER + 1)
        else:
            net = self.network(fold, seed, name)
            found = {"network": net.score, "network_at": net.thresholds}
            found |= {"losses": net.losses, "inner": net.inner[fold.train]}
            found["forest"], found["forest_at"] = self.forest(fold, seed)
            found["threshold"], found["threshold_at"] = self.threshold(fold)
            file.parent.mkdir(parents=True, exist_ok=True)
            net.model.save(file.with_suffix(".keras"))
            save_arrays(file, **found)
        found = np.load(file)
        self.losses[seed, k] = found["losses"]
        return {m: (found[m], found[f"{m}_at"]) for m in self.models}

"""The ablation: one change at a time, on the same folds with the same seeds.

Each training is kept when it is done; after a kill the same command resumes there.
"""

import dataclasses
import json
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from katas.detector import preconditions, protocol, sources
from katas.detector.artifacts import card, files
from katas.detector.artifacts.results import POINTS, claim, save_arrays
from katas.detector.options import AblationOptions, configuration
from katas.detector.parts import AblationParts, Bools, Floats, Ints, code_digest
from katas.detector.protocol import Fold
from katas.detector.recordings import Recording
from katas.detector.run import evaluate_network
from katas.detector.runtime import allocator
from katas.detector.runtime.litert import latency, single_window
from katas.detector.runtime.progress import Progress
from katas.detector.training import (
    INNER_FOLDS,
    Dataset,
    Experiment,
    load,
    load_model,
)
from katas.dojo.store.errors import CourseError
from katas.dojo.store.files import write_atomic

EVENT_FIGURES = ("event_sensitivity", "false_alarms_per_hour")


def ablate(
    options: AblationOptions,
    parts: AblationParts,
    read: Callable[[str], list[Recording]] = sources.load,
) -> list[dict[str, Any]]:
    """Train what is missing, write and print the table; return its rows.

    Raises
        CourseError  a wrong configuration, an unknown variant, another run's folder
        DataError    recordings that cannot be read
    """
    allocator.keep_freed_memory()
    tf.get_logger().setLevel("ERROR")  # it warns of traces that more models need
    config = configuration(parts.Config, options.config, options.epochs)
    setups = chosen(parts.variants(parts.Setup(config)), options.only)
    data = load(options, parts, read)
    windows = data.windows
    preconditions.require_trainable(windows, data.folds, options, parts, INNER_FOLDS)
    trainings = Trainings(options, parts, data, setups)
    seeds = list(range(options.seeds))
    alarms = parts.run_variants(
        setups, data.folds, seeds, len(windows.label), trainings.evaluate
    )
    costs = {name: trainings.cost(setup) for name, setup in setups.items()}
    tested = np.unique(np.concatenate([fold.test for fold in data.folds]))
    by_setup = {name: np.asarray(alarm)[:, tested] for name, alarm in alarms.items()}
    rows = parts.compare(
        by_setup, windows.label[tested], windows.subject[tested], costs
    )
    for row in rows:
        row |= event_figures(parts, data, np.asarray(alarms[row["setup"]]), tested)
    lines = markdown(rows, options, len(set(windows.subject[tested])), len(data.folds))
    out = options.folder
    write_atomic(out / "ablation.json", json.dumps(files.plain(rows), indent=1))
    write_atomic(out / "ablation.md", "\n".join(lines) + "\n")
    print(*lines, sep="\n")
    return rows


def chosen(setups: Mapping[str, Any], only: str | None) -> dict[str, Any]:
    """The first setup, and those that --only names."""
    first, *rest = setups
    names = [name.strip() for name in only.split(",")] if only else rest
    if unknown := [name for name in names if name not in setups]:
        raise CourseError(
            f"--only: unknown {', '.join(unknown)}; there are {', '.join(rest)}."
        )
    return {name: setups[name] for name in dict.fromkeys([first, *names])}


def network_of(setup: Any) -> Any:
    """The setup without its threshold, which no training depends on."""
    return dataclasses.replace(setup, threshold=None)


class Trainings:
    """The trainings of the setups; setups that differ in the threshold share one."""

    def __init__(
        self,
        options: AblationOptions,
        parts: AblationParts,
        data: Dataset,
        setups: Mapping[str, Any],
    ) -> None:
        self.options, self.parts, self.data = options, parts, data
        self.names: dict[Any, str] = {}
        for name, setup in setups.items():
            self.names.setdefault(network_of(setup), name)
        self.experiments: dict[Any, Experiment] = {}

    def folder(self, network: Any) -> Path:
        """Where the trainings of a network are kept."""
        return self.options.folder / re.sub(r"\W+", "-", self.names[network])

    def experiment(self, network: Any) -> Experiment:
        """The experiment of a network, with day 32's training in place of day 31's."""
        if network not in self.experiments:

            def train(
                pool: Any,
                _: Any,
                seed: int,
                validation: Any = None,
                callbacks: Any = (),
            ) -> Any:
                return self.parts.train_variant(
                    pool, network, seed, validation, callbacks
                )

            parts = dataclasses.replace(self.parts, train=train)
            source = f"{self.options.data} {network.loss} {network.balance}"
            experiment = Experiment(
                parts, network.config, self.data, source=f"{source} {code_digest()}"
            )
            claim(self.folder(network), experiment.fingerprint(), network.config)
            self.experiments[network] = experiment
        return self.experiments[network]

    def evaluate(
        self, setup: Any, train: Ints, test: Ints, seed: int
    ) -> tuple[Floats, float]:
        """Return (scores of the test rows, threshold); from its file when finished."""
        network = network_of(setup)
        experiment = self.experiment(network)
        out = self.folder(network)
        tests = [fold.test for fold in self.data.folds]
        k = next(k for k, each in enumerate(tests) if np.array_equal(each, test))
        name = f"seed{seed}-fold{k + 1}"
        file = out / f"{name}.npz"
        if not file.exists():
            fold = Fold(train, test)
            result = evaluate_network(experiment, fold, seed, name, Progress())
            print(f"trained {out.name}, {name}", file=sys.stderr, flush=True)
            result.model.save(out / "model.keras")
            threshold = result.thresholds[POINTS.index("best_f1")]
            losses = result.losses
            save_arrays(file, score=result.score, threshold=threshold, losses=losses)
        with np.load(file) as arrays:
            return arrays["score"], float(arrays["threshold"])

    def cost(self, setup: Any) -> tuple[int, float]:
        """Parameters, and the median time of one window [us] in LiteRT, float32."""
        folder = self.folder(network_of(setup))
        model = load_model(folder / "model.keras")
        median, _ = latency(single_window(model), self.data.windows.x[:200])
        return model.count_params(), median


def event_figures(
    parts: AblationParts, data: Dataset, alarms: Bools, tested: Ints
) -> dict[str, float]:
    """Sensitivity and false alarms per hour, mean over the seeds.

    Shapes
        alarms  bool [seeds, count]; tested: row numbers
    """
    scores = [
        protocol.event_figures(
            protocol.events_of(
                data.windows, alarm, data.recordings, tested, parts=parts
            ),
            parts=parts,
        )
        for alarm in alarms
    ]
    return {
        key: float(np.mean([each[key] for each in scores])) for key in EVENT_FIGURES
    }


def markdown(
    rows: Sequence[Mapping[str, Any]], options: AblationOptions, people: int, folds: int
) -> list[str]:
    """The table's lines, and what they are based on."""
    lines = [
        "| setup | F1 (over seeds) | less the whole | interval | parameters"
        " | latency [us] | falls detected | false alarms [1/h] |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        cells = [
            row["setup"],
            f"{row['f1']:.3f} ({row['seeds']:.3f})",
            f"{row['difference']:+.3f}",
            f"{row['low']:+.3f} to {row['high']:+.3f}",
            f"{row['parameters']:,}",
            f"{row['latency_us']:.0f}",
            *(f"{row[key]:.3f}" for key in EVENT_FIGURES),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    level = 1 - 0.05 / max(1, len(rows) - 1)
    return [
        *lines,
        "",
        f"{options.data}, {folds} folds, {options.seeds} seeds, {people} people."
        f" Intervals: bootstrap over people, the same for both, level {level:.4f}.",
        card.SCRIPTED,
    ]

"""The whole training program: recordings in; metrics, predictions, model and card out.

A finished fold is a file in `OUT/folds`; after a kill the same command resumes there.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from katas.detector import baselines, preconditions, sources
from katas.detector.artifacts import card, files
from katas.detector.artifacts.record import record_of
from katas.detector.artifacts.results import FoldResult, claim, collect
from katas.detector.options import TrainingOptions, configuration
from katas.detector.parts import Floats, Ints, Parts, code_digest, origins_table
from katas.detector.protocol import Fold
from katas.detector.recordings import Recording
from katas.detector.runtime import allocator, distributed
from katas.detector.runtime.progress import Progress, ProgressBar
from katas.detector.training import (
    INNER_FOLDS,
    Experiment,
    FoldNetwork,
    final_model,
    load,
    predict,
)


def train(
    options: TrainingOptions,
    parts: Parts,
    read: Callable[[str], list[Recording]] = sources.load,
) -> dict[str, Any]:
    """Train and evaluate the detector; write all files, return the metrics.

    Raises
        CourseError  a wrong configuration, data without falls, another run's folder
        DataError    recordings that cannot be read
    """
    allocator.keep_freed_memory()
    tf.get_logger().setLevel("ERROR")  # it warns of traces that more models need
    config = configuration(parts.Config, options.config, options.epochs)
    strategy = distributed.strategy(options.strategy)
    data = load(options, parts, read)  # recordings, their windows, folds by subject
    preconditions.require_trainable(
        data.windows, data.folds, options, parts, INNER_FOLDS, options.keep
    )
    source = f"{options.name} {options.strategy} {code_digest()}"
    experiment = Experiment(
        parts, config, data, options.split, options.keep, options.false_alarms, source
    )
    out = distributed.own_folder(strategy, options.folder)
    claim(out, experiment.fingerprint(), config)
    print(*origins_table(parts.origins), sep="\n")
    started, seeds = time.time(), range(options.seeds)

    def finished(file: Path) -> bool:
        return distributed.all_agree(strategy, file.exists())

    models = len(data.folds) * len(seeds) * (INNER_FOLDS + 1) + (len(data.folds) > 1)
    bar = ProgressBar(models, config.epochs)
    with bar, distributed.training_scope(strategy):
        results: list[list[FoldResult]] = []  # [seed][fold]
        for seed in seeds:
            results.append([])
            for k, fold in enumerate(data.folds):
                file = out / "folds" / f"seed{seed}-fold{k + 1}.npz"
                if finished(file):
                    bar.skip(INNER_FOLDS + 1)
                else:
                    evaluate_fold(experiment, fold, seed, file, bar).save(file)
                results[-1].append(FoldResult.load(file))
        predictions = collect(results, data.folds, len(data.windows.label))
        first = predictions["budget"]["network"][0]
        model = final_model(experiment, first, out, finished, bar)

    seconds = round(time.time() - started, 1)
    record = record_of(options, experiment, model, seconds)
    losses = [one.losses for by_fold in results for one in by_fold]
    metrics = files.write_all(out, experiment, predictions, losses, record, model.file)
    print(*card.figures(metrics, options.false_alarms), card.SCRIPTED, sep="\n")
    print(f"{out}/metrics.json, model_card.md; tensorboard --logdir {out}/logs")
    return metrics


def evaluate_fold(
    experiment: Experiment, fold: Fold, seed: int, file: Path, bar: ProgressBar
) -> FoldResult:
    """Choose thresholds, train and score all three models; save the network."""
    log = file.parents[1] / "logs" / file.stem
    network = evaluate_network(experiment, fold, seed, file.stem, bar, log)
    file.parent.mkdir(parents=True, exist_ok=True)
    network.model.save(file.with_suffix(".keras"))

    label, features = experiment.data.windows.label, experiment.data.features

    def forest(rows: Ints, test: Ints) -> Floats:
        rows = rows[label[rows] >= 0]
        return baselines.forest_scores(
            features[rows], label[rows], features[test], seed
        )

    held_out = np.full(len(label), np.nan)
    for inner in experiment.inner_folds(fold.train):
        held_out[inner.test] = forest(*inner)
    peaks = baselines.threshold_scores(experiment.data.windows.x)
    choose = experiment.choose_thresholds
    return FoldResult(
        scores={
            "network": network.score,
            "forest": forest(*fold),
            "threshold": peaks[fold.test],
        },
        thresholds={
            "network": network.thresholds,
            "forest": choose(fold.train, held_out),
            "threshold": choose(fold.train, peaks),
        },
        held_out=network.held_out[fold.train],
        losses=np.array(network.losses),
    )


def evaluate_network(
    experiment: Experiment,
    fold: Fold,
    seed: int,
    name: str,
    progress: Progress,
    log: Path | None = None,
) -> FoldNetwork:
    """Inner folds choose the thresholds; then train on the fold and score its test."""
    x = experiment.data.windows.x
    held_out = np.full(len(x), np.nan)
    for k, inner in enumerate(experiment.inner_folds(fold.train)):
        inner_name = f"{name}, inner {k + 1}"
        model = experiment.fit(inner.train, seed + 100, inner_name, progress)
        held_out[inner.test] = predict(model, x[inner.test])
    thresholds = experiment.choose_thresholds(fold.train, held_out)
    model = experiment.fit(fold.train, seed, name, progress, log)
    losses = model.history.history["loss"]
    return FoldNetwork(
        predict(model, x[fold.test]), held_out, thresholds, losses, model
    )

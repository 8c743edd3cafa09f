"""One job of the command line of day 30: data in, every file out."""

import dataclasses
import hashlib
import linecache
import re
import sys
import time
from pathlib import Path

import numpy as np
import tensorflow as tf
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from katas.detector import allocator, cli, distributed, protocol, sources
from katas.detector.artifacts import files
from katas.detector.run import INNER, Run
from katas.dojo.store import paths
from katas.dojo.store.errors import CourseError


def run(asked, parts, read=sources.load):
    """Do what was asked for with data that `read(name)` gives; print the table."""
    console = Console()
    allocator.keep_freed()
    tf.get_logger().setLevel("ERROR")  # it warns of traces that more models need
    config = cli.configuration(parts.Config, asked.config, asked.epochs)
    strategy = cli.strategy(asked.strategy)
    recordings, tested = load(asked, read)
    try:
        windows = parts.windows(recordings)
    except ValueError as error:  # day 27's check: rate or unit
        raise CourseError(f"{error}") from None
    if not (windows.label == 1).any():
        raise CourseError("no window holds a fall, so there is nothing to learn.")
    if tested is None:
        folds = protocol.folds(windows, asked.protocol, asked.split)
        what = f"{asked.data}-{asked.protocol}"
        what += "" if asked.split == "subjects" else "-windows"
    else:
        test = tested[windows.recording]
        folds = [protocol.Fold(np.flatnonzero(~test), np.flatnonzero(test))]
        what = f"{Path(asked.train_on).name}-to-{Path(asked.test_on).name}"
    out = asked.out or paths.root() / ".dojo" / "runs" / re.sub(r"[^\w.-]+", "-", what)

    worker, _ = distributed.place(strategy)
    out = out / f"worker{worker}" if worker else out  # the first one has it to itself

    job = Run(parts, config, recordings, windows, folds, list(range(asked.seeds)), out,
              asked.split, asked.keep, asked.false_alarms,
              source=f"{what} {asked.strategy} {code()}",
              agreed=lambda yes: distributed.all_say(strategy, yes))  # fmt: skip
    models = len(folds) * asked.seeds * (INNER + 1) + (len(folds) > 1)
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:.0f}/{task.total:.0f}"),
        TimeRemainingColumn(),
        console=console,
    )
    started = time.time()
    with bar, distributed.stand_in(strategy):
        follow(job, bar, models * config.epochs, console)
        scored = job.folder()
        file, threshold, made = shipped(job, scored)
    about = describe(asked, job, threshold, made) | {"parameters": parameters(file)}
    about["seconds"] = round(time.time() - started, 1)
    found = files.write_all(job, scored, file, about)
    print(*files.table(found), files.SCRIPTED, sep="\n")
    print(f"{out}/metrics.json, model_card.md; tensorboard --logdir {out}/logs")


def load(asked, read):
    """The recordings, and for --test-on which of them test (bool [recordings])."""
    if asked.data:
        return read(asked.data), None
    sides = [read(name) for name in (asked.train_on, asked.test_on)]
    people = [{one.subject for one in side} for side in sides]
    if people[0] & people[1]:  # equal names of different people
        sides = [
            [
                dataclasses.replace(one, subject=f"{letter}/{one.subject}")
                for one in side
            ]
            for letter, side in zip("AB", sides, strict=True)
        ]
    tested = np.repeat([False, True], [len(side) for side in sides])
    return sides[0] + sides[1], tested


def follow(job, bar, total, console):
    """Give the job its progress bar and its event files."""
    import keras

    task = bar.add_task("epochs", total=total)

    class Tick(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            bar.advance(task)

    def watch(what, epochs, log):
        bar.update(task, description=what)
        if log is None:
            return [Tick()]
        board = keras.callbacks.TensorBoard(log, write_graph=False, profile_batch=0)
        return [Tick(), board]

    job.watch = watch
    job.skip = lambda models: bar.advance(task, models * job.config.epochs)
    if not console.is_terminal:
        job.done = lambda what: print(f"trained {what}", file=sys.stderr, flush=True)


def shipped(job, scored):
    """The file of the model to ship, its threshold, and how it was made."""
    if len(job.folds) == 1:
        file = job.out / "folds" / f"seed{job.seeds[0]}-fold1.keras"
        threshold = scored["budget"]["network"][0].threshold[job.folds[0].test[0]]
        return file, float(threshold), "the first seed's network of the table"
    file = job.out / "folds" / "all.keras"
    rows = np.arange(len(job.windows.label))
    if job.agreed(file.exists()):
        job.skip(1)
    else:
        job.fit(rows, job.seeds[0], "all people").save(file)
    threshold, _ = job.choose(rows, scored["budget"]["network"][0].score)
    how = (
        "trained on all people; its threshold is chosen by the scores that networks of"
        " the first seed gave to people they had not met. The table judges those"
        " networks, not this one"
    )
    return file, float(threshold), how


def describe(asked, job, threshold, made):
    """What the metrics and the card say of the run."""
    falls = [one for one in job.recordings if one.is_fall]
    seconds = sum(one.seconds for one in job.recordings)
    seconds -= sum(one.span[1] - one.span[0] for one in falls)
    return {
        "data": asked.data or f"trained on {asked.train_on}, tested on {asked.test_on}",
        "protocol": asked.protocol if asked.data else "train-test",
        "split": asked.split,
        "seeds": job.seeds,
        "keep": asked.keep,
        "false_alarms": asked.false_alarms,
        "strategy": asked.strategy,
        "config": dataclasses.asdict(job.config),
        "people": len({one.subject for one in job.recordings}),
        "falls": len(falls),
        "hours": seconds / 3600,
        "window_s": protocol.LENGTH / 50,
        "threshold": threshold,
        "model": made,
    }


def parameters(file):
    import keras

    return keras.saving.load_model(file).count_params()


def code():
    """A digest of the learner's files in use: a changed one makes another run."""
    digest = hashlib.sha256()
    for name, module in sorted(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if file and (re.match(r"katas\.day\d\d\.", name) or name == "__main__"):
            digest.update("".join(linecache.getlines(file)).encode())
    return digest.hexdigest()[:16]

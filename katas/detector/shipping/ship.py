"""The program that packs the model of a training run, and tests the files.

Every fold's network becomes a float32 and an int8 file, which are evaluated on the
subjects held out of its training; so is the stream. Then the model to ship is packed,
its files are timed, and run on 1.36 h of a real watch on which nobody falls.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from katas.detector import sources, training
from katas.detector.artifacts import files
from katas.detector.artifacts.card import SCRIPTED
from katas.detector.artifacts.record import RunRecord
from katas.detector.options import ShippingOptions
from katas.detector.parts import ShippingParts
from katas.detector.recordings import Recording
from katas.detector.runtime.litert import latency
from katas.detector.shipping import proof, report
from katas.dojo.store.errors import CourseError
from katas.dojo.store.files import write_atomic


def ship(
    options: ShippingOptions,
    parts: ShippingParts,
    read: Callable[[str], list[Recording]] = sources.load,
) -> dict[str, Any]:
    """Pack and test a run; write files, card and figures beside it; return these.

    Raises
        CourseError  the folder holds no finished run, or the run's recordings have
                     changed since
        DataError    its recordings cannot be read
    """
    tf.get_logger().setLevel("ERROR")  # it warns of traces that more models need
    folder = options.run
    record = record_of(folder)
    data = training.load(record, parts, read)
    if record.recordings not in ("", data.content()):
        raise CourseError(
            f"The recordings ({record.description}) have changed since {folder} was"
            " trained: train again into another --out, then ship that."
        )
    windows, folds = data.windows, data.folds
    results = proof.evaluate(parts, folder, data, record.seeds[0])
    print("the model to ship")
    # Of one fold the test people stay unseen; of many, the model knew everyone.
    held_out = np.unique(windows.subject[folds[0].test]) if len(folds) == 1 else ()
    packed = proof.pack(parts, folder / "model.keras", windows, held_out)
    model, x = packed.model, windows.x[:500]
    results["parameters"] = model.count_params()
    results["keras"]["latency_us"] = latency(lambda one: model(one, training=False), x)
    for name in proof.FILES:
        content = getattr(packed, name)
        write_atomic(folder / f"detector_{name}.tflite", content)
        score = parts.litert(content)
        results[name]["bytes"] = len(content)
        results[name]["latency_us"] = latency(score, x)
        results[name]["watch"] = proof.false_alarms_on_a_watch(
            parts, score, record.threshold
        )
    card = parts.model_card(report.facts(record, results), packed.int8)
    write_atomic(folder / "detector_int8.md", str(card))
    write_atomic(folder / "ship.json", json.dumps(files.plain(results), indent=1))
    print(*report.table(results), SCRIPTED, sep="\n")
    print(f"{folder}/detector_float32.tflite, detector_int8.tflite, detector_int8.md")
    return results


def record_of(folder: Path) -> RunRecord:
    """How the finished training run in the folder was made.

    Raises
        CourseError  there is no metrics.json in it
    """
    try:
        metrics = json.loads((folder / "metrics.json").read_text("utf-8"))
    except FileNotFoundError:
        raise CourseError(
            f"{folder} holds no metrics.json: python -m katas.day31.train_detector"
            f" --out {folder}"
        ) from None
    return RunRecord(**metrics["run"])

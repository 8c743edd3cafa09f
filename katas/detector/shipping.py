"""The command line of day 33: pack the model of a day-30 run, and prove the files.

python -m katas.day33.ship RUN     (RUN: the folder that day 30's --out named)

Every fold's network becomes a float32 and an int8 file, which are judged on the people
that it never met; so is the stream. Then the model to ship is packed, its files are
timed, and 1.36 h of a real watch on which nobody falls run through them.
"""

import argparse
import importlib
import json
import re
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import tensorflow as tf

from katas.detector import job, protocol
from katas.detector.artifacts import files
from katas.detector.packaging import Parts, judged, latency, pack, quiet_hours
from katas.detector.recordings import DataError
from katas.detector.sources import load
from katas.dojo.store.errors import CourseError
from katas.dojo.store.files import write_atomic


def run_of(folder):
    """The metrics of a finished run of day 30."""
    try:
        return json.loads((folder / "metrics.json").read_text("utf-8"))
    except FileNotFoundError:
        raise CourseError(
            f"{folder} holds no metrics.json: python -m katas.day30.train_detector"
            f" --out {folder}"
        ) from None


def data_of(about, read=load):
    """The recordings of a run, its windows, and the folds as they were."""
    both = re.fullmatch("trained on (.+), tested on (.+)", about["data"])
    a, b = both.groups() if both else (None, None)
    asked = SimpleNamespace(data=None if both else about["data"], train_on=a, test_on=b)
    recordings, tested = job.load(asked, read)
    windows = importlib.import_module("katas.day27.recordings").windows(recordings)
    if tested is None:
        folds = protocol.folds(windows, about["protocol"], about["split"])
    else:
        test = tested[windows.recording]
        folds = [protocol.Fold(np.flatnonzero(~test), np.flatnonzero(test))]
    return recordings, windows, folds


def facts(about, found, alarm_stream):
    """What the card of the int8 file says."""
    int8, stream = found["int8"], f"{alarm_stream['alarms']} alarms in"
    return {
        "purpose": "tell a fall from daily life by a watch on the wrist",
        "not_for": "medical use, or anyone whom nobody else looks after",
        "rate_hz": 50,
        "window_s": about["window_s"],
        "units": "acceleration [g], angular rate [rad/s], raw",
        "worn_at": "wrist",
        "data": about["data"],
        "people": about["people"],
        "protocol": f"{about['protocol']} by {about['split']}, seed"
        f" {about['seeds'][0]}; judged were the int8 files of the folds; this file:"
        f" {about['model']}",
        "threshold": round(about["threshold"], 4),
        "window_f1": round(int8["f1"], 3),
        "event_sensitivity": round(int8["event_sensitivity"], 3),
        "false_alarms_per_hour": round(int8["false_alarms_per_hour"], 2),
        "delay_s": round(int8["delay_s"], 2),
        "limits": f"Falls were staged. {files.SCRIPTED} A watch on which"
        f" nobody fell: {stream} {alarm_stream['hours']:.2f} h.",
    }


def ship(folder, parts, read=load, say=print):
    """Pack and prove a run; write files, card and figures beside it; return them."""
    metrics = run_of(folder)
    about = metrics["run"]
    data = data_of(about, read)
    found = judged(parts, folder, about, data, say)
    _, windows, folds = data
    say("the model to ship")
    # Of one fold the test people stay unseen; of many, the model knew everyone.
    held_out = np.unique(windows.subject[folds[0].test]) if len(folds) == 1 else ()
    *packed, model = pack(parts, folder / "model.keras", windows, held_out)
    found["parameters"] = model.count_params()
    x = windows.x[:500]
    found["keras"]["latency_us"] = latency(lambda w: model(w, training=False), x)
    for name, content in zip(("float32", "int8"), packed, strict=True):
        write_atomic(folder / f"detector_{name}.tflite", content)
        score = parts.litert(content)
        found[name]["bytes"] = len(content)
        found[name]["latency_us"] = latency(score, x)
        found[name]["watch"] = quiet_hours(parts, score, about["threshold"])
    card = parts.model_card(facts(about, found, found["int8"]["watch"]), packed[1])
    write_atomic(folder / "detector_int8.md", str(card))
    write_atomic(folder / "ship.json", json.dumps(files.plain(found), indent=1))
    return found


def table(found):
    """The figures as lines of text."""
    rows = [
        ("F1 of windows", "f1", "{:.4f}"),
        ("falls detected", "event_sensitivity", "{:.4f}"),
        ("false alarms [1/h]", "false_alarms_per_hour", "{:.2f}"),
        ("delay, median [s]", "delay_s", "{:.2f}"),
        ("largest change of a score", "largest_difference", "{:.2g}"),
        ("decisions changed", "decisions_changed", "{}"),
        ("file [bytes]", "bytes", "{:,}"),
    ]
    names = ("keras", "float32", "int8")
    lines = [f"{'':28}" + "".join(f"{name:>14}" for name in names)]
    for title, key, form in rows:
        cells = [form.format(found[n][key]) if key in found[n] else "" for n in names]
        lines.append(f"{title:28}" + "".join(f"{cell:>14}" for cell in cells))
    for k, title in enumerate(("latency, median [us]", "latency, 95 % [us]")):
        cells = [f"{found[n]['latency_us'][k]:.0f}" for n in names]
        lines.append(f"{title:28}" + "".join(f"{cell:>14}" for cell in cells))
    for name in names[1:]:
        one = found[name]["watch"]
        low, high = one["an_hour_95"]
        lines.append(
            f"watch without falls, {name}: {one['alarms']} alarms in"
            f" {one['hours']:.2f} h: {one['an_hour']:.1f} an hour"
            f" (95 %: {low:.1f} to {high:.1f})"
        )
    stream = found["stream"]
    lines.append(
        f"stream against batch, int8: {stream['samples']:,} samples,"
        f" {stream['scores']:,} scores, {stream['unequal']} recordings differ"
    )
    lines.append(f"{found['windows']:,} windows of {found['people']} people")
    return lines


def main(*parts, line=None):
    """Run the command line with the functions of a day-33 file; exit with a sentence."""
    parser = argparse.ArgumentParser(
        description="Pack the model of a day-30 run into LiteRT files and prove them."
    )
    parser.add_argument("run", metavar="RUN", type=Path, help="day 30's --out folder")
    folder = parser.parse_args(line).run
    tf.get_logger().setLevel("ERROR")  # it warns of traces that more models need
    try:
        found = ship(folder, Parts(*parts))
    except (CourseError, DataError) as error:
        sys.exit(f"{error}")
    except NotImplementedError as error:
        sys.exit(f"still blank: {error}. Fill it, or take its reference: kata adopt")
    print(*table(found), files.SCRIPTED, sep="\n")
    print(f"{folder}/detector_float32.tflite, detector_int8.tflite, detector_int8.md")

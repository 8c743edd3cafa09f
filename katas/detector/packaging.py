"""What a packed detector is worth: files against Keras, the stream against the batch."""

import importlib
import time
from typing import NamedTuple

import numpy as np

from katas.detector import protocol
from katas.detector.recordings import watch

# A model of day 29 scales its windows itself.
UNSCALED = np.zeros(6, "float32"), np.ones(6, "float32")
RUNS = 1000  # of one window, for a latency


class Parts(NamedTuple):
    """What a day-33 file brings: the learner's functions."""

    export: object
    floats: tuple
    litert: object
    StreamingDetector: type
    model_card: object


def pack(parts, file, windows, held_out):
    """The float32 and the int8 file of a saved model, and the model."""
    import keras

    importlib.import_module("katas.day29.fall_model")  # Keras must know its layers
    model = keras.saving.load_model(file)
    rows = np.unique(
        np.r_[np.flatnonzero(windows.label == 1), : len(windows.label) : 4]
    )
    x, who = windows.x[rows], windows.subject[rows]
    small = parts.export(model, UNSCALED, x, who, held_out, parts.floats)
    return parts.export(model, UNSCALED), small, model


def judged(parts, folder, about, data, say=print):
    """Figures of both files over all folds of the run's first seed."""
    recordings, windows, folds = data
    names = ("keras", "float32", "int8")
    scores = {name: np.full(len(windows.label), np.nan) for name in names}
    threshold = np.zeros(len(windows.label))
    streams = {"samples": 0, "scores": 0, "unequal": 0}
    for k, fold in enumerate(folds):
        file = folder / "folds" / f"seed{about['seeds'][0]}-fold{k + 1}.keras"
        say(f"fold {k + 1} of {len(folds)}")
        held_out = np.unique(windows.subject[fold.test])
        *files, model = pack(parts, file, windows, held_out)
        threshold[fold.test] = np.load(file.with_suffix(".npz"))["network_at"][0]
        x = windows.x[fold.test]
        said = model.predict(x, batch_size=512, verbose=0)[:, 0]
        scores["keras"][fold.test] = said
        for name, content in zip(names[1:], files, strict=True):
            score = parts.litert(content)
            scores[name][fold.test] = [score(one[None]) for one in x]
        at = threshold[fold.test[0]]
        more = streamed(parts, score, at, recordings, windows, fold, scores["int8"])
        streams = {name: streams[name] + more[name] for name in streams}
    return figures(recordings, windows, scores, threshold) | {"stream": streams}


def streamed(parts, score, threshold, recordings, windows, fold, batch):
    """Each test recording sample by sample: its scores and alarms against the batch."""
    found = {"samples": 0, "scores": 0, "unequal": 0}
    rows_of = windows.recording[fold.test]
    for index in np.unique(rows_of):
        detector = parts.StreamingDetector(score, threshold)
        steps = [detector.step(sample) for sample in recordings[index].signal]
        scores = [s for s, _ in steps if s is not None]
        alarms = [k for k, (_, alarm) in enumerate(steps) if alarm]
        rows = fold.test[rows_of == index]
        rows = rows[np.argsort(windows.start[rows])]
        wanted, last = [], -np.inf
        for row in rows[batch[rows] >= threshold]:
            end = windows.start[row] + protocol.LENGTH - 1
            if end - last >= protocol.SILENCE * 50:
                wanted.append(last := int(end))
        found["samples"] += len(steps)
        found["scores"] += len(scores)
        same = len(scores) == len(rows) and np.array_equal(scores, batch[rows])
        found["unequal"] += 0 if same and alarms == wanted else 1
    return found


def figures(recordings, windows, scores, threshold):
    """What each file is worth, and how far it is from the one before it."""
    tested = np.flatnonzero(~np.isnan(scores["keras"]))
    found = {"windows": len(tested), "people": len(set(windows.subject[tested]))}
    for name, score in scores.items():
        found[name] = protocol.judge(windows, recordings, score, threshold, tested)
    for name, other in (("float32", "keras"), ("int8", "float32")):
        one, two = scores[name][tested], scores[other][tested]
        changed = (one >= threshold[tested]) != (two >= threshold[tested])
        found[name] |= {
            "largest_difference": float(np.abs(one - two).max()),
            "decisions_changed": int(changed.sum()),
        }
    return found


def quiet_hours(parts, score, threshold):
    """Alarms on a real watch on which nobody falls: every one is false."""
    from scipy.stats import chi2

    recordings = watch.recordings()
    alarms = 0
    for one in recordings:
        detector = parts.StreamingDetector(score, threshold)
        alarms += sum(detector.step(sample)[1] for sample in one.signal)
    hours = sum(one.seconds for one in recordings) / 3600
    low = chi2.ppf(0.025, 2 * alarms) / 2 if alarms else 0.0
    high = chi2.ppf(0.975, 2 * alarms + 2) / 2
    return {"hours": hours, "alarms": alarms, "an_hour": alarms / hours,
            "an_hour_95": [low / hours, high / hours]}  # fmt: skip


def latency(call, windows):
    """Median and 95th percentile of one window at a time [us], after a warm-up."""
    times = []
    for k in range(RUNS + 50):
        start = time.perf_counter()
        call(windows[k % len(windows)][None])
        times.append((time.perf_counter() - start) * 1e6)
    return [float(t) for t in np.percentile(times[50:], (50, 95))]

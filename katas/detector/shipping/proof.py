"""What a packed detector is worth: files against Keras, the stream against the batch."""

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from katas.detector import protocol
from katas.detector.artifacts.results import FoldResult
from katas.detector.parts import Floats, ShippingParts, Windows
from katas.detector.protocol import Fold
from katas.detector.recordings import Recording, watch
from katas.detector.training import Dataset, load_model, predict

# A model of day 30 scales its windows itself.
UNSCALED = np.zeros(6, "float32"), np.ones(6, "float32")
FILES = ("float32", "int8")
MODELS = ("keras", *FILES)

Score = Callable[[Floats], float]


class Packed(NamedTuple):
    """A Keras model and its two LiteRT files."""

    model: Any
    float32: bytes
    int8: bytes


def pack(
    parts: ShippingParts, file: Path, windows: Windows, held_out: Iterable[str]
) -> Packed:
    """Return a saved model and its float32 and int8 files.

    Args
        held_out  test subjects, whose windows do not calibrate the int8 file
    """
    model = load_model(file)
    rows = np.unique(
        np.r_[np.flatnonzero(windows.label == 1), : len(windows.label) : 4]
    )
    x, subject = windows.x[rows], windows.subject[rows]
    operations = parts.float_operations
    int8 = parts.export(model, UNSCALED, x, subject, held_out, operations)
    return Packed(model, parts.export(model, UNSCALED), int8)


def evaluate(
    parts: ShippingParts, folder: Path, data: Dataset, seed: int
) -> dict[str, Any]:
    """Return the figures of both files over all folds of one seed of a run."""
    windows, folds = data.windows, data.folds
    scores = {name: np.full(len(windows.label), np.nan) for name in MODELS}
    threshold = np.zeros(len(windows.label))
    stream = StreamCheck(0, 0, 0)
    for k, fold in enumerate(folds):
        print(f"fold {k + 1} of {len(folds)}")
        file = folder / "folds" / f"seed{seed}-fold{k + 1}.keras"
        packed = pack(parts, file, windows, np.unique(windows.subject[fold.test]))
        at = FoldResult.load(file.with_suffix(".npz")).thresholds["network"][0]
        threshold[fold.test] = at
        x = windows.x[fold.test]
        scores["keras"][fold.test] = predict(packed.model, x)
        litert = {name: parts.litert(getattr(packed, name)) for name in FILES}
        for name, score in litert.items():
            scores[name][fold.test] = [score(one[None]) for one in x]
        stream += check_stream(parts, litert["int8"], at, data, fold, scores["int8"])
    return figures(parts, data, scores, threshold) | {
        "stream": dataclasses.asdict(stream)
    }


def streaming_detector(parts: ShippingParts, score: Score, threshold: float) -> Any:
    """A detector that takes one sample at a time, as on the device."""
    return parts.StreamingDetector(
        score,
        threshold,
        parts.window_length,
        parts.window_hop,
        hold_off=parts.hold_off,
        rate=parts.sampling_rate,
    )


@dataclass(frozen=True)
class StreamCheck:
    """How much went through the stream, and how many recordings differ from the batch."""

    samples: int
    scores: int
    unequal: int

    def __add__(self, other: "StreamCheck") -> "StreamCheck":
        return StreamCheck(
            self.samples + other.samples,
            self.scores + other.scores,
            self.unequal + other.unequal,
        )


def check_stream(
    parts: ShippingParts,
    score: Score,
    threshold: float,
    data: Dataset,
    fold: Fold,
    batch: Floats,
) -> StreamCheck:
    """Each test recording sample by sample: its scores and alarms against the batch.

    Shapes
        batch  [count]  scores of every window, by `score`
    """
    windows, check = data.windows, StreamCheck(0, 0, 0)
    recording = windows.recording[fold.test]
    for index in np.unique(recording):
        one = data.recordings[index]
        detector = streaming_detector(parts, score, threshold)
        steps = [detector.step(sample) for sample in one.signal]
        scores = [s for s, _ in steps if s is not None]
        alarms = [k / one.rate for k, (_, alarm) in enumerate(steps) if alarm]  # [s]
        rows = fold.test[recording == index]
        rows = rows[np.argsort(windows.start[rows])]
        expected, _ = parts.events(one, windows.start[rows], batch[rows], threshold)
        equal = len(scores) == len(rows) and np.array_equal(scores, batch[rows])
        equal = equal and len(alarms) == len(expected) and np.allclose(alarms, expected)
        check += StreamCheck(len(steps), len(scores), 0 if equal else 1)
    return check


def figures(
    parts: ShippingParts,
    data: Dataset,
    scores: Mapping[str, Floats],
    threshold: Floats,
) -> dict[str, Any]:
    """Each file's figures, and how far its scores are from those of the one before."""
    windows = data.windows
    tested = np.flatnonzero(~np.isnan(scores["keras"]))
    subjects = set(windows.subject[tested])
    results: dict[str, Any] = {"windows": len(tested), "people": len(subjects)}
    for name, score in scores.items():
        results[name] = protocol.evaluate(
            windows, data.recordings, score, threshold, tested, parts=parts
        )
    for name, reference in (("float32", "keras"), ("int8", "float32")):
        one, two = scores[name][tested], scores[reference][tested]
        changed = (one >= threshold[tested]) != (two >= threshold[tested])
        results[name] |= {
            "largest_difference": float(np.abs(one - two).max()),
            "decisions_changed": int(changed.sum()),
        }
    return results


def false_alarms_on_a_watch(
    parts: ShippingParts, score: Score, threshold: float
) -> dict[str, Any]:
    """Alarms on a real watch on which nobody falls: every one is false."""
    recordings: list[Recording] = watch.recordings()
    alarms = 0
    for one in recordings:
        detector = streaming_detector(parts, score, threshold)
        alarms += sum(detector.step(sample)[1] for sample in one.signal)
    hours = sum(one.seconds for one in recordings) / 3600
    return {
        "hours": hours,
        "alarms": alarms,
        "an_hour": alarms / hours,
        "an_hour_95": list(parts.rate_interval(alarms, hours)),
    }

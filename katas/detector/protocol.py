"""The protocol: the same folds, windows, events and figures for every model.

Every function takes `windows`, day 27's table at hop 32 with one row per window: label
(1 fall, 0 daily, -1 left out), subject, recording, start. All windows of a test subject
are scored; those left out count in events only, not in the figures of windows.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

from katas.detector.recordings import Recording

LENGTH = 128  # samples in a window
RATE = 50  # [Hz]
HOLD_OFF = 5.0  # [s] after an alarm, in which none follows
LEFT_OUT = -1

Ints = NDArray[np.int_]
Bools = NDArray[np.bool_]
Floats = NDArray[np.floating]


class Windows(Protocol):
    """Windows of many recordings, row by row: what day 27's `windows` returns.

    Shapes
        x          float32 [count, 128, 6]  acceleration [g], angular rate [rad/s]
        label      int [count]              1 fall, 0 daily, -1 left out
        subject    str [count]              who wore the sensor
        recording  int [count]              index into the list of recordings
        start      int [count]              first sample within its recording
    """

    @property
    def x(self) -> Floats: ...
    @property
    def label(self) -> Ints: ...
    @property
    def subject(self) -> NDArray[np.str_]: ...
    @property
    def recording(self) -> Ints: ...
    @property
    def start(self) -> Ints: ...


class Fold(NamedTuple):
    """Row numbers of the windows that train and of those that test."""

    train: Ints
    test: Ints


def folds(
    windows: Windows,
    protocol: str = "5fold",
    split: str = "subjects",
    rows: Ints | None = None,
) -> list[Fold]:
    """Return the folds of some rows (all by default): every row is tested once.

    Args
        protocol  "Nfold" for any N; "loso": one subject tests; "holdout": the first of 5
        split     "subjects": nobody on both sides; "windows": at random, which leaks
    """
    rows = np.arange(len(windows.label)) if rows is None else rows
    label, subject = windows.label[rows], windows.subject[rows]
    labelled = label != LEFT_OUT
    count = int(protocol.removesuffix("fold")) if protocol.endswith("fold") else 5
    if split == "windows":
        by_row = StratifiedKFold(count, shuffle=True, random_state=0)
        results = [Fold(rows[a], rows[b]) for a, b in by_row.split(label, label)]
    else:
        if protocol == "loso":
            groups = [[each] for each in np.unique(subject)]
        else:
            label, known = label[labelled], subject[labelled]
            count = min(count, len(np.unique(known)))
            by_subject = StratifiedGroupKFold(count, shuffle=True, random_state=0)
            parts = by_subject.split(label, label, known)
            groups = [np.unique(known[test]) for _, test in parts]
        tests = [np.isin(subject, group) for group in groups]
        results = [Fold(rows[~test], rows[test]) for test in tests if test.any()]
    return results[:1] if protocol == "holdout" else results


def window_scores(
    label: Ints, alarm: Bools, score: Floats | None = None
) -> dict[str, float]:
    """Return F1, precision and recall, and average precision where scores are given.

    NaN where there is no fall among the windows; windows left out do not count.
    """
    labelled = label != LEFT_OUT
    is_fall, alarm = label[labelled] == 1, alarm[labelled]
    tp, fp, fn = (
        np.sum(is_fall & alarm),
        np.sum(~is_fall & alarm),
        np.sum(is_fall & ~alarm),
    )
    scores = {
        "f1": 2 * tp / (2 * tp + fp + fn) if tp + fn else np.nan,
        "precision": tp / (tp + fp) if tp + fp else np.nan,
        "recall": tp / (tp + fn) if tp + fn else np.nan,
    }
    if score is not None:
        scores["average_precision"] = (
            average_precision_score(is_fall, score[labelled]) if tp + fn else np.nan
        )
    return {name: float(value) for name, value in scores.items()}


class Event(NamedTuple):
    """What the alarms of one whole recording amount to."""

    recording: int
    is_fall: bool
    detected: bool
    false_alarms: int
    delay: float  # [s] from the impact to the first alarm that detects; NaN
    hours: float  # [h] recorded outside the marked span


def events(
    windows: Windows,
    alarm: Bools,
    recordings: Sequence[Recording],
    rows: Ints | None = None,
) -> list[Event]:
    """Return one Event for each recording among the rows.

    An alarm is raised at the last sample of its window; the hold-off follows. It
    detects the fall when its window overlaps the marked span; any other is false.
    """
    rows = np.arange(len(windows.label)) if rows is None else rows
    results = []
    for index in np.unique(windows.recording[rows]):
        own = rows[windows.recording[rows] == index]
        own = own[np.argsort(windows.start[own])]
        one = recordings[index]
        onset, rest = one.span or (np.inf, -np.inf)
        outside = one.seconds - (one.span[1] - one.span[0] if one.span else 0)
        last_alarm, false_alarms, delay = -np.inf, 0, np.nan
        for row in own[alarm[own]]:
            start, end = windows.start[row], windows.start[row] + LENGTH - 1
            if end - last_alarm < HOLD_OFF * one.rate:
                continue
            last_alarm = end
            if not (start / one.rate <= rest and end / one.rate >= onset):
                false_alarms += 1
            elif np.isnan(delay) and one.impact is not None:
                delay = end / one.rate - one.impact
        detected = not np.isnan(delay)
        hours = outside / 3600
        results.append(Event(index, one.is_fall, detected, false_alarms, delay, hours))
    return results


def event_scores(recorded: Iterable[Event]) -> dict[str, float]:
    """Return sensitivity, false alarms per hour and the median delay [s] of events.

    NaN where there is no fall, no alarm that detects one, no time outside the falls.
    """
    recorded = list(recorded)
    falls = [event for event in recorded if event.is_fall]
    delays = [event.delay for event in falls if event.detected]
    hours = sum(event.hours for event in recorded)
    false_alarms = sum(event.false_alarms for event in recorded)
    return {
        "event_sensitivity": len(delays) / len(falls) if falls else np.nan,
        "false_alarms_per_hour": false_alarms / hours if hours else np.nan,
        "delay_s": float(np.median(delays)) if delays else np.nan,
    }


def evaluate(
    windows: Windows,
    recordings: Sequence[Recording],
    score: Floats,
    threshold: Floats,
    rows: Ints | None = None,
) -> dict[str, float]:
    """Return every figure, of windows and of events, over some rows.

    Shapes
        score, threshold  [count]  of every window; NaN scores were not tested
    """
    rows = np.arange(len(score)) if rows is None else rows
    rows = rows[~np.isnan(score[rows])]
    alarm = np.nan_to_num(score, nan=-np.inf) >= threshold
    by_window = window_scores(windows.label[rows], alarm[rows], score[rows])
    return by_window | event_scores(events(windows, alarm, recordings, rows))


def threshold_for_rate(
    windows: Windows,
    recordings: Sequence[Recording],
    score: Floats,
    limit: float = 10.0,
    rows: Ints | None = None,
) -> float:
    """Return the lowest threshold with at most `limit` false alarms per hour.

    By bisection: the rate falls as the threshold rises, except for alarms that an
    earlier alarm's hold-off suppresses.
    """
    rows = np.arange(len(score)) if rows is None else rows
    candidates = np.unique(score[rows][~np.isnan(score[rows])])
    low, high = 0, len(candidates) - 1
    while low < high:
        middle = (low + high) // 2
        alarm = np.nan_to_num(score, nan=-np.inf) >= candidates[middle]
        scores = event_scores(events(windows, alarm, recordings, rows))
        if scores["false_alarms_per_hour"] <= limit:
            high = middle
        else:
            low = middle + 1
    return float(candidates[low])

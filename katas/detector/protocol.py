"""The protocol: the same folds, windows, events and figures for every model.

Every function takes `windows`, day 27's table at hop 32 with one row per window: label
(1 fall, 0 daily, -1 left out), subject, recording, start. All windows of a test subject
are scored; those left out count in events only, not in the figures of windows.
What a split, an event and a figure are, `parts` defines: the days' functions.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from sklearn.model_selection import StratifiedKFold

from katas.detector.parts import (
    INSTALLED,
    Alarms,
    Bools,
    Floats,
    Ints,
    ProtocolParts,
    Windows,
)
from katas.detector.recordings import Recording

LEFT_OUT = -1


class Fold(NamedTuple):
    """Row numbers of the windows that train and of those that test."""

    train: Ints
    test: Ints


def folds(
    windows: Windows,
    protocol: str = "5fold",
    split: str = "subjects",
    rows: Ints | None = None,
    *,
    parts: ProtocolParts = INSTALLED,
) -> list[Fold]:
    """Return the folds of some rows (all by default): every row is tested once.

    Args
        protocol  "Nfold" for any N; "loso": one subject tests; "holdout": the first of 5
        split     "subjects": nobody on both sides; "windows": at random, which leaks
    """
    rows = np.arange(len(windows.label)) if rows is None else rows
    label, subject = windows.label[rows], windows.subject[rows]
    count = int(protocol.removesuffix("fold")) if protocol.endswith("fold") else 5
    if split == "windows":
        by_row = StratifiedKFold(count, shuffle=True, random_state=0)
        pairs = list(by_row.split(label, label))
    elif protocol == "loso":
        pairs = list(parts.leave_one_subject_out(subject, Fold).values())
    else:  # the labelled windows decide; those left out go with their subjects
        label, known = label[label != LEFT_OUT], subject[label != LEFT_OUT]
        count = min(count, len(np.unique(known)))
        by_subject = parts.split_by_subject(label, known, count)
        tests = [np.isin(subject, known[test]) for _, test in by_subject]
        pairs = [(np.flatnonzero(~test), np.flatnonzero(test)) for test in tests]
    results = [Fold(rows[train], rows[test]) for train, test in pairs if len(test)]
    return results[:1] if protocol == "holdout" else results


def window_scores(
    label: Ints,
    alarm: Bools,
    score: Floats | None = None,
    *,
    parts: ProtocolParts = INSTALLED,
) -> dict[str, float]:
    """Return F1, precision and recall, and average precision where scores are given.

    NaN where there is no fall among the windows; windows left out do not count.
    """
    labelled = label != LEFT_OUT
    is_fall = (label[labelled] == 1).astype(int)
    counts = parts.confusion(is_fall, alarm[labelled].astype("float32"), 0.5)
    tp, fp, fn, _ = np.asarray(counts)
    precision, recall, f1 = np.asarray(parts.precision_recall_f1(counts))
    scores = {
        "f1": f1 if tp + fn else np.nan,
        "precision": precision if tp + fp else np.nan,
        "recall": recall if tp + fn else np.nan,
    }
    if score is not None:
        scores["average_precision"] = (
            parts.average_precision(is_fall, score[labelled]) if tp + fn else np.nan
        )
    return {name: float(value) for name, value in scores.items()}


class Events(NamedTuple):
    """The alarms of whole recordings: what `parts.event_scores` takes."""

    recordings: list[Recording]
    alarms: list[Alarms]  # of each recording


def events_of(
    windows: Windows,
    alarm: Bools,
    recordings: Sequence[Recording],
    rows: Ints | None = None,
    *,
    parts: ProtocolParts,
) -> Events:
    """Return the events of each recording among the rows.

    Shapes
        alarm  bool [count]  of every window: whether its score is over the threshold
    """
    rows = np.arange(len(windows.label)) if rows is None else rows
    order = rows[np.lexsort((windows.start[rows], windows.recording[rows]))]
    indices, first = np.unique(windows.recording[order], return_index=True)
    own = [recordings[index] for index in indices]
    starts = np.split(windows.start[order], first[1:])
    scores = np.split(alarm[order].astype(float), first[1:])  # 1 or 0
    found = [parts.events(*each, 0.5) for each in zip(own, starts, scores, strict=True)]
    return Events(own, found)


def event_figures(found: Events, *, parts: ProtocolParts) -> dict[str, float]:
    """Return sensitivity, false alarms per hour and the median delay [s] of events.

    NaN where there is no fall, no alarm that detects one, no time outside the falls.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        scores = parts.event_scores(*found)
    return {
        key: value if np.isfinite(value) else np.nan for key, value in scores.items()
    }


def evaluate(
    windows: Windows,
    recordings: Sequence[Recording],
    score: Floats,
    threshold: Floats,
    rows: Ints | None = None,
    *,
    parts: ProtocolParts,
) -> dict[str, float]:
    """Return every figure, of windows and of events, over some rows.

    Shapes
        score, threshold  [count]  of every window; NaN scores were not tested
    """
    rows = np.arange(len(score)) if rows is None else rows
    rows = rows[~np.isnan(score[rows])]
    alarm = np.nan_to_num(score, nan=-np.inf) >= threshold
    label = windows.label[rows]
    by_window = window_scores(label, alarm[rows], score[rows], parts=parts)
    by_event = events_of(windows, alarm, recordings, rows, parts=parts)
    return by_window | event_figures(by_event, parts=parts)


def threshold_for_rate(
    windows: Windows,
    recordings: Sequence[Recording],
    score: Floats,
    limit: float = 10.0,
    rows: Ints | None = None,
    *,
    parts: ProtocolParts,
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
        found = events_of(windows, alarm, recordings, rows, parts=parts)
        rate = event_figures(found, parts=parts)["false_alarms_per_hour"]
        if rate <= limit:
            high = middle
        else:
            low = middle + 1
    return float(candidates[low])

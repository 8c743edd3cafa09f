"""The protocol: the same folds, windows, events and figures for every model.

Every function takes `windows`, day 27's table at hop 32 with a row a window: label
(1 fall, 0 daily, -1 left out), subject, recording, start. All windows of a test person
are scored; those left out count in events only, not in the figures of windows.
"""

from typing import NamedTuple

import numpy as np
from sklearn.metrics import average_precision_score
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

LENGTH = 128  # samples in a window
SILENCE = 5.0  # [s] after an alarm
LEFT_OUT = -1


class Fold(NamedTuple):
    """Row numbers of the windows that train and of those that test."""

    train: np.ndarray
    test: np.ndarray


def folds(windows, protocol="5fold", split="subjects", rows=None):
    """Return the folds of some rows (all by default): every row is tested once.

    Args
        protocol  "Nfold" for any N; "loso": one subject tests; "holdout": the first of 5
        split     "subjects": nobody on both sides; "windows": at random, which leaks
    """
    rows = np.arange(len(windows.label)) if rows is None else rows
    label, who = windows.label[rows], windows.subject[rows]
    known = label != LEFT_OUT
    count = int(protocol.removesuffix("fold")) if protocol.endswith("fold") else 5
    if split == "windows":
        by_row = StratifiedKFold(count, shuffle=True, random_state=0)
        found = [Fold(rows[a], rows[b]) for a, b in by_row.split(label, label)]
    else:
        if protocol == "loso":
            groups = [[person] for person in np.unique(who)]
        else:
            count = min(count, len(np.unique(who[known])))
            by_person = StratifiedGroupKFold(count, shuffle=True, random_state=0)
            parts = by_person.split(label[known], label[known], who[known])
            groups = [np.unique(who[known][test]) for _, test in parts]
        tests = [np.isin(who, group) for group in groups]
        found = [Fold(rows[~test], rows[test]) for test in tests]
    return found[:1] if protocol == "holdout" else found


def window_scores(label, alarm, score=None):
    """Return F1, precision and recall, and average precision where scores are given.

    NaN where there is no fall among the windows; windows left out do not count.
    """
    known = label != LEFT_OUT
    label, alarm = label[known] == 1, alarm[known]
    hits, falls, alarms = np.sum(label & alarm), np.sum(label), np.sum(alarm)
    found = {
        "f1": 2 * hits / (falls + alarms) if falls else np.nan,
        "precision": hits / alarms if alarms else np.nan,
        "recall": hits / falls if falls else np.nan,
    }
    if score is not None:
        found["average_precision"] = (
            average_precision_score(label, score[known]) if falls else np.nan
        )
    return {name: float(value) for name, value in found.items()}


class Event(NamedTuple):
    """What one whole recording gave."""

    recording: int
    fall: bool
    detected: bool
    false_alarms: int
    delay: float  # [s] from the impact to the first alarm that detects; NaN
    hours: float  # [h] recorded outside the marked span


def events(windows, alarm, recordings, rows=None):
    """Return one Event for each recording among the rows.

    An alarm is raised at the last sample of its window, then comes silence. It
    detects the fall when its window overlaps the marked span; any other is false.
    """
    rows = np.arange(len(windows.label)) if rows is None else rows
    found = []
    for index in np.unique(windows.recording[rows]):
        mine = rows[windows.recording[rows] == index]
        mine = mine[np.argsort(windows.start[mine])]
        one = recordings[index]
        onset, rest = one.span or (np.inf, -np.inf)
        outside = one.seconds - (one.span[1] - one.span[0] if one.is_fall else 0)
        last, false, delay = -np.inf, 0, np.nan
        for row in mine[alarm[mine]]:
            start, end = windows.start[row], windows.start[row] + LENGTH - 1
            if end - last < SILENCE * one.rate:
                continue
            last = end
            if not (start / one.rate <= rest and end / one.rate >= onset):
                false += 1
            elif np.isnan(delay):
                delay = end / one.rate - one.impact
        heard = not np.isnan(delay)
        found.append(Event(index, one.is_fall, heard, false, delay, outside / 3600))
    return found


def event_scores(found):
    """Return sensitivity, false alarms an hour and the median delay of events."""
    falls = [event for event in found if event.fall]
    delays = [event.delay for event in falls if event.detected]
    hours = sum(event.hours for event in found)
    return {
        "event_sensitivity": len(delays) / len(falls) if falls else np.nan,
        "false_alarms_per_hour": sum(event.false_alarms for event in found) / hours,
        "delay_s": float(np.median(delays)) if delays else np.nan,
    }


def judge(windows, recordings, score, threshold, rows=None):
    """Return every figure, of windows and of events, over some rows.

    Shapes
        score, threshold  [count]  of every window; NaN scores were not tested
    """
    rows = np.arange(len(score)) if rows is None else rows
    rows = rows[~np.isnan(score[rows])]
    alarm = np.nan_to_num(score, nan=-np.inf) >= threshold
    by_window = window_scores(windows.label[rows], alarm[rows], score[rows])
    return by_window | event_scores(events(windows, alarm, recordings, rows))


def threshold_for_rate(windows, recordings, score, limit=10.0, rows=None):
    """Return the least threshold with at most `limit` false alarms an hour.

    By bisection: the rate falls as the threshold rises, but for what an alarm silences.
    """
    rows = np.arange(len(score)) if rows is None else rows
    steps = np.unique(score[rows][~np.isnan(score[rows])])
    low, high = 0, len(steps) - 1
    while low < high:
        middle = (low + high) // 2
        alarm = np.nan_to_num(score, nan=-np.inf) >= steps[middle]
        found = event_scores(events(windows, alarm, recordings, rows))
        if found["false_alarms_per_hour"] <= limit:
            high = middle
        else:
            low = middle + 1
    return float(steps[low])

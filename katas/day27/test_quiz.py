"""Day 27. Each prediction meets its experiment."""

import numpy as np
from sklearn.model_selection import GroupKFold, KFold, cross_val_score
from sklearn.neighbors import KNeighborsClassifier

from katas.day27 import quiz
from katas.detector.recordings import watch
from katas.dojo.judge.quiz import predicted


def test_the_label_of_the_rest_after_a_fall():
    span, impact, first, last = (4.0, 6.0), 5.0, 5.2, 7.76
    fall = first + 0.3 <= impact <= last - 0.3
    daily = last < span[0] or first > span[1]
    answer = "fall" if fall else "daily" if daily else "left out"
    why = (
        "It holds the lying still but not the blow: neither a fall nor an ordinary day."
    )
    predicted(quiz.label_of_the_rest, answer, why)


def test_the_speed_of_a_file_read_at_the_wrong_rate():
    rows = np.arange(397)
    true, read = rows[-1] / 39.7, rows[-1] / 50
    why = "All falls of 13 people were faster than life: the rate alone gave them away."
    predicted(quiz.speed_up, float(true / read), why, tolerance=0.01)


def test_the_gain_of_the_leak():
    rows = [
        (r.signal[s : s + 128], r.activity, r.subject)
        for r in watch.recordings()
        for s in range(0, len(r.signal) - 127, 32)
    ]
    x = np.array([np.r_[w.mean(axis=0), w.std(axis=0)] for w, _, _ in rows])
    y, who = (np.array(column) for column in list(zip(*rows, strict=True))[1:])
    near = KNeighborsClassifier(1)
    random = cross_val_score(
        near, x, y, cv=KFold(5, shuffle=True, random_state=0)
    ).mean()
    people = cross_val_score(near, x, y, groups=who, cv=GroupKFold(5)).mean()
    gain = random - people
    answer = (
        "below 0.02" if gain < 0.02 else "0.02 to 0.1" if gain < 0.1 else "above 0.1"
    )
    why = (
        f"{random:.2f} against {people:.2f}: the nearest neighbour of a test window is"
        " the same second of the same wrist."
    )
    predicted(quiz.gain_of_the_leak, answer, why)


def test_the_length_of_a_window_in_seconds():
    answer = len(np.arange(128)) / 39.7 - len(np.arange(128)) / 50
    why = "128 rows are 3.22 s at 39.7 Hz and 2.56 s at 50 Hz."
    predicted(quiz.longer_window_s, answer, why, tolerance=0.05)

"""Day 27. From recordings to windows: even clock, known units, no leak."""

from typing import NamedTuple

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold

RATE = 50.0  # [Hz]
LENGTH, HOP = 128, 32  # samples in a window; from one window's start to the next
SPARE = 0.3  # [s] between the impact and either end of a window that counts as a fall
FALL, DAILY, LEFT_OUT = 1, 0, -1


class Windows(NamedTuple):  # given
    """Windows of many recordings, row by row.

    Shapes
        x          float32 [count, length, 6]  acceleration [g], angular rate [rad/s]
        label      int [count]                 FALL, DAILY or LEFT_OUT
        subject    str [count]                 who wore the sensor
        recording  int [count]                 index into the list of recordings
        start      int [count]                 first sample within its recording
    """

    x: np.ndarray
    label: np.ndarray
    subject: np.ndarray
    recording: np.ndarray
    start: np.ndarray

    def rows(self, chosen):
        """The chosen windows only: a mask or an array of row numbers."""
        return Windows(*(column[chosen] for column in self))


def resample(seconds, signal, rate=RATE, longest_gap=0.25):
    """Return the signal on an even clock, by linear interpolation.

    Shapes
        seconds  [time]                 when each sample was taken, rising [s]
        signal   [time, channels]
        rate     [Hz]; longest_gap [s]
        returns  float32 [even time, channels]  sample k at seconds[0] + k / rate,
                 the last one not after seconds[-1]
    Raises
        ValueError  two samples lie more than longest_gap apart

    Hint: np.interp(clock, seconds, channel) reads one channel at the clock's times.
    """
    raise NotImplementedError(
        "day 27: return the signal on an even clock, by linear interpolation"
    )


def check(recording):
    """Raise where rate or unit are not what the detector was built for.

    Raises
        ValueError  the rate is not 50 Hz, or the median |acceleration| lies outside
                    0.5 to 4 g (gravity alone reads 1 g; taken for g, 9.8 m/s² is 9.8)

    Hint: np.linalg.norm with an axis, and np.median.
    """
    raise NotImplementedError(
        "day 27: raise where rate or unit are not what the detector was built for"
    )


def label_windows(recording, length=LENGTH, hop=HOP, spare=SPARE):
    """Return where each window starts and whether it holds a fall.

    A window is a FALL when the impact lies inside, with `spare` seconds before its
    first and after its last sample; DAILY when no sample of it lies in the marked
    span; LEFT_OUT between the two.

    Shapes
        starts   int [count]  first sample of window k: k * hop
        labels   int [count]  FALL, DAILY or LEFT_OUT

    Hint: round impact and spare to samples; sample k is taken at k / RATE seconds.
    """
    raise NotImplementedError(
        "day 27: return where each window starts and whether it holds a fall"
    )


def windows(recordings, length=LENGTH, hop=HOP):  # given
    """Return all Windows of a list of recordings, LEFT_OUT ones included."""
    rows = []
    for index, recording in enumerate(recordings):
        check(recording)
        for start, label in zip(*label_windows(recording, length, hop), strict=True):
            cut = recording.signal[start : start + length]
            rows.append((cut, label, recording.subject, index, start))
    return Windows(*map(np.array, zip(*rows, strict=True)))


def split_by_subject(labels, subjects, folds=5):
    """Return the folds: a list of (training rows, test rows), no person in both.

    Shapes
        labels   int [count]  FALL or DAILY; the folds share the falls out evenly
        subjects str [count]
        returns  `folds` pairs of int arrays; each row is tested in one fold

    Hint: scikit-learn's StratifiedGroupKFold, shuffled, with random_state 0.
    """
    raise NotImplementedError(
        "day 27: return the folds: a list of (training rows, test rows), no person in both"
    )


def fit_scaler(x):
    """Return mean and standard deviation of each channel over windows and time.

    Shapes
        x        [count, time, channels]
        returns  (mean, deviation), each float32 [channels]; deviation 1 where a channel
                 is constant
    """
    raise NotImplementedError(
        "day 27: return mean and standard deviation of each channel over windows and time"
    )


def scale(x, scaler):  # given
    """Return (x - mean) / deviation, channel by channel."""
    mean, deviation = scaler
    return (x - mean) / deviation


def prepare(data, fold=0, folds=5):
    """Return (training x, training y, test x, test y) of one fold, scaled.

    Windows that are LEFT_OUT are in neither part, and the scaler is fitted to what
    the training may see.

    Shapes
        data     Windows
        returns  float32 [rows, time, channels] and int [rows], twice

    Hint: leave out, split, fit the scaler, scale both: in this order.
    """
    raise NotImplementedError(
        "day 27: return (training x, training y, test x, test y) of one fold, scaled"
    )

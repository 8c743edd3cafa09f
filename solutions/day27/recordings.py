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
    if np.diff(seconds).max() > longest_gap:
        raise ValueError(f"a gap of more than {longest_gap} s: cut the recording there")
    # A millionth of a step: 2.56 s at 50 Hz is 127.99999999999999 steps in float64.
    steps = int((seconds[-1] - seconds[0]) * rate + 1e-6) + 1
    clock = seconds[0] + np.arange(steps) / rate  # [even time]
    even = [np.interp(clock, seconds, channel) for channel in signal.T]
    return np.stack(even, axis=1).astype("float32")  # [even time, channels]


def check(recording):
    """Raise where rate or unit are not what the detector was built for.

    Raises
        ValueError  the rate is not 50 Hz, or the median |acceleration| lies outside
                    0.5 to 4 g (gravity alone reads 1 g; taken for g, 9.8 m/s² is 9.8)

    Hint: np.linalg.norm with an axis, and np.median.
    """
    if recording.rate != RATE:
        raise ValueError(f"{recording.name}: expected {RATE} Hz, got {recording.rate}")
    gravity = np.median(np.linalg.norm(recording.signal[:, :3], axis=1))
    if not 0.5 <= gravity <= 4:
        raise ValueError(f"{recording.name}: gravity reads {gravity:.1f}, expected 1 g")


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
    starts = np.arange(0, len(recording.signal) - length + 1, hop)  # [count]
    if not recording.is_fall:
        return starts, np.full(len(starts), DAILY)
    ends = starts + length - 1  # the last sample inside
    impact, room = round(recording.impact * RATE), round(spare * RATE)
    onset, rest = recording.span
    holds = (starts + room <= impact) & (impact <= ends - room)
    # In seconds: 29 / 50 is 0.58 exactly, but 0.58 * 50 is 28.999999999999996.
    clear = (ends / RATE < onset) | (starts / RATE > rest)
    return starts, np.where(holds, FALL, np.where(clear, DAILY, LEFT_OUT))


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
    by_person = StratifiedGroupKFold(folds, shuffle=True, random_state=0)
    return list(by_person.split(labels, labels, subjects))


def fit_scaler(x):
    """Return mean and standard deviation of each channel over windows and time.

    Shapes
        x        [count, time, channels]
        returns  (mean, deviation), each float32 [channels]; deviation 1 where a channel
                 is constant
    """
    mean, deviation = x.mean(axis=(0, 1)), x.std(axis=(0, 1))  # [channels]
    # Rounding gives a constant channel of 0.1 a deviation of 4e-6.
    moves = np.ptp(x, axis=(0, 1)) > 0  # [channels]
    return mean, np.where(moves, deviation, 1).astype("float32")


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
    known = data.rows(data.label != LEFT_OUT)
    train, test = split_by_subject(known.label, known.subject, folds)[fold]
    scaler = fit_scaler(known.x[train])
    x = scale(known.x, scaler)
    return x[train], known.label[train], x[test], known.label[test]

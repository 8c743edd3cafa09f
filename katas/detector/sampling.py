"""Windows to train on: where they may start, and how they are augmented."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:  # days 20 and 31 start without them
    from katas.detector.parts import Windows
    from katas.detector.recordings import Recording

LENGTH = 128  # samples in a window

Floats = NDArray[np.floating]
Ints = NDArray[np.int_]


class Pool:
    """Every window that may train, without a copy of it.

    Shapes
        signal  float32 [time, 6]  all recordings concatenated: [g], [rad/s]
        start   int [count]        first sample of each window in `signal`
        label   int [count]        1 fall, 0 daily; windows left out are not here
    """

    def __init__(self, signals: Sequence[Floats], start: Ints, label: Ints) -> None:
        self.signal = np.concatenate(signals)
        self.start, self.label = start[label >= 0], label[label >= 0]

    @classmethod
    def dense(
        cls,
        recordings: Sequence[Recording],
        label_windows: Callable[..., tuple[Ints, Ints]],
        hop: int = 4,
    ) -> Pool:
        """All windows of the recordings at a small hop: the impact at any position."""
        signals = [one.signal for one in recordings]
        first = np.cumsum([0] + [len(signal) for signal in signals[:-1]])
        rows = [label_windows(one, hop=hop) for one in recordings]
        start = [at + starts for at, (starts, _) in zip(first, rows, strict=True)]
        label = [labels for _, labels in rows]
        return cls(signals, np.concatenate(start), np.concatenate(label))

    @classmethod
    def of_rows(cls, windows: Windows, rows: Ints) -> Pool:
        """These windows and no others, unchanged."""
        x = windows.x[rows]
        return cls(list(x), np.arange(len(x)) * x.shape[1], windows.label[rows])

    def cut(self, chosen: Ints) -> Floats:
        """The chosen windows, float32 [chosen, 128, 6]."""
        return self.signal[self.start[chosen][:, None] + np.arange(LENGTH)]


def augment(
    x: Floats,
    rng: np.random.Generator,
    turn: float,
    scale: float,
    noise: float,
    tempo: float,
) -> Floats:
    """Return the windows rotated, scaled, made noisy, and at another speed.

    Args
        x      [count, time, 6]  [g], [rad/s]
        turn   [degrees]         standard deviation of the rotation angle, about any
                                 axis, of both sensors alike
        scale  standard deviation of each sensor's gain from 1
        noise  [g]               standard deviation of noise; three times that in rad/s
        tempo  standard deviation of the logarithm of the speed
    """
    x = at_speed(x, np.exp(rng.normal(0, tempo, len(x))))
    axis = rng.normal(size=(len(x), 3))
    axis /= np.linalg.norm(axis, axis=1, keepdims=True)
    turned = rotation(axis, np.deg2rad(rng.normal(0, turn, len(x))))
    both = x.reshape(len(x), -1, 3) @ turned  # [count, time * sensor, axis]
    both = both.reshape(len(x), -1, 2, 3)  # [count, time, sensor, axis]
    both = both * rng.normal(1, scale, (len(x), 1, 2, 1))
    both = both + rng.normal(0, noise, both.shape) * np.array([[1.0], [3.0]])
    return both.reshape(x.shape).astype("float32")


def at_speed(x: Floats, speed: Floats) -> Floats:
    """Return windows as if all had gone `speed` [count] times as fast about the middle;
    before and after a window its first and last samples repeat."""
    last = x.shape[1] - 1
    at = (np.arange(last + 1) - last / 2) * speed[:, None] + last / 2  # [count, time]
    at = np.clip(at, 0, last)
    before = np.minimum(at.astype(int), last - 1)
    weight = (at - before)[..., None].astype("float32")
    row = np.arange(len(x))[:, None]
    return x[row, before] * (1 - weight) + x[row, before + 1] * weight


def rotation(axis: Floats, angle: Floats) -> Floats:
    """Return Rodrigues' rotation matrices [count, 3, 3] about unit axes [count, 3]."""
    x, y, z = axis.T
    zero = np.zeros_like(x)
    cross = np.stack([zero, -z, y, z, zero, -x, -y, x, zero], 1).reshape(-1, 3, 3)
    sine, cosine = np.sin(angle)[:, None, None], np.cos(angle)[:, None, None]
    return np.eye(3) + sine * cross + (1 - cosine) * cross @ cross


class Epochs(keras.utils.PyDataset):
    """Batches of an epoch that `draw(epoch)` returns, drawn anew for the next one."""

    def __init__(
        self, draw: Callable[[int], tuple[Floats, Floats]], batch: int
    ) -> None:
        super().__init__()
        self.draw, self.batch, self.number = draw, batch, 0
        self.x, self.y = draw(0)

    def __len__(self) -> int:
        return len(self.y) // self.batch

    def __getitem__(self, k: int) -> tuple[Floats, Floats]:
        rows = slice(k * self.batch, (k + 1) * self.batch)
        return self.x[rows], self.y[rows]

    def on_epoch_end(self) -> None:
        self.number += 1
        self.x, self.y = self.draw(self.number)


class Best(keras.callbacks.Callback):
    """Remember the weights of the epoch with the best average precision."""

    def __init__(self, x: Floats, label: Ints) -> None:
        super().__init__()
        self.x, self.label = x, label
        self.score = -np.inf
        self.weights: list[Floats] | None = None

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        from sklearn.metrics import average_precision_score  # late: for a short start

        model: Any = self.model
        predicted = model.predict(self.x, batch_size=512, verbose=0)[:, 0]
        score = average_precision_score(self.label, predicted)
        if score > self.score:
            self.score = score
            self.weights = [np.array(w) for w in model.get_weights()]

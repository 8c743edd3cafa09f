"""Windows to train on: where they may start, and how they are varied."""

import keras
import numpy as np

LENGTH = 128  # samples in a window


class Pool:
    """Every window that may train, without a copy of it.

    Shapes
        signal  float32 [time, 6]  all recordings, one behind the other: [g], [rad/s]
        start   int [count]        first sample of each window in `signal`
        label   int [count]        1 fall, 0 daily; windows left out are not here
    """

    def __init__(self, signals, start, label):
        self.signal = np.concatenate(signals)
        self.start, self.label = start[label >= 0], label[label >= 0]

    @classmethod
    def dense(cls, recordings, label_windows, hop=4):
        """All windows of the recordings at a small hop: the blow stands anywhere."""
        signals = [one.signal for one in recordings]
        first = np.cumsum([0] + [len(signal) for signal in signals[:-1]])
        rows = [label_windows(one, hop=hop) for one in recordings]
        start = [at + starts for at, (starts, _) in zip(first, rows, strict=True)]
        label = [labels for _, labels in rows]
        return cls(signals, np.concatenate(start), np.concatenate(label))

    @classmethod
    def of_rows(cls, windows, rows):
        """These windows and no others, as they stand."""
        x = windows.x[rows]
        return cls(list(x), np.arange(len(x)) * x.shape[1], windows.label[rows])

    def cut(self, chosen):
        """The chosen windows, float32 [chosen, 128, 6]."""
        return self.signal[self.start[chosen][:, None] + np.arange(LENGTH)]


def augment(x, rng, turn, scale, noise, tempo):
    """Return the windows as a watch worn askew by somebody quicker would see them.

    Args
        x      [count, time, 6]  [g], [rad/s]
        turn   [degrees]         deviation of the turn, about any axis, of both sensors
        scale  deviation of each sensor's gain from 1
        noise  [g]               deviation of noise; three times as much in rad/s
        tempo  deviation of the logarithm of how much faster all goes
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


def at_speed(x, speed):
    """Return windows as if all had gone `speed` [count] times as fast about the middle;
    before and after a window its ends last."""
    last = x.shape[1] - 1
    at = (np.arange(last + 1) - last / 2) * speed[:, None] + last / 2  # [count, time]
    at = np.clip(at, 0, last)
    before = np.minimum(at.astype(int), last - 1)
    share = (at - before)[..., None].astype("float32")
    row = np.arange(len(x))[:, None]
    return x[row, before] * (1 - share) + x[row, before + 1] * share


def rotation(axis, angle):
    """Return Rodrigues' rotation matrices [count, 3, 3] about unit axes [count, 3]."""
    x, y, z = axis.T
    zero = np.zeros_like(x)
    cross = np.stack([zero, -z, y, z, zero, -x, -y, x, zero], 1).reshape(-1, 3, 3)
    sine, cosine = np.sin(angle)[:, None, None], np.cos(angle)[:, None, None]
    return np.eye(3) + sine * cross + (1 - cosine) * cross @ cross


class Epochs(keras.utils.PyDataset):
    """Batches of an epoch that `draw(number)` gives, drawn anew for the next one."""

    def __init__(self, draw, batch):
        super().__init__()
        self.draw, self.batch, self.number = draw, batch, 0
        self.x, self.y = draw(0)

    def __len__(self):
        return len(self.y) // self.batch

    def __getitem__(self, k):
        rows = slice(k * self.batch, (k + 1) * self.batch)
        return self.x[rows], self.y[rows]

    def on_epoch_end(self):
        self.number += 1
        self.x, self.y = self.draw(self.number)


class Best(keras.callbacks.Callback):
    """Remember the weights of the epoch with the best average precision."""

    def __init__(self, x, label):
        super().__init__()
        self.x, self.label = x, label
        self.score, self.weights = -np.inf, None

    def on_epoch_end(self, epoch, logs=None):
        from sklearn.metrics import average_precision_score

        said = self.model.predict(self.x, batch_size=512, verbose=0)[:, 0]
        score = average_precision_score(self.label, said)
        if score > self.score:
            self.score = score
            self.weights = [np.array(w) for w in self.model.get_weights()]

"""What a network has to beat: a threshold on |acceleration|, and a random forest."""

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import RandomForestClassifier

TREES = 200


def features(x: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return the 63 numbers that the forest receives for each window.

    Nine channels - the six of the sensor, |acceleration|, |angular rate|, and how much
    |acceleration| changes from one sample to the next - by seven statistics: mean,
    standard deviation, minimum, maximum, median, interquartile range, mean square.

    Shapes
        x        [count, time, 6]  [g], [rad/s]
        returns  float32 [count, 63]
    """
    magnitudes = [np.linalg.norm(x[..., k : k + 3], axis=2) for k in (0, 3)]
    jerk = np.abs(np.diff(magnitudes[0], axis=1, prepend=magnitudes[0][:, :1]))
    z = np.concatenate([x, np.stack([*magnitudes, jerk], axis=2)], axis=2)
    lower, median, upper = np.percentile(z, (25, 50, 75), axis=1)
    columns = [z.mean(1), z.std(1), z.min(1), z.max(1), median, upper - lower]
    return np.concatenate([*columns, (z**2).mean(1)], axis=1).astype("float32")


def threshold_scores(x: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return the largest |acceleration| [g] of each window, [count]: nothing is learnt."""
    return np.linalg.norm(x[..., :3], axis=2).max(axis=1)


def forest_scores(
    train_x: NDArray[np.floating],
    train_y: NDArray[np.int_],
    x: NDArray[np.floating],
    seed: int = 0,
) -> NDArray[np.floating]:
    """Return the forest's fraction of votes for a fall, window by window.

    Shapes
        train_x  [train, 63]  features; train_y  int [train], 1 fall, 0 daily
        x        [count, 63]; returns [count], 0 to 1
    """
    forest = RandomForestClassifier(
        TREES,
        class_weight="balanced_subsample",
        min_samples_leaf=2,
        n_jobs=-1,
        random_state=seed,
    )
    return forest.fit(train_x, train_y).predict_proba(x)[:, 1]

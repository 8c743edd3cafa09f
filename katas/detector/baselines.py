"""What a network has to beat: a threshold on |acceleration|, and a random forest."""

import numpy as np
from sklearn.ensemble import RandomForestClassifier

TREES = 200


def features(x):
    """Return the 63 numbers that the forest sees of each window.

    Nine channels - the six of the sensor, |acceleration|, |angular rate|, and how much
    |acceleration| changes from one sample to the next - by seven statistics: mean,
    deviation, minimum, maximum, median, range between the quartiles, mean square.

    Shapes
        x        [count, time, 6]  [g], [rad/s]
        returns  float32 [count, 63]
    """
    sizes = [np.linalg.norm(x[..., k : k + 3], axis=2) for k in (0, 3)]
    jerk = np.abs(np.diff(sizes[0], axis=1, prepend=sizes[0][:, :1]))
    z = np.concatenate([x, np.stack([*sizes, jerk], axis=2)], axis=2)
    low, middle, high = np.percentile(z, (25, 50, 75), axis=1)
    columns = [z.mean(1), z.std(1), z.min(1), z.max(1), middle, high - low]
    return np.concatenate([*columns, (z**2).mean(1)], axis=1).astype("float32")


def threshold_scores(x):
    """Return the largest |acceleration| [g] of each window: nothing is learnt."""
    return np.linalg.norm(x[..., :3], axis=2).max(axis=1)


def forest_scores(train_x, train_y, x, seed=0):
    """Return the forest's share of votes for a fall, from features, window by window."""
    forest = RandomForestClassifier(
        TREES,
        class_weight="balanced_subsample",
        min_samples_leaf=2,
        n_jobs=-1,
        random_state=seed,
    )
    return forest.fit(train_x, train_y).predict_proba(x)[:, 1]

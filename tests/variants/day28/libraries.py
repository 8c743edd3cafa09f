"""The same steps by scikit-learn."""

from sklearn.metrics import precision_recall_fscore_support
from sklearn.model_selection import GroupShuffleSplit
from sklearn.preprocessing import StandardScaler
from sklearn.utils.class_weight import compute_class_weight


def to_rad(gyro_deg):
    return np.asarray(gyro_deg) * np.pi / 180


def split(subject, seed=0):
    def apart(rows, share):
        chosen = GroupShuffleSplit(1, test_size=share, random_state=seed)
        kept, taken = next(chosen.split(rows, groups=subject[rows]))
        return rows[kept], rows[taken]

    rest, test = apart(np.arange(len(subject)), 0.2)
    train, validation = apart(rest, 0.25)
    return train, validation, test


def fit_scaler(x, train):
    scaler = StandardScaler().fit(x[train].reshape(-1, x.shape[-1]))
    return scaler.mean_, scaler.scale_


def class_weights(y):
    weights = compute_class_weight("balanced", classes=np.array([0, 1]), y=y)
    return dict(enumerate(weights.tolist()))


def judge(y, p, threshold):
    alarm = np.asarray(p) >= threshold
    precision, recall, f1, _ = precision_recall_fscore_support(
        y, alarm, average="binary", zero_division=0
    )
    return {
        "f1": float(f1),
        "recall": float(recall),
        "precision": float(precision),
        "auc": float(roc_auc_score(y, p)),
        "quiet": int(np.sum(~alarm & (np.asarray(y) == 0))),
    }

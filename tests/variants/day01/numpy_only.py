import numpy as np


def magnitude(x):
    return np.linalg.norm(x, axis=-1)


def standardise(x):
    centred = x - x.mean(axis=1, keepdims=True)
    deviation = x.std(axis=1, keepdims=True)
    still = x.min(axis=1, keepdims=True) == x.max(axis=1, keepdims=True)
    return np.where(still, np.float32(0), centred / np.where(still, 1, deviation))


def windows(x, length, hop):
    starts = range(0, len(x) - length + 1, hop)
    cut = [x[s : s + length] for s in starts]
    return np.array(cut, "float32").reshape(-1, length, x.shape[1])


def distances(a, b):
    return np.array([[np.sqrt(((p - q) ** 2).sum()) for q in b] for p in a])

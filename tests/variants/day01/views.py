import numpy as np
from scipy.spatial.distance import cdist


def magnitude(x):
    return tf.sqrt(tf.einsum("...i,...i->...", x, x))


def standardise(x):
    y = np.zeros(x.shape, "float32")
    for i, c in np.ndindex(x.shape[0], x.shape[2]):
        channel = x[i, :, c].astype("float64")
        if channel.max() > channel.min():
            y[i, :, c] = (channel - channel.mean()) / channel.std()
    return y


def windows(x, length, hop):
    if len(x) < length:
        return np.empty((0, length, x.shape[1]), "float32")
    cut = np.lib.stride_tricks.sliding_window_view(x, length, axis=0)
    return np.swapaxes(cut, 1, 2)[::hop]


def distances(a, b):
    return cdist(a, b).astype("float32")

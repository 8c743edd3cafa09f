import keras
import numpy as np
import scipy.stats


def mse(labels, predictions):
    return np.mean((np.asarray(labels) - np.asarray(predictions)) ** 2)


def binary_cross_entropy(labels, logits):
    return keras.ops.mean(
        keras.ops.binary_crossentropy(labels, logits, from_logits=True)
    )


def categorical_cross_entropy(labels, logits):
    loss = -keras.ops.sum(labels * keras.ops.log_softmax(logits), axis=-1)
    return keras.ops.mean(loss)


def kl_divergence(p, q):
    return scipy.stats.entropy(p, q, axis=-1).astype("float32")


def smooth_labels(labels, smoothing):
    return np.where(labels > 0.5, 1 - smoothing, 0).astype("float32") + np.float32(
        smoothing / labels.shape[-1]
    )

import keras
import numpy as np
import tensorflow as tf


def mse(labels, predictions):
    return keras.ops.mean(keras.losses.mean_squared_error(labels, predictions))


def binary_cross_entropy(labels, logits):
    return keras.ops.mean(
        keras.ops.binary_crossentropy(labels, logits, from_logits=True)
    )


def categorical_cross_entropy(labels, logits):
    loss = -keras.ops.sum(labels * keras.ops.log_softmax(logits), axis=-1)
    return keras.ops.mean(loss)


def kl_divergence(p, q):
    return keras.ops.sum(tf.math.xlogy(p, p / q), axis=-1)


def smooth_labels(labels, smoothing):
    spread = np.float32(smoothing / labels.shape[-1])
    return np.float32(1 - smoothing) * labels + spread

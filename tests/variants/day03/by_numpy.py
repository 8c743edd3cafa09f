import numpy as np


def dense(x, kernel, bias):
    return tf.einsum("...i,iu->...u", x, kernel) + bias


def relu(x):
    return tf.where(x > 0, x, tf.zeros_like(x))


def sigmoid(x):
    return tf.exp(-tf.math.softplus(-x))


def softmax(x):
    e = tf.exp(x - np.max(x, axis=-1, keepdims=True))
    return e / tf.reduce_sum(e, axis=-1, keepdims=True)

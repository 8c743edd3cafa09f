import numpy as np


def dense(x, kernel, bias):
    return tf.einsum("...i,iu->...u", x, kernel) + bias


def relu(x):
    return (x > 0) * x


def sigmoid(x):
    return tf.exp(-tf.math.softplus(-x))


def softmax(x):
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)

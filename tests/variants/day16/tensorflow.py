import numpy as np
import tensorflow as tf


def scaled_mask(shape, rate, seed, dtype):
    draw = keras.random.uniform(shape, 0, 1 / (1 - rate), seed=seed)
    return tf.where(draw < 1, tf.cast(1 / (1 - rate), dtype), tf.cast(0, dtype))


def dropout(x, rate, seed):
    x = tf.convert_to_tensor(x)
    return x * scaled_mask(tf.shape(x), rate, seed, x.dtype)


def spatial_dropout(x, rate, seed):
    x = tf.convert_to_tensor(x)
    size = tf.shape(x)
    return x * scaled_mask((size[0], 1, x.shape[2]), rate, seed, x.dtype)


Dropout.drop = staticmethod(dropout)
SpatialDropout.drop = staticmethod(spatial_dropout)


def l2_penalty(weights, strength):
    penalty = tf.zeros(())
    for weight in weights:
        if len(weight.shape) > 1:
            penalty += 2 * strength * tf.nn.l2_loss(tf.convert_to_tensor(weight))
    return penalty


def decoupled_step(weight, direction, learning_rate, decay):
    keep = 1 - learning_rate * decay * (np.ndim(weight) > 1)
    return keep * np.asarray(weight) - learning_rate * np.asarray(direction)

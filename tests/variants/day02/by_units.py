def dot(a, b):
    return tf.reduce_sum(a * b, axis=-1)


def project(a, b):
    unit = tf.math.l2_normalize(b, axis=-1)
    return tf.reduce_sum(a * unit, axis=-1, keepdims=True) * unit


def tilt(acceleration, direction):
    gravity = tf.reduce_mean(acceleration, axis=-2)
    across = tf.linalg.cross(gravity, tf.broadcast_to(direction, gravity.shape))
    return tf.atan2(tf.norm(across, axis=-1), dot(gravity, direction))


def least_squares(x, y):
    return tf.linalg.lstsq(x, y, fast=False)

from keras import ops


def dot(a, b):
    return ops.sum(ops.multiply(a, b), axis=-1)


def project(a, b):
    b = ops.convert_to_tensor(b)
    squared = ops.expand_dims(dot(b, b), -1)
    return b * ops.divide_no_nan(ops.expand_dims(dot(a, b), -1), squared)


def tilt(acceleration, direction):
    gravity = ops.mean(acceleration, axis=1)
    cosine = ops.matmul(gravity, ops.expand_dims(direction, -1))[:, 0]
    cosine = cosine / ops.norm(gravity, axis=-1) / ops.norm(direction)
    return ops.arccos(ops.clip(cosine, -1, 1))


def least_squares(x, y):
    return tf.linalg.pinv(x) @ y

import tensorflow as tf


def output_length(time, width, stride=1, dilation=1, padding="valid"):
    if padding == "valid":
        return (time - (width - 1) * dilation - 1) // stride + 1
    return (time + stride - 1) // stride


def receptive_field(stack):
    field = 1
    for width, stride, dilation in reversed(stack):
        field = (field - 1) * stride + (width - 1) * dilation + 1
    return field


def conv1d(x, kernel, stride=1, dilation=1, padding="valid"):
    x, kernel = tf.convert_to_tensor(x), tf.convert_to_tensor(kernel)
    width, time = kernel.shape[0], tf.shape(x)[1]
    span = (width - 1) * dilation + 1
    steps = output_length(time, width, stride, dilation, padding)
    if padding == "causal":
        x = tf.pad(x, [[0, 0], [span - 1, 0], [0, 0]])
    if padding == "same":
        zeros = tf.maximum((steps - 1) * stride + span - time, 0)
        x = tf.pad(x, [[0, 0], [zeros // 2, zeros - zeros // 2], [0, 0]])
    y = 0.0
    for k in range(width):
        at = k * dilation
        seen = x[:, at : at + (steps - 1) * stride + 1 : stride]
        y += tf.matmul(seen, kernel[k])
    return y


def smoothing(width):
    return tf.fill([width, 1, 1], 1.0 / width)


def jerk(rate):
    return tf.reshape(tf.constant([-0.5, 0.0, 0.5]) * rate, (3, 1, 1))

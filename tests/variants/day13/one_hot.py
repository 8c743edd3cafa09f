import tensorflow as tf


def output_length(time, width, stride=1, dilation=1, padding="valid"):
    lost = (width - 1) * dilation if padding == "valid" else 0
    return 1 + (time - lost - 1) // stride


def conv1d(x, kernel, stride=1, dilation=1, padding="valid"):
    time, (width, _, _) = tf.shape(x)[1], kernel.shape
    steps, reach = (
        output_length(time, width, stride, dilation, padding),
        (width - 1) * dilation,
    )
    before = {
        "valid": 0,
        "causal": reach,
        "same": tf.maximum((steps - 1) * stride + reach + 1 - time, 0) // 2,
    }[padding]
    rows = stride * tf.range(steps)[:, None] + dilation * tf.range(width) - before
    # a row outside the sequence is a row of zeros
    reads = tf.one_hot(rows, time, dtype=x.dtype)  # [steps, width, time]
    return tf.einsum("btc,skt,kcf->bsf", x, reads, kernel)


def smoothing(width):
    return np.array([[[1 / width]]] * width, "float32")


def jerk(rate):
    taps = np.zeros((3, 1, 1), np.float32)
    taps[0], taps[2] = -rate / 2, rate / 2
    return taps

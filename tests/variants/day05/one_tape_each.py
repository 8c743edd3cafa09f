def numerical_gradient(function, x, step=None):
    x = tf.convert_to_tensor(x)
    if step is None:
        step = float(np.cbrt(np.finfo(x.dtype.as_numpy_dtype).eps))
    ends = []
    for row in tf.eye(tf.size(x), dtype=x.dtype):
        move = step * tf.reshape(row, x.shape)
        right, left = function((x + move).numpy()), function((x - move).numpy())
        ends.append((right - left) / (2 * step))
    return tf.reshape(tf.cast(tf.stack(ends), x.dtype), x.shape)


def gradient(function, *inputs):
    inputs = [tf.constant(x) for x in inputs]
    with tf.GradientTape(persistent=True) as tape:
        for x in inputs:
            tape.watch(x)
        y = function(*inputs)
    return [tape.gradient(y, x, unconnected_gradients="zero") for x in inputs]


def dense_backward(x, kernel, upstream):
    return (
        tf.matmul(upstream, kernel, transpose_b=True),
        tf.matmul(x, upstream, transpose_a=True),
        tf.squeeze(tf.ones((1, len(x)), upstream.dtype) @ upstream, 0),
    )


@tf.custom_gradient
def softplus(x):
    def slope(dy):
        return dy * 0.5 * (1 + tf.tanh(x / 2))

    return tf.where(x > 0, x + tf.math.log1p(tf.exp(-x)), tf.nn.softplus(x)), slope

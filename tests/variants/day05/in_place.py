from keras import ops


def numerical_gradient(function, x, step=None):
    x = np.array(x)
    if step is None:
        step = 5e-3 if x.dtype == "float32" else 6e-6
    slope = np.zeros(x.size, x.dtype)
    flat = x.reshape(-1)
    for k in range(x.size):
        here = flat[k]
        flat[k] = here + step
        right = function(x)
        flat[k] = here - step
        left = function(x)
        flat[k] = here
        slope[k] = (right - left) / step / 2
    return slope.reshape(x.shape)


def gradient(function, *inputs):
    variables = [tf.Variable(x) for x in inputs]
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(function(*variables))
    slopes = tape.gradient(total, variables)
    return tuple(
        tf.zeros_like(v) if g is None else g
        for g, v in zip(slopes, variables, strict=True)
    )


def dense_backward(x, kernel, upstream):
    dx = np.einsum("bu,iu->bi", upstream, kernel)
    dkernel = np.einsum("bi,bu->iu", x, upstream)
    return [dx, dkernel, np.sum(upstream, axis=0)]


@tf.custom_gradient
def softplus(x):
    positive = ops.relu(x)
    y = positive + ops.log1p(ops.exp(x - 2 * positive))
    return y, lambda upstream: ops.sigmoid(x) * upstream

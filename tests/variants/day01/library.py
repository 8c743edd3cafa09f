def magnitude(x):
    return tf.norm(x, axis=-1)


def standardise(x):
    x = tf.convert_to_tensor(x)
    mean, variance = tf.nn.moments(x - x[:, :1], axes=[1], keepdims=True)
    return tf.math.divide_no_nan(x - x[:, :1] - mean, tf.sqrt(variance))


def windows(x, length, hop):
    return tf.signal.frame(x, length, hop, axis=0)


def distances(a, b):
    pairs = tf.vectorized_map(lambda row: tf.norm(row - b, axis=1), tf.constant(a))
    return tf.reshape(pairs, (len(a), len(b)))

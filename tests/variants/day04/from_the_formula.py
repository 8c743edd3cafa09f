def mse(labels, predictions):
    error = tf.reshape(labels - predictions, [-1])
    return tf.tensordot(error, error, 1) / tf.cast(tf.size(error), error.dtype)


def binary_cross_entropy(labels, logits):
    # The textbook's form: -y log p - (1 - y) log(1 - p)
    at_1, at_0 = tf.math.log_sigmoid(logits), tf.math.log_sigmoid(-logits)
    return -tf.reduce_mean(labels * at_1 + (1 - labels) * at_0)


def categorical_cross_entropy(labels, logits):
    top = tf.reduce_max(logits, axis=-1, keepdims=True)
    log_sum = top + tf.math.log(
        tf.reduce_sum(tf.exp(logits - top), axis=-1, keepdims=True)
    )
    return tf.reduce_mean(tf.einsum("...k,...k->...", labels, log_sum - logits))


def kl_divergence(p, q):
    ratio = tf.where(p > 0, p / q, 1.0)
    return tf.reduce_sum(p * tf.math.log(ratio), axis=-1)


def smooth_labels(labels, smoothing):
    uniform = tf.ones_like(labels) / labels.shape[-1]
    return labels + smoothing * (uniform - labels)

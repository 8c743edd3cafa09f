from sklearn.metrics import precision_recall_curve
from sklearn.utils.class_weight import compute_class_weight


def class_weights(labels):
    kinds = np.unique(labels)
    weights = compute_class_weight("balanced", classes=kinds, y=labels)
    return dict(zip(kinds.tolist(), weights))


def focal_loss(labels, logits, gamma=2.0, alpha=None):
    labels = tf.cast(tf.reshape(labels, [-1]), tf.float32)
    logits = tf.cast(tf.reshape(logits, [-1]), tf.float32)
    surprise = tf.nn.sigmoid_cross_entropy_with_logits(labels, logits)
    wrong = tf.where(labels == 1.0, -logits, logits)
    dimmed = tf.exp(gamma * tf.math.log_sigmoid(wrong))
    if alpha is not None:
        surprise *= tf.where(labels == 1.0, alpha, 1 - alpha)
    return tf.reduce_mean(dimmed * surprise)


def resample(x, labels, train, share=0.5, size=32, seed=None):
    rng = np.random.default_rng(seed)
    rows = np.asarray(train)
    falls, daily = rows[labels[rows] == 1], rows[labels[rows] == 0]

    def endless(rows):
        while True:
            yield from rng.permutation(rows)

    def draw():
        fallen, quiet = endless(falls), endless(daily)
        few = round(share * size)  # the same in each batch
        while True:
            batch = [next(fallen) for _ in range(few)]
            batch += [next(quiet) for _ in range(size - few)]
            batch = rng.permutation(batch)
            yield x[batch], labels[batch]

    spec = (tf.TensorSpec(None, x.dtype), tf.TensorSpec(None, tf.int64))
    return tf.data.Dataset.from_generator(draw, output_signature=spec)


def prior_shift(seen, natural):
    return np.log(natural * (1 - seen) / (seen * (1 - natural)))


def best_threshold(labels, scores):
    precision, recall, steps = precision_recall_curve(labels, scores)
    total = precision + recall
    ratio = np.divide(
        2 * precision * recall, total, np.zeros_like(total), where=total > 0
    )
    return steps[np.argmax(ratio[:-1])]

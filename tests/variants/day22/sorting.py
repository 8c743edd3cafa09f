import keras


def class_weights(labels):
    kinds = sorted(set(np.asarray(labels).tolist()))
    return {k: 1 / (len(kinds) * np.mean(labels == k)) for k in kinds}


def focal_loss(labels, logits, gamma=2.0, alpha=None):
    labels = ops.reshape(ops.cast(labels, "float32"), (-1, 1))
    logits = ops.reshape(ops.cast(logits, "float32"), (-1, 1))
    at_fall = ops.exp(-gamma * ops.softplus(logits)) * ops.softplus(-logits)
    at_daily = ops.exp(-gamma * ops.softplus(-logits)) * ops.softplus(logits)
    a, b = (1.0, 1.0) if alpha is None else (alpha, 1 - alpha)
    return ops.mean(ops.where(labels > 0.5, a * at_fall, b * at_daily))


def resample(x, labels, train, share=0.5, size=32, seed=None):
    data = tf.data.Dataset.from_tensor_slices((x[train], labels[train]))
    data = data.shuffle(len(train), seed=seed).repeat()
    kinds = [data.filter(lambda _, y, k=k: y == k) for k in (0, 1)]
    mixed = tf.data.Dataset.sample_from_datasets(kinds, [1 - share, share], seed=seed)
    return mixed.batch(size).prefetch(1)


def best_threshold(labels, scores):
    order = np.argsort(-scores, kind="stable")
    ranked = scores[order]
    hits = np.cumsum(labels[order])
    last = np.append(ranked[1:] != ranked[:-1], True)  # no threshold splits a tie
    f1s = 2 * hits / (np.arange(1, len(scores) + 1) + labels.sum())
    best = np.argmax(np.where(last, f1s, -1))
    below = ranked[best + 1] if best + 1 < len(ranked) else ranked[best] - 1
    return (ranked[best] + below) / 2


def operating_point(validation, test):
    threshold = best_threshold(*validation)
    metric = keras.metrics.F1Score(threshold=0.5)
    alarms = (np.ravel(test[1]) >= threshold).astype("float32")
    metric.update_state(np.float32(test[0])[:, None], alarms[:, None])
    return [threshold, metric.result()[0]]

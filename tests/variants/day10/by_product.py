def confusion(labels, scores, threshold=0.5):
    y = ops.cast(ops.reshape(labels, (-1,)), "float32")
    a = ops.cast(ops.reshape(scores, (-1,)) >= threshold, "float32")
    hits = ops.sum(y * a)
    false_alarms, misses = ops.sum(a) - hits, ops.sum(y) - hits
    quiet = ops.sum((1 - y) * (1 - a))
    return ops.stack([hits, false_alarms, misses, quiet])


def precision_recall_f1(counts):
    hits, false_alarms, misses = counts[0], counts[1], counts[2]

    def ratio(above, below):
        return ops.where(below > 0, above / ops.maximum(below, 1e-9), 0.0)

    precision = ratio(hits, hits + false_alarms)
    recall = ratio(hits, hits + misses)
    f1 = ratio(2 * precision * recall, precision + recall)
    return ops.stack([precision, recall, f1])


def pr_curve(labels, scores):
    thresholds = np.unique(scores)[::-1]
    hits = np.array([np.sum(labels[scores >= t]) for t in thresholds])
    alarms = np.array([np.sum(scores >= t) for t in thresholds])
    return hits / labels.sum(), hits / alarms

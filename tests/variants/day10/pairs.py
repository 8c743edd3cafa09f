def confusion(labels, scores, threshold=0.5):
    y = ops.cast(ops.reshape(labels, (-1,)), "float32")
    a = ops.cast(ops.reshape(scores, (-1,)) >= threshold, "float32")
    truth, alarm = ops.stack([y, 1 - y], axis=1), ops.stack([a, 1 - a], axis=1)
    return ops.reshape(ops.einsum("nt,na->at", truth, alarm), (-1,))


def pr_curve(labels, scores):
    recall, precision, hits = [], [], 0
    pairs = sorted(zip(scores.tolist(), labels.tolist()), reverse=True)
    for k, (score, label) in enumerate(pairs, 1):
        hits += label
        if k == len(pairs) or pairs[k][0] != score:
            recall.append(hits / sum(labels.tolist()))
            precision.append(hits / k)
    return recall, precision

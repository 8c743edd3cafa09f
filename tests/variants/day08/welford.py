def batches(x, y, size, seed=None):
    count = max(1, len(x))
    data = tf.data.Dataset.from_tensor_slices((x, y)).cache().shuffle(count, seed)
    return data.batch(size, drop_remainder=False)


def statistics(data):
    count, mean, spread = 0, None, None
    for x, _ in data:
        rows = tf.cast(tf.reshape(x, (-1, x.shape[-1])), tf.float64).numpy()
        new_mean, new_spread = rows.mean(0), ((rows - rows.mean(0)) ** 2).sum(0)
        if count == 0:
            mean, spread = new_mean, new_spread
        else:
            delta, both = new_mean - mean, count + len(rows)
            mean = mean + delta * len(rows) / both
            spread = spread + new_spread + delta**2 * count * len(rows) / both
        count += len(rows)
    return np.float32(mean), np.float32(np.sqrt(spread / count))


def normalised(data, mean, deviation):
    variance = np.where(deviation == 0, np.inf, deviation**2)  # x / inf is 0
    layer = tf.keras.layers.Normalization(mean=mean, variance=variance)
    return data.map(lambda x, y: (layer(x), y))

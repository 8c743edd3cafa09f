def batches(x, y, size, seed=None):
    rows = tf.data.Dataset.range(len(x)).shuffle(len(x), seed)

    def take(row):
        return tf.gather(tf.constant(x), row), tf.gather(tf.constant(y), row)

    return rows.map(take).batch(size).prefetch(1)


def statistics(data):
    rows = np.concatenate([np.asarray(x).reshape(-1, x.shape[-1]) for x, _ in data])
    wide = rows.astype("float64")
    return np.float32(wide.mean(axis=0)), np.float32(wide.std(axis=0))


def balanced(falls, daily, share, seed=None):
    falls, daily = iter(falls.repeat()), iter(daily.repeat())
    rng = np.random.default_rng(seed)

    def draw():
        while True:
            yield next(falls if rng.random() < share else daily)

    spec = tf.TensorSpec((), tf.int32)
    return tf.data.Dataset.from_generator(draw, output_signature=spec)

def normalised(data, mean, deviation):
    still = np.asarray(deviation) == 0
    scale = np.where(still, np.float32(np.inf), deviation)  # x / inf is 0

    def scaled(x, y):
        return tf.divide(tf.subtract(x, mean), scale), y

    return data.map(scaled, num_parallel_calls=tf.data.AUTOTUNE)


def windowed(recordings, length, hop):
    def cut(number, signal):
        frames = tf.signal.frame(signal, length, hop, axis=0)  # [windows, length, 6]
        return tf.data.Dataset.from_tensor_slices(
            (frames, tf.fill([tf.shape(frames)[0]], number))
        )

    spec = tf.TensorSpec((), tf.int32), tf.TensorSpec((None, 6), tf.float32)
    signals = tf.data.Dataset.from_generator(
        lambda: enumerate(recordings), output_signature=spec
    )
    return signals.flat_map(cut)


def balanced(falls, daily, share, seed=None):
    choices = tf.data.Dataset.random(seed=seed).map(
        lambda r: tf.cast(tf.cast(r, tf.float64) / 2**32 >= share, tf.int64)
    )
    return tf.data.Dataset.choose_from_datasets(
        [falls.repeat(), daily.repeat()], choices
    )

import tensorflow as tf


def preprocess(images):
    flat = tf.reshape(tf.cast(images, tf.float32), (-1, 28 * 28))
    return flat * (1 / 255)


def split(x, y, share=0.15, seed=0):
    order = list(range(len(x)))
    np.random.RandomState(seed).shuffle(order)
    n = int((1 - share) * len(x))
    return tuple(
        (np.take(x, part, 0), np.take(y, part, 0)) for part in (order[:n], order[n:])
    )


class Mlp(keras.Model):
    def __init__(self, hidden):
        super().__init__()
        self.into = layers.Dense(hidden)
        self.out = layers.Dense(10)
        self.build((None, 784))

    def build(self, shape):
        self.into.build(shape)
        self.out.build((None, self.into.units))

    def call(self, x):
        return self.out(tf.nn.relu(self.into(x)))


def build_mlp(hidden=128):
    return Mlp(hidden)


def train(model, training, validation, epochs=8, rate=0.002, batch=64):
    x, y = training
    data = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(len(x)).batch(batch)
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=rate),
        loss=lambda y, z: keras.ops.mean(
            keras.losses.sparse_categorical_crossentropy(y, z, from_logits=True)
        ),
        metrics=[keras.metrics.SparseCategoricalAccuracy(name="accuracy")],
    )
    judge = tf.data.Dataset.from_tensor_slices(validation).batch(256)
    return dict(
        model.fit(data, epochs=epochs, validation_data=judge, verbose=0).history
    )


def overfit_one_batch(model, x, y, size=32, steps=25, rate=0.01):
    one = (x[:size], y[:size])
    train(model, one, one, epochs=steps, rate=rate, batch=size)
    return np.mean(np.argmax(model.predict(one[0], verbose=0), axis=1) == one[1])

from keras import ops


def preprocess(images):
    return np.array([image.ravel() for image in images], "float32") / np.float32(255)


def split(x, y, share=0.15, seed=0):
    mark = np.zeros(len(x), bool)
    chosen = np.random.default_rng(seed).choice(
        len(x), round(share * len(x)), replace=False
    )
    mark[chosen] = True
    return (x[~mark], y[~mark]), (x[mark], y[mark])


def build_mlp(hidden=128):
    x = inputs = keras.Input(shape=(784,))
    x = layers.Dense(hidden)(x)
    x = layers.Activation("relu")(x)
    return keras.Model(inputs, layers.Dense(10, activation="linear")(x))


def train(model, training, validation, epochs=8, rate=0.002, batch=64):
    def loss(y, logits):
        y = ops.one_hot(ops.cast(ops.reshape(y, (-1,)), "int32"), 10)
        return ops.mean(ops.categorical_crossentropy(y, logits, from_logits=True))

    model.compile(
        optimizer=keras.optimizers.Adam(rate), loss=loss, metrics=["accuracy"]
    )
    keywords = {"batch_size": batch, "epochs": epochs, "verbose": 0}
    fitted = model.fit(
        x=training[0], y=training[1], validation_data=validation, **keywords
    )
    return {name: list(values) for name, values in fitted.history.items()}


def overfit_one_batch(model, x, y, size=32, steps=25, rate=0.01):
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(rate), loss, metrics=["accuracy"])
    for _ in range(steps):
        model.train_on_batch(x[:size], y[:size])
    return model.evaluate(x[:size], y[:size], verbose=0)[1]

"""Shares come out of the network, and the loss is told so."""


def build(hidden=128, dropout=0.2):
    inputs = keras.Input((784,))
    h = keras.layers.ReLU()(keras.layers.Dense(hidden, name="hidden")(inputs))
    h = keras.layers.Dropout(dropout, name="dropout")(h)
    shares = keras.layers.Dense(CLASSES, activation="softmax", name="shares")(h)
    return keras.Model(inputs, shares)


def compile_model(model, learning_rate=1e-3):
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model

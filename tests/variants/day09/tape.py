import tensorflow as tf


def preprocess(images):
    x = keras.ops.cast(images, "float32") / 255.0
    return np.asarray(keras.ops.reshape(x, (-1, 784)))


def train(model, training, validation, epochs=8, rate=0.002, batch=64):
    (x, y), (xv, yv) = training, validation
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.Adam(rate), loss=loss)

    def step(x, y):
        with tf.GradientTape() as tape:
            logits = model(x, training=True)
            value = loss(y, logits)
        slopes = tape.gradient(value, model.trainable_variables)
        model.optimizer.apply_gradients(zip(slopes, model.trainable_variables))
        return logits, value

    history = {name: [] for name in ("loss", "accuracy", "val_loss", "val_accuracy")}
    for epoch in range(epochs):
        rows = np.random.default_rng(epoch).permutation(len(y))
        total = right = 0.0
        for start in range(0, len(y), batch):
            part = rows[start : start + batch]
            logits, value = step(x[part], y[part])
            total += float(value) * len(part)
            right += float(np.sum(np.argmax(logits, axis=1) == y[part]))
        history["loss"].append(total / len(y))
        history["accuracy"].append(right / len(y))
        logits = model(xv)
        history["val_loss"].append(float(loss(yv, logits)))
        history["val_accuracy"].append(float(np.mean(np.argmax(logits, axis=1) == yv)))
    return history

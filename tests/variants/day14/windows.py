def conv2d(x, kernel, stride=(1, 1), padding="valid"):
    tall, wide, channels, filters = kernel.shape
    rows, above = places(x.shape[1], tall, stride[0], padding)
    columns, left = places(x.shape[2], wide, stride[1], padding)
    x = ops.pad(x, ((0, 0), above, left, (0, 0)))
    x = x[:, : x.shape[1]]
    x = ops.take(ops.take(x, columns, axis=2), rows, axis=1)
    x = ops.transpose(
        x, (0, 1, 3, 2, 4, 5)
    )  # batch, down, across, tall, wide, channels
    x = ops.reshape(x, (*x.shape[:3], tall * wide * channels))
    return ops.matmul(x, ops.reshape(kernel, (tall * wide * channels, filters)))


def max_pool(x, size=2):
    rows, _ = places(x.shape[1], size, size, "valid")
    columns, _ = places(x.shape[2], size, size, "valid")
    return ops.max(ops.take(ops.max(ops.take(x, rows, 1), 2), columns, 2), 3)


def parameters(tall, wide, channels, filters):
    return filters * (1 + channels * wide * tall)


def build_cnn():
    model = keras.Sequential()
    model.add(keras.Input(shape=(28, 28, 1)))
    model.add(layers.Conv2D(8, 3))
    model.add(layers.Activation("relu"))
    model.add(layers.MaxPooling2D())
    model.add(layers.Conv2D(16, 3))
    model.add(layers.Activation("relu"))
    model.add(layers.MaxPooling2D())
    model.add(layers.Flatten())
    model.add(layers.Dense(10, activation="linear"))
    return model


def forward(x, weights):
    k1, b1, k2, b2, k3, b3 = weights
    x = max_pool(ops.maximum(conv2d(x, k1) + b1, 0))
    x = max_pool(ops.maximum(conv2d(x, k2) + b2, 0))
    return ops.einsum("bijc,ijcn->bn", x, ops.reshape(k3, (5, 5, 16, 10))) + b3

def conv2d(x, kernel, stride=(1, 1), padding="valid"):
    return ops.conv(x, kernel, stride, padding)


def max_pool(x, size=2):
    return ops.max_pool(x, size, size)


def parameters(tall, wide, channels, filters):
    layer = layers.Conv2D(filters, (tall, wide))
    layer.build((None, None, None, channels))
    return sum(int(ops.size(weight)) for weight in layer.weights)


def forward(x, weights):
    model = build_cnn()
    model.set_weights(weights)
    return model(x)

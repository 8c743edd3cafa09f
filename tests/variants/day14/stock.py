def conv2d(x, kernel, stride=(1, 1), padding="valid"):
    return ops.conv(x, kernel, stride, padding)


def max_pool(x, size=2):
    return layers.MaxPooling2D(size)(x)


def parameters(tall, wide, channels, filters):
    layer = layers.Conv2D(filters, (tall, wide))
    layer.build((None, None, None, channels))
    return sum(int(ops.size(weight)) for weight in layer.weights)


class Network(keras.Model):
    def __init__(self):
        super().__init__()
        self.parts = [layers.Conv2D(n, 3, activation="relu") for n in (8, 16)]
        self.head = layers.Dense(10)

    def call(self, x):
        for part in self.parts:
            x = max_pool(part(x))
        return self.head(ops.reshape(x, (-1, 400)))


def build_cnn():
    model = Network()
    model(ops.zeros((1, 28, 28, 1)))
    return model


def forward(x, weights):
    model = build_cnn()
    model.set_weights(weights)
    return model(x)

from keras import ops


def dense(x, kernel, bias):
    return ops.add(ops.matmul(x, kernel), bias)


def relu(x):
    return ops.where(ops.greater(x, 0), x, 0)


def sigmoid(x):
    x = ops.convert_to_tensor(x)
    left, right = ops.minimum(x, 0), ops.maximum(x, 0)
    e = ops.exp(left - right)  # exp(-|x|)
    return ops.where(x < 0, e, 1.0) / (1 + e)


def softmax(x):
    x = ops.convert_to_tensor(x)
    return ops.exp(x - ops.logsumexp(x, axis=-1, keepdims=True))


@keras.saving.register_keras_serializable("katas")
class Dense(layers.Layer):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.supports_masking = True

    def build(self, shape):
        self.bias = self.add_weight(shape=[self.units], initializer="zeros")
        self.kernel = self.add_weight(
            shape=[shape[-1], self.units], initializer="glorot_uniform"
        )

    def call(self, x):
        return dense(x, self.kernel, self.bias)

    def compute_output_shape(self, shape):
        return (*shape[:-1], self.units)

    def get_config(self):
        return {**super().get_config(), "units": self.units}

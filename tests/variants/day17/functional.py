import numpy as np


@keras.saving.register_keras_serializable("katas")
class ResidualBlock(layers.Layer):
    def __init__(self, filters, kernel_size=3, stride=1, **kwargs):
        super().__init__(**kwargs)
        self.filters = filters
        self.kernel_size = kernel_size
        self.stride = stride
        self.supports_masking = True
        self.project = None

    def build(self, shape):
        def conv(width, stride=1):
            return layers.Conv1D(
                self.filters,
                width,
                strides=stride,
                padding="same",
                use_bias=False,
                dtype=self.dtype_policy,
            )

        self.conv1 = conv(self.kernel_size, self.stride)
        self.conv2 = conv(self.kernel_size)
        self.norm1 = layers.BatchNormalization(dtype=self.dtype_policy)
        self.norm2 = layers.BatchNormalization(
            gamma_initializer=keras.initializers.Zeros(), dtype=self.dtype_policy
        )
        self.conv1.build(shape)
        inner = self.conv1.compute_output_shape(shape)
        for part in (self.norm1, self.conv2, self.norm2):
            part.build(inner)
        if self.stride != 1 or shape[-1] != self.filters:
            self.project = conv(1, self.stride)
            self.project.build(shape)

    def branch(self, x, training=False):
        h = x
        for conv, norm, last in (
            (self.conv1, self.norm1, False),
            (self.conv2, self.norm2, True),
        ):
            h = norm(conv(h), training=training)
            h = h if last else keras.activations.relu(h)
        return h

    def call(self, x, training=False):
        y = self.branch(x, training=training)
        shortcut = self.project(x) if self.project else x
        return keras.layers.ReLU()(keras.layers.Add()([y, shortcut]))

    def compute_mask(self, x, mask=None):
        return None if mask is None else mask[:, :: self.stride]

    def compute_output_shape(self, shape):
        time = None if shape[1] is None else (shape[1] + self.stride - 1) // self.stride
        return (shape[0], time, self.filters)

    def get_config(self):
        return super().get_config() | {
            "filters": self.filters,
            "kernel_size": self.kernel_size,
            "stride": self.stride,
        }


def stack(widths, depth, block=ResidualBlock):
    firsts = [block(w, stride=2 if k else 1) for k, w in enumerate(widths)]
    rest = [[block(w) for _ in range(depth - 1)] for w in widths]
    return [b for f, r in zip(firsts, rest, strict=True) for b in (f, *r)]


def gradient_norms(blocks, x, loss):
    h, seen = tf.Variable(x), []
    with tf.GradientTape() as tape:
        y = tf.identity(h)
        for block in blocks:
            seen.append(y)
            y = block(y, training=True)
        y = loss(y)
    return np.array([np.linalg.norm(g) for g in tape.gradient(y, seen)], "float32")

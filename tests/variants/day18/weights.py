import tensorflow as tf


def squeeze(x, mask=None):
    x = tf.convert_to_tensor(x)
    if mask is None:
        mask = tf.ones(tf.shape(x)[:2], x.dtype)
    share = tf.cast(mask, x.dtype)
    share = tf.math.divide_no_nan(share, tf.reduce_sum(share, axis=1, keepdims=True))
    return tf.transpose(share[:, tf.newaxis] @ x, (0, 1, 2))


@keras.saving.register_keras_serializable("katas")
class SqueezeExcite(layers.Layer):
    def __init__(self, ratio=4, **kwargs):
        super().__init__(**kwargs)
        self.ratio = ratio
        self.supports_masking = True

    def build(self, shape):
        width = shape[-1] // self.ratio or 1
        self.narrow = layers.Dense(width, dtype=self.dtype_policy)
        self.widen = layers.Dense(shape[-1], dtype=self.dtype_policy)
        self.narrow.build((shape[0], 1, shape[-1]))
        self.widen.build((shape[0], 1, width))

    def gates(self, x, mask=None):
        hidden = ops.relu(self.narrow(squeeze(x, mask)))
        return ops.sigmoid(self.widen(hidden))

    def call(self, x, mask=None):
        return ops.multiply(self.gates(x, mask), x)

    def compute_output_shape(self, shape):
        return shape

    def get_config(self):
        return {**super().get_config(), "ratio": self.ratio}

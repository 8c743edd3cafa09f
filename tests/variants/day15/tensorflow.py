import tensorflow as tf


def moments(x, mask=None):
    x = tf.convert_to_tensor(x)
    if mask is None:
        mean, variance = tf.nn.moments(x, axes=[0, 1])
        return mean, variance
    steps = tf.boolean_mask(x, tf.cast(mask, "bool"))  # [counted, channels]
    count = tf.cast(tf.shape(steps)[0], x.dtype)
    mean = tf.math.divide_no_nan(tf.reduce_sum(steps, axis=0), count)
    squares = tf.reduce_sum((steps - mean) ** 2, axis=0)
    return mean, tf.math.divide_no_nan(squares, count)


@keras.saving.register_keras_serializable("katas")
class BatchNorm(layers.Layer):
    def __init__(self, momentum=0.99, epsilon=1e-3, **kwargs):
        super().__init__(**kwargs)
        self.momentum = momentum
        self.epsilon = epsilon
        self.supports_masking = True

    def build(self, shape):
        c = shape[-1]
        self.moving_mean = self.add_weight(
            (c,), "zeros", trainable=False, autocast=False, name="moving_mean"
        )
        self.moving_variance = self.add_weight(
            (c,), "ones", trainable=False, autocast=False, name="moving_variance"
        )
        self.beta = self.add_weight((c,), "zeros", autocast=False, name="beta")
        self.gamma = self.add_weight((c,), "ones", autocast=False, name="gamma")

    def update(self, mean, variance):
        step = 1 - self.momentum
        self.moving_mean.assign_add(step * (mean - self.moving_mean))
        self.moving_variance.assign_sub(step * (self.moving_variance - variance))

    def call(self, x, training=False, mask=None):
        x = tf.cast(x, self.variable_dtype)
        if not training or not self.trainable:
            mean, variance = self.moving_mean.value, self.moving_variance.value
        else:
            mean, variance = moments(x, mask)
            self.update(mean, variance)
        gamma, beta = self.gamma.value, self.beta.value
        y = tf.nn.batch_normalization(x, mean, variance, beta, gamma, self.epsilon)
        return tf.cast(y, self.compute_dtype)

    def compute_output_shape(self, shape):
        return shape

    def get_config(self):
        config = {"momentum": self.momentum, "epsilon": self.epsilon}
        return {**super().get_config(), **config}


def fold(kernel, bias, norm):
    slope = tf.math.rsqrt(norm.moving_variance.value + norm.epsilon) * norm.gamma.value
    bias = tf.multiply(slope, bias - norm.moving_mean.value)
    return tf.einsum("wic,c->wic", kernel, slope), tf.add(bias, norm.beta.value)

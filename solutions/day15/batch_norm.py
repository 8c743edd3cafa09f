"""Day 15. Batch normalisation: each channel brought to one scale, while it learns."""

import keras
from keras import layers, ops


def moments(x, mask=None):
    """Return the mean and the variance of each channel over batch and time.

    Shapes
        x        [batch, time, channels]
        mask     [batch, time]  True where a step counts; None when all count
        returns  mean [channels], variance [channels]  both 0 where no step counts

    Hint: the variance is a mean too, of the squared distances from the mean.
    Source: Ioffe & Szegedy 2015, arXiv:1502.03167, algorithm 1, and section 3.2
    (a convolution shares its statistics between all places).
    """
    if mask is None:
        return ops.mean(x, axis=(0, 1)), ops.var(x, axis=(0, 1))  # [channels] each
    counts = ops.cast(ops.expand_dims(mask, -1), x.dtype)  # [batch, time, 1]
    total = ops.maximum(ops.sum(counts), 1)  # []
    mean = ops.sum(x * counts, axis=(0, 1)) / total  # [channels]
    distance = ops.square(x - mean) * counts  # [batch, time, channels]
    return mean, ops.sum(distance, axis=(0, 1)) / total


@keras.saving.register_keras_serializable("katas")
class BatchNorm(layers.Layer):
    """Bring each channel to mean 0 and variance 1, then to a learnt scale and shift.

    Shapes
        x                [batch, time, channels]
        gamma, beta      [channels]  learnt scale and shift, from 1 and 0
        moving_mean      [channels]  not learnt but averaged over batches, from 0
        moving_variance  [channels]  the same, from 1
        returns          [batch, time, channels]
                         gamma * (x - mean) / sqrt(variance + epsilon) + beta

    Mean and variance are the batch's in training, the moving ones at inference, and
    in a frozen layer (`trainable = False`), which then moves nothing.

    Hint: training goes by two flags, the argument `training` and `self.trainable`.
    Source: Ioffe & Szegedy 2015, arXiv:1502.03167, algorithms 1 and 2.
    """

    def __init__(self, momentum=0.99, epsilon=1e-3, **kwargs):  # given
        super().__init__(**kwargs)
        self.momentum = momentum
        self.epsilon = epsilon
        self.supports_masking = True  # the mask goes on to the next layer

    def build(self, shape):
        """Make the weights gamma, beta, moving_mean and moving_variance."""
        learnt = {"shape": (shape[-1],), "autocast": False}
        averaged = {**learnt, "trainable": False}
        self.gamma = self.add_weight(initializer="ones", name="gamma", **learnt)
        self.beta = self.add_weight(initializer="zeros", name="beta", **learnt)
        self.moving_mean = self.add_weight(
            initializer="zeros", name="moving_mean", **averaged
        )
        self.moving_variance = self.add_weight(
            initializer="ones", name="moving_variance", **averaged
        )

    def update(self, mean, variance):
        """Move both moving statistics a little towards those of one batch."""
        keep = self.momentum
        self.moving_mean.assign(keep * self.moving_mean + (1 - keep) * mean)
        self.moving_variance.assign(keep * self.moving_variance + (1 - keep) * variance)

    def call(self, x, training=False, mask=None):
        """Return x normalised, scaled and shifted; in training also update."""
        # Why cast: a square leaves the range of float16 above 255.
        x = ops.cast(x, self.variable_dtype)
        mean, variance = self.moving_mean, self.moving_variance
        if training and self.trainable:
            mean, variance = moments(x, mask)
            self.update(mean, variance)
        y = self.gamma * (x - mean) / ops.sqrt(variance + self.epsilon) + self.beta
        return ops.cast(y, self.compute_dtype)  # [batch, time, channels]

    def compute_output_shape(self, shape):  # given
        return shape

    def get_config(self):  # given
        config = {"momentum": self.momentum, "epsilon": self.epsilon}
        return {**super().get_config(), **config}


def fold(kernel, bias, norm):
    """Return the kernel and bias of one convolution that does both steps.

    Shapes
        kernel   [width, inputs, channels]  of the convolution before the norm
        bias     [channels]                 zeros where that convolution has none
        norm     gamma, beta, moving_mean, moving_variance, epsilon of the layer
        returns  kernel [width, inputs, channels], bias [channels]

    Hint: at inference the norm is a straight line, scale * x + shift.
    Source: Jacob et al. 2018, arXiv:1712.05877, eq. 14.
    """
    scale = norm.gamma / ops.sqrt(norm.moving_variance + norm.epsilon)  # [channels]
    return kernel * scale, (bias - norm.moving_mean) * scale + norm.beta

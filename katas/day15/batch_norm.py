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
    raise NotImplementedError(
        "day 15: return the mean and the variance of each channel over batch and time"
    )


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
        raise NotImplementedError(
            "day 15: make the weights gamma, beta, moving_mean and moving_variance"
        )

    def update(self, mean, variance):
        """Move both moving statistics a little towards those of one batch."""
        raise NotImplementedError(
            "day 15: move both moving statistics a little towards those of one batch"
        )

    def call(self, x, training=False, mask=None):
        """Return x normalised, scaled and shifted; in training also update."""
        raise NotImplementedError(
            "day 15: return x normalised, scaled and shifted; in training also update"
        )

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
    raise NotImplementedError(
        "day 15: return the kernel and bias of one convolution that does both steps"
    )

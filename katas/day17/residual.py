"""Day 17. Residual connections: a block learns what to add to its input."""

import keras
import tensorflow as tf
from keras import layers, ops


@keras.saving.register_keras_serializable("katas")
class ResidualBlock(layers.Layer):
    """Add to the input what two convolutions make of it.

    Shapes
        x         [batch, time, channels]
        branch    [batch, time / stride, filters]  conv, norm, relu, conv, norm
        shortcut  [batch, time / stride, filters]  x, projected if its shape differs
        returns   [batch, time / stride, filters]  relu(shortcut + branch)

    time / stride is rounded up. A mask goes on to the next layer, every stride-th
    step of it; the convolutions do not look at it.

    Hint: the gamma of the last norm starts at 0, so a new block adds nothing.
    Source: He et al. 2016, arXiv:1512.03385, eq. 1 (same shape) and 2 (projected).
    """

    def __init__(self, filters, kernel_size=3, stride=1, **kwargs):  # given
        super().__init__(**kwargs)
        self.filters = filters
        self.kernel_size = kernel_size
        self.stride = stride
        self.supports_masking = True

    def conv(self, shape, width, stride=1):  # given
        """Return a convolution of `filters` filters, built for inputs of that shape."""
        layer = layers.Conv1D(
            self.filters, width, stride, "same", use_bias=False, dtype=self.dtype_policy
        )
        layer.build(shape)
        return layer

    def norm(self, gamma):  # given
        """Return a batch norm whose gamma starts at "ones" or "zeros", built."""
        layer = layers.BatchNormalization(
            gamma_initializer=gamma, dtype=self.dtype_policy
        )
        layer.build((None, None, self.filters))
        return layer

    def build(self, shape):
        """Make conv1, norm1, conv2, norm2 and, if shapes differ, project."""
        raise NotImplementedError(
            "day 17: make conv1, norm1, conv2, norm2 and, if shapes differ, project"
        )

    def branch(self, x, training=False):
        """Return what is added: convolution, norm, relu, convolution, norm."""
        raise NotImplementedError(
            "day 17: return what is added: convolution, norm, relu, convolution, norm"
        )

    def call(self, x, training=False):
        """Return relu of the shortcut plus the branch."""
        raise NotImplementedError("day 17: return relu of the shortcut plus the branch")

    def compute_mask(self, x, mask=None):  # given
        return mask if mask is None else mask[:, :: self.stride]

    def compute_output_shape(self, shape):  # given
        batch, time, _ = shape
        return batch, time and -(-time // self.stride), self.filters

    def get_config(self):  # given
        config = {"filters": self.filters, "kernel_size": self.kernel_size}
        return {**super().get_config(), **config, "stride": self.stride}


def stack(widths, depth, block=ResidualBlock):
    """Return a list of blocks: `depth` for each width, halving time between.

    Args
        widths  filters of each stage; the first block of every stage but the first
                has stride 2
        depth   blocks in a stage
        block   makes one: block(filters, stride=1)

    Hint: every block has weights of its own.
    Source: He et al. 2016, arXiv:1512.03385, section 3.3 (halve the map, double the
    filters).
    """
    raise NotImplementedError(
        "day 17: return a list of blocks: `depth` for each width, halving time between"
    )


def gradient_norms(blocks, x, loss):
    """Return the norm of the gradient at the input of each block, in order.

    Args
        blocks  called as block(h, training=True), each on what the last returned
        x       tensor [batch, time, channels], input of the first block
        loss    a function of the last block's output that gives one number;
                its gradient is asked for

    Hint: a tape that watches x gives gradients at all that was computed from x.
    Source: He et al. 2016, arXiv:1603.05027, eq. 5 (what reaches an early block).
    """
    raise NotImplementedError(
        "day 17: return the norm of the gradient at the input of each block, in order"
    )

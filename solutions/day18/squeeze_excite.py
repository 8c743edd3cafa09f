"""Day 18. Squeeze and excitation: a summary of the sequence gates each channel."""

import keras
from keras import layers, ops


def squeeze(x, mask=None):
    """Return the mean of each channel over time, with the time axis kept.

    Shapes
        x        [batch, time, channels]
        mask     [batch, time]  True where a step counts; None when all count
        returns  [batch, 1, channels]  0 where no step of a sequence counts

    Hint: a mean that keeps its axis broadcasts against x with no reshape.
    Source: Hu, Shen & Sun 2018, arXiv:1709.01507, eq. 2 (time in place of H x W).
    """
    if mask is None:
        return ops.mean(x, axis=1, keepdims=True)  # [batch, 1, channels]
    counts = ops.cast(ops.expand_dims(mask, -1), x.dtype)  # [batch, time, 1]
    total = ops.sum(x * counts, axis=1, keepdims=True)  # [batch, 1, channels]
    return total / ops.maximum(ops.sum(counts, axis=1, keepdims=True), 1)


@keras.saving.register_keras_serializable("katas")
class SqueezeExcite(layers.Layer):
    """Multiply every channel by a gate read from the whole sequence.

    Shapes
        x        [batch, time, channels]
        summary  [batch, 1, channels]           squeeze(x)
        hidden   [batch, 1, channels // ratio]  relu(narrow · summary), at least 1 wide
        gate     [batch, 1, channels]           sigmoid(widen · hidden), in (0, 1)
        returns  [batch, time, channels]        x * gate

    Hint: build makes two layers.Dense and builds them; call needs one line.
    Source: Hu, Shen & Sun 2018, arXiv:1709.01507, eq. 2-4 (time in place of H x W).
    """

    def __init__(self, ratio=4, **kwargs):  # given
        super().__init__(**kwargs)
        self.ratio = ratio
        self.supports_masking = True  # the mask goes on to the next layer

    def build(self, shape):
        """Make and build the dense layers `self.narrow` and `self.widen`."""
        channels = shape[-1]
        hidden = max(1, channels // self.ratio)
        self.narrow = layers.Dense(hidden, "relu", dtype=self.dtype_policy)
        self.widen = layers.Dense(channels, "sigmoid", dtype=self.dtype_policy)
        self.narrow.build((None, 1, channels))
        self.widen.build((None, 1, hidden))

    def gates(self, x, mask=None):
        """Return one gate a channel, [batch, 1, channels], each in (0, 1)."""
        # Why sigmoid and not softmax: channels do not compete; all may stay open.
        return self.widen(self.narrow(squeeze(x, mask)))  # [batch, 1, channels]

    def call(self, x, mask=None):
        """Return x with each channel multiplied by its gate."""
        return x * self.gates(x, mask)  # [batch, time, channels]

    def compute_output_shape(self, shape):  # given
        return shape

    def get_config(self):  # given
        return {**super().get_config(), "ratio": self.ratio}

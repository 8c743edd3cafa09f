"""Day 13. Convolution: one small kernel slides through time."""

import keras
import numpy as np
from keras import layers, ops


def output_length(time, width, stride=1, dilation=1, padding="valid"):
    """Return how many steps a kernel gives that slides over a sequence.

    Shapes
        time      steps of the sequence: an int, or an integer scalar tensor
        width     taps of the kernel
        stride    steps from one place of the kernel to the next
        dilation  steps from one tap to the next
        padding   "valid": every tap lies inside the sequence
                  "same", "causal": a place at every stride-th step, zeros outside
        returns   as time, at least 1 for a kernel that fits

    Hint: -(-a // b) rounds a / b up, for ints and for integer tensors.
    Source: Dumoulin & Visin 2016, arXiv:1603.07285, relationship 15, without p.
    """
    raise NotImplementedError(
        "day 13: return how many steps a kernel gives that slides over a sequence"
    )


def receptive_field(stack):
    """Return how many input steps one output of a stack of layers spans.

    Shapes
        stack    [(width, stride, dilation), ...], the first layer first
        returns  int, from the first step seen to the last; 1 for an empty stack

    Hint: how many input steps apart are two neighbours of a layer's input?
    Source: Araujo, Norris & Sim 2019, doi:10.23915/distill.00021.
    """
    raise NotImplementedError(
        "day 13: return how many input steps one output of a stack of layers spans"
    )


def conv1d(x, kernel, stride=1, dilation=1, padding="valid"):
    """Return every filter's weighted sum at each place of the kernel.

    Shapes
        x        [batch, time, channels]
        kernel   [width, channels, filters]
        padding  "valid"; "same": zeros on both sides, an odd one behind;
                 "causal": zeros before the sequence only
        returns  [batch, steps, filters]  steps = output_length(time, ...)

    Hint: `ops.take(x, rows, axis=1)` gathers all windows, rows [steps, width].
    Source: Dumoulin & Visin 2016, arXiv:1603.07285, ch. 2 and 5.1; van den Oord et al.
    2016, arXiv:1609.03499, 2.1 (causal); TensorFlow, tf.nn, "Notes on padding" (same).
    """
    raise NotImplementedError(
        "day 13: return every filter's weighted sum at each place of the kernel"
    )


def smoothing(width):
    """Return the kernel of a moving mean over `width` steps.

    Shapes
        returns  float32 [width, 1, 1]

    Hint: which weights leave a constant signal as it is?
    Source: Smith 1997, The Scientist and Engineer's Guide to DSP, eq. 15-1.
    """
    raise NotImplementedError(
        "day 13: return the kernel of a moving mean over `width` steps"
    )


def jerk(rate):
    """Return the kernel that turns acceleration [g] into jerk [g/s].

    Shapes
        rate     [Hz]
        returns  float32 [3, 1, 1]  the central difference: (next - last) / their time

    Hint: how many seconds lie between the first tap and the third?
    Source: numpy.gradient takes the same difference at interior points.
    """
    raise NotImplementedError(
        "day 13: return the kernel that turns acceleration [g] into jerk [g/s]"
    )


@keras.saving.register_keras_serializable("katas")
class Conv1D(layers.Layer):  # given
    """Slide learnt filters over a sequence, with the day's conv1d.

    Shapes
        x        [batch, time, channels]
        mask     [batch, time]  True where a step is real; the rest is taken as zero
        kernel   [kernel_size, channels, filters]
        bias     [filters]
        returns  [batch, steps, filters]
    """

    def __init__(
        self,
        filters,
        kernel_size,
        stride=1,
        dilation=1,
        padding="valid",
        use_bias=True,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.filters, self.kernel_size = filters, kernel_size
        self.stride, self.dilation = stride, dilation
        self.padding, self.use_bias = padding, use_bias
        self.supports_masking = True

    def build(self, shape):
        taps = (self.kernel_size, shape[-1], self.filters)
        self.kernel = self.add_weight(taps, "glorot_uniform", name="kernel")
        if self.use_bias:
            self.bias = self.add_weight((self.filters,), "zeros", name="bias")

    def call(self, x, mask=None):
        if mask is not None:
            x = x * ops.cast(mask, x.dtype)[:, :, None]
        kernel = ops.convert_to_tensor(self.kernel)
        y = conv1d(x, kernel, self.stride, self.dilation, self.padding)
        return y + self.bias if self.use_bias else y

    def compute_mask(self, x, mask=None):
        # A step is real when the input at its place is; in "valid", at its last tap.
        reach = (self.kernel_size - 1) * self.dilation
        first = reach if self.padding == "valid" else 0
        return None if mask is None else mask[:, first :: self.stride]

    def compute_output_shape(self, shape):
        batch, time, _ = shape
        how = self.kernel_size, self.stride, self.dilation, self.padding
        steps = None if time is None else output_length(time, *how)
        return batch, steps, self.filters

    def get_config(self):
        own = "filters", "kernel_size", "stride", "dilation", "padding", "use_bias"
        return {**super().get_config(), **{name: getattr(self, name) for name in own}}

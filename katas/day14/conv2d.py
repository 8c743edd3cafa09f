"""Day 14. Images: a kernel that slides both ways, pooling, and a small CNN."""

import keras
from keras import layers, ops


def places(size, width, stride, padding):  # given
    """Return the rows that each tap reads, [places, width], and the zeros around.

    As on day 13, for one axis: row numbers count from the first of the zeros.
    """
    if padding == "valid":
        count, zeros = (size - width) // stride + 1, 0
    else:  # "same"
        count = -(-size // stride)
        zeros = max((count - 1) * stride + width - size, 0)
    rows = stride * ops.arange(count)[:, None] + ops.arange(width)
    return rows, (zeros // 2, zeros - zeros // 2)


def conv2d(x, kernel, stride=(1, 1), padding="valid"):
    """Return every filter's weighted sum at each place of the image.

    Shapes
        x        [batch, height, width, channels]
        kernel   [tall, wide, channels, filters]
        stride   (down, across)
        returns  [batch, places down, places across, filters]

    Hint: `ops.take` on axis 1 gives [batch, down, tall, width, channels]. Then?
    Source: Dumoulin & Visin 2016, arXiv:1603.07285, ch. 2.
    """
    raise NotImplementedError(
        "day 14: return every filter's weighted sum at each place of the image"
    )


def max_pool(x, size=2):
    """Return the largest value of each size x size patch, channel by channel.

    Shapes
        x        [batch, height, width, channels]
        returns  [batch, height // size, width // size, channels]  a rest is dropped

    Hint: a reshape can cut one axis in two: which of the two lies inside a patch?
    Source: Dumoulin & Visin 2016, arXiv:1603.07285, relationship 7, stride = size.
    """
    raise NotImplementedError(
        "day 14: return the largest value of each size x size patch, channel by channel"
    )


def parameters(tall, wide, channels, filters):
    """Return how many weights and biases a convolution layer has.

    Shapes
        returns  int, for kernels of tall x wide taps; one bias a filter

    Hint: does the image's size enter?
    Source: LeCun et al. 1998, doi:10.1109/5.726791, section II.B (layer C1).
    """
    raise NotImplementedError(
        "day 14: return how many weights and biases a convolution layer has"
    )


def build_cnn():
    """Return an uncompiled Keras model that maps digits to ten logits.

    Shapes
        input    [batch, 28, 28, 1]  ink from 0 to 1
        conv     8 filters 3 x 3, relu, then the maximum of 2 x 2
        conv     16 filters 3 x 3, relu, then the maximum of 2 x 2
        output   [batch, 10]         flatten, then dense, no activation

    Hint: `keras.Sequential([layers.Input((28, 28, 1)), ...])`.
    Source: LeCun et al. 1998, doi:10.1109/5.726791, fig. 2, in the small.
    """
    raise NotImplementedError(
        "day 14: return an uncompiled Keras model that maps digits to ten logits"
    )


def forward(x, weights):
    """Return that network's logits from its weights, by your own functions.

    Shapes
        x        [batch, 28, 28, 1]
        weights  kernel, bias of the first convolution, of the second, of the dense
        returns  [batch, 10]

    Hint: Flatten writes row after row, in a row pixel after pixel, its channels last.
    Source: keras.layers.Flatten, data_format "channels_last".
    """
    raise NotImplementedError(
        "day 14: return that network's logits from its weights, by your own functions"
    )

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
    rows, above = places(x.shape[1], kernel.shape[0], stride[0], padding)
    columns, left = places(x.shape[2], kernel.shape[1], stride[1], padding)
    x = ops.pad(x, [(0, 0), above, left, (0, 0)])
    x = ops.take(x, rows, axis=1)  # [batch, down, tall, width, channels]
    x = ops.take(x, columns, axis=3)  # [batch, down, tall, across, wide, channels]
    return ops.einsum("bitjwc,twcf->bijf", x, kernel)


def max_pool(x, size=2):
    """Return the largest value of each size x size patch, channel by channel.

    Shapes
        x        [batch, height, width, channels]
        returns  [batch, height // size, width // size, channels]  a rest is dropped

    Hint: a reshape can cut one axis in two: which of the two lies inside a patch?
    Source: Dumoulin & Visin 2016, arXiv:1603.07285, relationship 7, stride = size.
    """
    down, across = x.shape[1] // size, x.shape[2] // size
    x = x[:, : down * size, : across * size]
    x = ops.reshape(x, (-1, down, size, across, size, x.shape[-1]))
    return ops.max(x, axis=(2, 4))  # [batch, down, across, channels]


def parameters(tall, wide, channels, filters):
    """Return how many weights and biases a convolution layer has.

    Shapes
        returns  int, for kernels of tall x wide taps; one bias a filter

    Hint: does the image's size enter?
    Source: LeCun et al. 1998, doi:10.1109/5.726791, section II.B (layer C1).
    """
    return (tall * wide * channels + 1) * filters


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
    return keras.Sequential(
        [
            layers.Input((28, 28, 1)),
            layers.Conv2D(8, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(16, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(10),
        ]
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
    kernel1, bias1, kernel2, bias2, kernel3, bias3 = weights
    x = max_pool(ops.relu(conv2d(x, kernel1) + bias1))  # [batch, 13, 13, 8]
    x = max_pool(ops.relu(conv2d(x, kernel2) + bias2))  # [batch, 5, 5, 16]
    x = ops.reshape(x, (-1, 5 * 5 * 16))  # [batch, 400]
    return ops.matmul(x, kernel3) + bias3  # [batch, 10]

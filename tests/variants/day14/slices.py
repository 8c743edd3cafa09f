import numpy as np
import tensorflow as tf


def conv2d(x, kernel, stride=(1, 1), padding="valid"):
    x, kernel = tf.convert_to_tensor(x), tf.convert_to_tensor(kernel)
    tall, wide = kernel.shape[:2]
    rows, above = places(x.shape[1], tall, stride[0], padding)
    columns, left = places(x.shape[2], wide, stride[1], padding)
    x = tf.pad(x, [(0, 0), above, left, (0, 0)])
    y = 0.0
    for t in range(tall):
        for w in range(wide):
            seen = tf.gather(tf.gather(x, rows[:, t], axis=1), columns[:, w], axis=2)
            y += seen @ kernel[t, w]
    return y


def max_pool(x, size=2):
    down, across = x.shape[1] // size * size, x.shape[2] // size * size
    pixels = [
        x[:, i:down:size, j:across:size] for i in range(size) for j in range(size)
    ]
    return tf.reduce_max(tf.stack(pixels), axis=0)


def parameters(tall, wide, channels, filters):
    return tall * wide * channels * filters + filters


def build_cnn():
    x = inputs = keras.Input((28, 28, 1))
    for filters in (8, 16):
        x = layers.Conv2D(filters, (3, 3))(x)
        x = layers.ReLU()(layers.MaxPool2D((2, 2))(x))
    return keras.Model(inputs, layers.Dense(10)(layers.Flatten()(x)))


def forward(x, weights):
    pairs = list(zip(weights[::2], weights[1::2], strict=True))
    for kernel, bias in pairs[:2]:
        x = tf.nn.relu(max_pool(conv2d(x, kernel)) + bias)
    kernel, bias = pairs[2]
    return tf.reshape(x, (len(x), -1)) @ kernel + np.asarray(bias)

"""Day 14. Each prediction meets its experiment."""

import numpy as np
from keras import layers

from katas.day14 import quiz
from katas.dojo.course import digits
from katas.dojo.judge.quiz import predicted


def cost(layer, image):
    """Multiply-adds of one image: the taps of a filter, at every place and filter."""
    y = layer(image[None])
    return int(np.prod(y.shape[1:]) * np.prod(layer.kernel.shape[:3]))


def test_the_number_of_parameters():
    layer = layers.Conv2D(16, 3)
    layer.build((None, 13, 13, 8))
    why = "A filter has 3 x 3 taps in each of 8 channels, and one bias: 16 x 73."
    predicted(quiz.parameters, layer.count_params(), why)


def test_the_multiply_adds():
    answer = cost(layers.Conv2D(8, 3), np.zeros((28, 28, 1), "float32"))
    why = "26 x 26 places, 9 taps, 8 filters: 80 parameters are used 676 times over."
    predicted(quiz.multiply_adds, answer, why)


def test_the_growth_with_the_image():
    layer = layers.Conv2D(8, 3, padding="same")
    small, large = (np.zeros((n, n, 1), "float32") for n in (28, 56))
    why = "Twice as many places down and across, and not one parameter more."
    predicted(quiz.growth, cost(layer, large) / cost(layer, small), why)


def test_the_move_after_pooling():
    (x, _), _ = digits.load()
    x = x[:1, :, :, None].astype("float32") / 255
    pooled = [
        np.asarray(layers.MaxPooling2D(2)(y))
        for layer in [layers.Conv2D(8, 3, use_bias=False)]
        for y in (layer(x), layer(np.roll(x, 2, axis=2)))
    ]
    fits = [np.square(np.roll(pooled[0], n, 2) - pooled[1]).sum() for n in range(4)]
    why = "The convolution moves with the digit, and a pool of 2 halves every distance."
    predicted(quiz.moved, int(np.argmin(fits)), why)


def test_the_place_after_flatten():
    x = np.zeros((1, 5, 5, 16), "float32")
    x[0, 1, 0, 0] = 1
    answer = int(np.argmax(layers.Flatten()(x)))
    why = "Before it stands the first row: 5 pixels with 16 channels each."
    predicted(quiz.flat_place, answer, why)

"""Day 14. What a learnt filter finds in a digit, and who knows a digit that moved."""

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers, ops

from katas.day14.conv2d import build_cnn, conv2d, max_pool
from katas.dojo.course import digits

MOVES = range(6)  # [pixels]


def dense():
    """The network of day 09 out of stock layers."""
    hidden = layers.Dense(128, activation="relu")
    return keras.Sequential(
        [layers.Input((28, 28, 1)), layers.Flatten(), hidden, layers.Dense(10)]
    )


def draw():
    """Return a figure: one digit on its way, and accuracy on digits that moved."""
    (x, y), (x_test, y_test) = digits.load()
    x, x_test = (v[..., None] / np.float32(255) for v in (x, x_test))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    figure = plt.figure(figsize=(7, 3.4))
    left, right = figure.subfigures(1, 2, width_ratios=(1, 1.3))
    axis = right.subplots()
    for name, make in {"CNN": build_cnn, "dense": dense}.items():
        keras.utils.set_random_seed(14)
        model = make()
        model.compile(keras.optimizers.Adam(0.004), loss, metrics=["accuracy"])
        model.fit(x, y, batch_size=100, epochs=8, verbose=0)
        if name == "CNN":
            show(left, x_test[7:8], *model.get_weights()[:2])
        scores = [
            model.evaluate(np.roll(x_test, n, axis=2), y_test, verbose=0)[1]
            for n in MOVES
        ]
        axis.plot(MOVES, [100 * score for score in scores], "o-", label=name)
    axis.set(xlabel="moved to the right by [pixels]", ylabel="accuracy [%]")
    axis.set(ylim=(0, 102), xticks=MOVES)
    axis.legend(frameon=False)
    return figure


def show(figure, x, kernel, bias):
    """Draw a digit, what the filter most like an edge answers, and that pooled."""
    total = np.abs(kernel.sum(axis=(0, 1, 2)))  # an edge's taps add up to 0
    best = int(np.argmin(total / np.abs(kernel).sum(axis=(0, 1, 2))))
    answer = np.asarray(ops.relu(conv2d(x, kernel) + bias))[..., best : best + 1]
    images, taps = [x, answer, np.asarray(max_pool(answer))], kernel[:, :, 0, best]
    titles = ["digit, 28 x 28", "answer, 26 x 26", "maximum, 13 x 13", "taps, 3 x 3"]
    pictures = [*(np.asarray(image)[0, :, :, 0] for image in images), taps]
    for axis, picture, title in zip(
        figure.subplots(2, 2).flat, pictures, titles, strict=True
    ):
        axis.imshow(picture, cmap="cividis")
        axis.set_title(title, fontsize=9)
        axis.axis("off")

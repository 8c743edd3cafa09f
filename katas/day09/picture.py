"""Day 09. A learning curve, and what the number of hidden units does to it."""

import keras
import matplotlib.pyplot as plt

from katas.day09.mnist import build_mlp, preprocess, split, train
from katas.dojo.course import digits

HIDDEN = [1, 2, 4, 8, 16, 32, 64]


def draw():
    """Return a figure: loss by epoch on 340 digits, and accuracy by hidden units."""
    (images, y), (test, labels) = digits.load()
    x, test = preprocess(images), preprocess(test)
    figure, (left, right) = plt.subplots(1, 2)

    keras.utils.set_random_seed(9)
    few = split(x[:400], y[:400])
    history = train(build_mlp(), few[0], (test, labels), epochs=40)
    epochs = range(1, 41)
    left.plot(epochs, history["loss"], label="340 digits in training")
    left.plot(epochs, history["val_loss"], label="1,000 new digits")
    lowest = min(history["val_loss"])
    at = history["val_loss"].index(lowest) + 1
    left.plot(at, lowest, "C1o", ms=7, label="lowest")
    left.set(xlabel="epoch", ylabel="cross-entropy [nat]", ylim=(0, None))
    left.legend()

    training, validation = split(x[:2000], y[:2000])
    reached = []
    for hidden in HIDDEN:
        keras.utils.set_random_seed(9)
        history = train(build_mlp(hidden), training, validation, epochs=12, rate=0.01)
        reached.append((history["accuracy"][-1], history["val_accuracy"][-1]))
    right.semilogx(HIDDEN, [a for a, _ in reached], ".-", base=2, label="training")
    right.semilogx(HIDDEN, [b for _, b in reached], ".-", base=2, label="validation")
    right.set(xlabel="hidden units", ylabel="accuracy", ylim=(0, 1.02))
    right.set_xticks(HIDDEN, [str(hidden) for hidden in HIDDEN])
    right.legend()
    return figure

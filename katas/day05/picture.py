"""Day 05. How good a numerical slope is, and where the tape of a formula ends."""

import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

from katas.day05.gradients import gradient, numerical_gradient, softplus


def error(kind, step):
    """How far the numerical slope of exp at 1 is from e."""
    x = np.ones(1, kind)
    return abs(float(numerical_gradient(lambda v: np.exp(v)[0], x, step)[0]) - np.e)


def draw():
    """Return a figure: error against step, and the slope of log(1 + exp(x))."""
    figure, (left, right) = plt.subplots(1, 2)
    for kind, low, color in [("float32", -7, "C1"), ("float64", -13, "C0")]:
        steps = np.logspace(0, low, 60)
        left.loglog(steps, [error(kind, h) for h in steps], color, label=kind)
        best = np.finfo(kind).eps ** (1 / 3)
        left.loglog(best, error(kind, None), color, marker="o", ms=9, ls="")
    left.set(xlabel="step", ylabel="error of the slope of exp at 1", ylim=(None, 1e5))
    left.plot([], [], "ko", ms=9, label="default step")
    left.legend(loc="upper left")

    x = tf.linspace(-10.0, 110.0, 1201)
    naive = gradient(lambda v: tf.math.log(1 + tf.exp(v)), x)[0].numpy()
    right.plot(x, gradient(softplus, x)[0], lw=5, alpha=0.35, label="softplus")
    right.plot(x, naive, "C1", label="tape of log(1 + exp(x))")
    end = x.numpy()[np.isfinite(naive)][-1]
    right.text(end - 2, 0.06, f"NaN from {end:.0f} on", ha="right")
    right.plot(end, 0, "C1x", ms=9, mew=2)
    right.set(xlabel="x", ylabel="slope", ylim=(-0.05, 1.35))
    right.legend(loc="upper left")
    return figure

"""Day 06. Three ways down a long narrow bowl, and how fast each gets there."""

import matplotlib.pyplot as plt
import numpy as np

from katas.day06.optimizers import adam_step, momentum_step, sgd_step

CURVATURE = np.float32([1, 24])  # their ratio is that of the watch in g and rad/s
STEPS = 60


def paths():
    """Return {name: the weights at each step}, [STEPS + 1, 2], from the same start."""
    start = np.float32([-1, 0.45])
    sgd, momentum, adam = [start], [start], [start]
    velocity = mean = square = np.zeros(2, "float32")
    for step in range(1, STEPS + 1):
        sgd.append(sgd_step(sgd[-1], CURVATURE * sgd[-1], 2 / 25))
        weight, velocity = momentum_step(
            momentum[-1], CURVATURE * momentum[-1], velocity, 0.05, 0.7
        )
        momentum.append(np.asarray(weight))
        weight, mean, square = adam_step(
            adam[-1], CURVATURE * adam[-1], mean, square, step, 0.1
        )
        adam.append(np.asarray(weight))
    named = [("SGD, rate 0.08", sgd), ("momentum 0.7, rate 0.05", momentum)]
    named.append(("Adam, rate 0.1", adam))
    return {name: np.array([np.asarray(w) for w in path]) for name, path in named}


def draw():
    """Return a figure: the paths on the bowl, and the distance left at each step."""
    figure, (left, right) = plt.subplots(1, 2)
    x, y = np.meshgrid(np.linspace(-1.1, 0.5, 80), np.linspace(-0.5, 0.5, 80))
    loss = (CURVATURE[0] * x**2 + CURVATURE[1] * y**2) / 2
    left.contour(
        x, y, loss, levels=np.geomspace(0.02, 3, 8), colors="0.8", linewidths=0.9
    )
    left.grid(visible=False)
    for name, path in paths().items():
        left.plot(*path.T, marker=".", ms=4, lw=1.2)
        right.semilogy(np.linalg.norm(path, axis=1), label=name)
    left.plot(0, 0, "k+", ms=12, mew=2)
    left.set(xlabel="weight 1 (curvature 1)", ylabel="weight 2 (curvature 24)")
    right.set(xlabel="step", ylabel="distance to the minimum", ylim=(None, 100))
    right.legend(loc="upper right", fontsize=9)
    return figure

"""Day 02. A projection with its rest, and the tilts of a real watch."""

import matplotlib.pyplot as plt
import numpy as np

from katas.day02.linear_algebra import project, tilt
from katas.detector.recordings import watch


def draw():
    """Return a figure: a projected onto b; tilt of two axes in seven exercises."""
    figure, (left, right) = plt.subplots(1, 2, gridspec_kw={"width_ratios": [4, 5]})
    a, b = np.array([[1.0, 3.0]], "float32"), np.array([[4.0, 1.0]], "float32")
    p = np.asarray(project(a, b))[0]
    for tip, colour, name in [(b[0], "C0", "b"), (a[0], "C1", "a")]:
        left.annotate("", tip, (0, 0), arrowprops={"arrowstyle": "->", "color": colour})
        left.annotate(name, tip, (4, 2), textcoords="offset points", color=colour)
    left.plot([0, p[0]], [0, p[1]], "C2", linewidth=5, alpha=0.6)
    left.plot([p[0], a[0, 0]], [p[1], a[0, 1]], "C3--")
    left.annotate("project(a, b)", p / 2, (-4, -16), textcoords="offset points")
    left.annotate("rest", (p + a[0]) / 2, (6, 2), textcoords="offset points")
    left.set(xlim=(-0.3, 4.6), ylim=(-0.8, 3.6), aspect="equal")
    left.set(title="The rest is square to b")
    left.set(xlabel="first entry", ylabel="second entry")

    x, labels = watch.windows(count=280, seed=2)
    up = np.eye(3, dtype="float32")
    y, z = (np.degrees(tilt(x[..., :3], up[axis])) for axis in (1, 2))
    for k, name in enumerate(watch.EXERCISES):
        mine = labels == k
        mark = {"marker": "osD^vPX"[k], "markersize": 4, "alpha": 0.7}
        right.plot(y[mine], z[mine], linestyle="none", label=name, **mark)
    right.set(title="Two tilts of real windows")
    right.set(xlabel="tilt of the y axis [°]", ylabel="tilt of the z axis [°]")
    right.legend(fontsize=8, loc="center left", bbox_to_anchor=(1, 0.5))
    return figure

"""Day 30. Where the detector keeps its parameters, and where it spends its work."""

import matplotlib.pyplot as plt
import numpy as np

from katas.day30.fall_model import Design, fall_net


def draw():
    """Return a figure: parameters and multiply-adds of each layer, in order."""
    model = fall_net((np.zeros(6), np.ones(6)), Design())
    names, parameters, work = [], [], []
    for layer in model.layers:
        if not layer.count_params():
            continue
        kernels = [w for w in layer.weights if len(w.shape) > 1]
        kind = type(layer).__name__
        names.append(f"{kind} {1 + sum(kind in name for name in names)}")
        parameters.append(layer.count_params() / 1e3)
        work.append(sum(steps(layer, w) * int(np.prod(w.shape)) for w in kernels) / 1e3)

    figure, (left, right) = plt.subplots(1, 2, sharey=True)
    places = np.arange(len(names))
    for axis, sizes, unit, colour in [
        (left, parameters, "parameters [thousands]", "C0"),
        (right, work, "multiply-adds a window [thousands]", "C1"),
    ]:
        axis.barh(places, sizes, color=colour)
        axis.set(xlabel=f"{unit}\nsum {sum(sizes):.0f}")
        axis.grid(visible=False, axis="y")
    left.set_yticks(places, names, fontsize=8)
    left.invert_yaxis()
    return figure


def steps(layer, weight):
    """How often a weight is used for one window: at each output step, or once."""
    return layer.output.shape[1] if len(weight.shape) == 3 else 1

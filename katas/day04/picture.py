"""Day 04. What being wrong costs, and what is left when nothing is wrong."""

import matplotlib.pyplot as plt
import numpy as np

from katas.day04.losses import binary_cross_entropy, kl_divergence, mse


def draw():
    """Return a figure: losses by logit; cross-entropy as entropy plus divergence."""
    figure, (left, right) = plt.subplots(1, 2)
    z = np.linspace(-30, 10, 161, dtype="float32")
    one = np.ones(1, "float32")
    with np.errstate(over="ignore"):
        p = 1 / (1 + np.exp(-z))
    clipped = -np.log(np.clip(p, 1e-7, None))
    left.plot(z, [binary_cross_entropy(one, v) for v in z[:, None]], label="stable")
    left.plot(z, clipped, "--", label="log of a clipped sigmoid")
    left.plot(z, [mse(one, v) for v in p[:, None]], ":", label="mse of the sigmoid")
    left.set(title="Label 1: cost of a logit", xlabel="logit", ylabel="loss")
    left.legend(fontsize=9)

    falls = np.zeros(1000, "float32")
    falls[:78] = 1  # 7.8 % of the windows, as in the course's real recordings
    truth = np.array([0.078, 0.922], "float32")
    q = np.linspace(0.005, 0.4, 80, dtype="float32")
    logits = np.log(q / (1 - q))
    cost = [binary_cross_entropy(falls, np.full_like(falls, v)) for v in logits]
    beyond = [float(kl_divergence(truth, np.array([v, 1 - v], "float32"))) for v in q]
    entropy = float(-np.sum(truth * np.log(truth)))
    right.plot(q * 100, cost, label="cross-entropy")
    right.fill_between(q * 100, 0, entropy, color="C2", alpha=0.3, label="entropy")
    top = entropy + np.array(beyond)
    right.fill_between(q * 100, entropy, top, color="C1", alpha=0.3, label="divergence")
    right.axvline(7.8, color="k", linewidth=1, linestyle=":")
    right.set(title="7.8 % of windows are falls", ylim=(0, 0.6))
    right.set(xlabel="share given to falls [%]", ylabel="loss [nats]")
    right.legend(fontsize=9, loc="lower right")
    return figure

"""The network against the baselines, in pairs: each person's F1 by both models."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from katas.detector.parts import Floats, Parts

FIGURE = "f1"


def compare(parts: Parts, models: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return {baseline: gain, its interval and p-value, pairs} by day 26's functions.

    A pair is one person: mean F1 over the seeds of the network and of the baseline.
    The p-values are corrected for the number of baselines. Fewer than two people with
    falls are no comparison: {}.

    Args
        models  {model: figures}, as metrics.json holds them; "network" is among them
    """
    pairs = {
        name: paired(models["network"], figures)
        for name, figures in models.items()
        if name != "network"
    }
    pairs = {name: pair for name, pair in pairs.items() if len(pair[0]) > 1}
    corrected = parts.holm([parts.permutation_test(*pair) for pair in pairs.values()])
    comparisons = {}
    for (name, (network, baseline)), p in zip(pairs.items(), corrected, strict=True):
        low, high = parts.paired_bootstrap(network, baseline)
        comparisons[name] = {
            "gain": float(np.mean(network - baseline)),
            "low": low,
            "high": high,
            "p": float(p),
            "people": len(network),
        }
    return comparisons


def paired(one: Mapping[str, Any], other: Mapping[str, Any]) -> tuple[Floats, Floats]:
    """The figure of both models, person by person; people without one are left out."""
    people = one["subjects"]
    table = np.array(
        [[model["subjects"][who][FIGURE] for who in people] for model in (one, other)]
    )  # [model, people]
    first, second = table[:, np.isfinite(table).all(axis=0)]
    return first, second


def lines(comparisons: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The comparisons as a Markdown list."""
    return [
        f"- network less {name}, F1 of a person: {one['gain']:+.3f}, 95 % interval"
        f" {one['low']:+.3f} to {one['high']:+.3f}, p = {one['p']:.2g},"
        f" {one['people']} people"
        for name, one in comparisons.items()
    ]

"""Day 26. Compare strategies honestly: pairs, intervals, p-values, corrections."""

from typing import NamedTuple

import numpy as np


def paired_bootstrap(a, b, draws=2000, level=0.95, seed=0):
    """Return the interval of the mean of a - b over resampled pairs.

    Shapes
        a, b     [n]  figures of two strategies; entry k of both had the same seed
        draws    how many samples of n pairs are drawn, with replacement
        returns  (low, high): `level` of the drawn means lie between, as many below
                 low as above high; the same seed gives the same interval

    Hint: draw pairs by their numbers, [draws, n] at once; np.quantile.
    Source: Efron & Tibshirani 1993, An Introduction to the Bootstrap, section 13.3.
    """
    difference = np.asarray(a) - np.asarray(b)  # [n]
    rng, n = np.random.default_rng(seed), len(difference)
    means = difference[rng.integers(0, n, (draws, n))].mean(axis=1)  # [draws]
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def permutation_test(a, b, draws=2000, seed=0):
    """Return how often chance alone gives a mean of a - b as far from 0.

    If the strategies are alike, each pair could as well have come the other way round:
    its difference with the other sign.

    Shapes
        a, b     [n]  figures of two strategies; entry k of both had the same seed
        returns  p = (1 + how many drawn means are as far from 0, or farther) /
                 (1 + draws); equal but for rounding (1e-12) counts as far

    Hint: rng.choice([-1, 1], (draws, n)) are the signs.
    Source: Phipson & Smyth 2010, doi:10.2202/1544-6115.1585 (the two 1s).
    """
    difference = np.asarray(a) - np.asarray(b)  # [n]
    signs = np.random.default_rng(seed).choice([-1, 1], (draws, len(difference)))
    means = np.abs((signs * difference).mean(axis=1))  # [draws]
    far = means >= np.abs(difference.mean()) - 1e-12
    return float((1 + far.sum()) / (1 + draws))


def holm(p):
    """Return p-values that hold for all comparisons together.

    The least is multiplied by their number m, the next by m - 1, and so on to 1; none
    becomes smaller than one before it, or larger than 1.

    Shapes
        p        [m]  one p-value a comparison, in any order
        returns  [m]  in the same order

    Hint: np.argsort gives the order and np.maximum.accumulate the running maximum.
    Source: Holm 1979, "A simple sequentially rejective multiple test procedure",
    Scandinavian Journal of Statistics 6:65.
    """
    p = np.asarray(p, "float64")
    order = np.argsort(p)
    scaled = p[order] * np.arange(len(p), 0, -1)
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(np.maximum.accumulate(scaled), 1)
    return adjusted


def coverage(interval, draw, truth, runs=200, seed=0):
    """Return the share of repeated experiments whose interval holds the truth.

    Shapes
        interval  function (a, b) -> (low, high)
        draw      function of a generator -> (a, b), one new experiment
        truth     the mean of a - b that `draw` was made with
        returns   a number, 0 to 1; the ends belong to the interval

    Hint: one np.random.default_rng(seed) for all runs, so that each one differs.
    """
    rng = np.random.default_rng(seed)
    intervals = [interval(*draw(rng)) for _ in range(runs)]
    return float(np.mean([low <= truth <= high for low, high in intervals]))


class Row(NamedTuple):  # given
    """A strategy against the baseline, on the test people.

    name            of the strategy
    gain            mean over the seeds of its figure less the baseline's
    low, high       paired_bootstrap's interval of the gain
    p               permutation_test's p-value, corrected by holm for all rows
    """

    name: str
    gain: float
    low: float
    high: float
    p: float


def rank_strategies(validation, test, baseline):
    """Return one Row for each strategy but the baseline, best first.

    Best is who has the highest mean on the validation people: who ranks them may not
    also judge them, so every number in a Row comes from the test people.

    Shapes
        validation  {name: [n]}  a strategy's figures, seed by seed
        test        {name: [n]}  the same models' figures on other people
        baseline    a name that occurs in both
        returns     list of Row

    Hint: sorted takes a key; p-values are corrected together, before the rows.
    """
    names = [name for name in validation if name != baseline]
    names.sort(key=lambda name: -np.mean(validation[name]))
    pairs = [(np.asarray(test[name]), np.asarray(test[baseline])) for name in names]
    corrected = holm([permutation_test(a, b) for a, b in pairs])
    return [
        Row(name, float(np.mean(a - b)), *paired_bootstrap(a, b), float(p))
        for name, (a, b), p in zip(names, pairs, corrected, strict=True)
    ]

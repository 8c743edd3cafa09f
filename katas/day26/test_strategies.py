"""Day 26. What must hold of intervals, p-values and rankings, on paper and in luck."""

import itertools

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st
from scipy import stats

from katas.day26.strategies import (
    coverage,
    holm,
    paired_bootstrap,
    permutation_test,
    rank_strategies,
)
from katas.dojo.judge.check import at_least, at_most, between, close, equal
from katas.dojo.judge.strategies import noise, seeds


def ends(result):
    """The two ends that the learner returns."""
    come = len(result) if isinstance(result, (tuple, list, np.ndarray)) else 1
    equal(come, 2, "Two numbers come back: low, high. What does yours return?")
    return np.array([float(end) for end in result])


def runs(count, n, gain=0.0, seed=0):
    """Experiments: n seeds that move both strategies, and noise of each one's own."""
    rng = np.random.default_rng(seed)
    for _ in range(count):
        shared = rng.normal(0.9, 0.05, n)
        yield [shared + rng.normal(m, 0.01, n) for m in (gain, 0.0)]


def test_the_interval_is_of_a_less_b():
    a, b = next(runs(1, 20, gain=0.1))
    rule = "Where a is better by 0.1 the whole interval is positive. Which less which?"
    at_least(ends(paired_bootstrap(a, b)), 0.05, rule)


@given(seed=seeds())
def test_exchanging_the_strategies_turns_the_interval_round(seed):
    a, b = next(runs(1, 9, seed=seed))
    low, high = ends(paired_bootstrap(a, b))
    rule = "b against a is the same story told backwards. Are both tails alike?"
    close(ends(paired_bootstrap(b, a)), np.array([-high, -low]), rule, 1e-6, 1e-9, None)


@given(gain=st.floats(-0.1, 0.1), seed=seeds())
def test_pairs_stay_together(gain, seed):
    b = np.random.default_rng(seed).normal(0.9, 0.05, 11)
    rule = "With every seed a - b is the same, so nothing is uncertain. What was mixed?"
    close(ends(paired_bootstrap(b + gain, b)), np.full(2, gain), rule, 1e-6, 1e-9, None)


def test_the_interval_agrees_with_scipy():
    a, b = next(runs(1, 25, seed=3))
    for level in (0.5, 0.8, 0.95):
        wanted = stats.bootstrap(
            (a - b,), np.mean, confidence_level=level, n_resamples=20_000,
            method="percentile", rng=np.random.default_rng(0),
        ).confidence_interval  # fmt: skip
        found = ends(paired_bootstrap(a, b, draws=20_000, level=level))
        rule = f"{level:.0%} of the drawn means lie inside. How many at either side?"
        # 20,000 draws place an end to within 2 % of the standard error.
        slack = 0.08 * stats.sem(a - b)
        close(found, np.array(wanted), rule, 0, slack, None)


def test_a_seed_repeats_the_interval():
    a, b = next(runs(1, 12))
    first, second, other = (
        ends(paired_bootstrap(a, b, draws=200, seed=s)) for s in (7, 7, 8)
    )
    close(first, second, "The same seed, the same interval. Who draws?", 0, 0, None)
    at_least(np.abs(first - other).max(), 1e-9, "Another seed draws other pairs.")


def test_every_pair_may_be_drawn():
    for k in range(5):
        a = np.eye(5)[k]
        rule = (
            "Only one pair differs, and it is among those drawn. Which row is left out?"
        )
        # Drawn 0 to 5 times of 5, each with chance 1/5: 2.5 % above 3, none below 0.
        close(ends(paired_bootstrap(a, a * 0)), np.array([0, 0.6]), rule, kind=None)


def test_the_interval_holds_the_truth_as_often_as_it_says():
    held = []
    for k, (a, b) in enumerate(runs(300, 30, gain=0.01, seed=26)):
        low, high = ends(paired_bootstrap(a, b, draws=400, seed=k))
        held.append(low <= 0.01 <= high)
    rule = "Of 300 intervals of 95 %, some 280 hold the truth. What is yours about?"
    # Measured, 20 times 300: 0.903 to 0.953, middle 0.932 (thirty seeds are not many).
    between(np.mean(held), 0.88, 0.98, rule)


def exact(a, b):
    """Referee: every way to set the signs, slow and obvious."""
    difference = np.asarray(a, "float64") - b
    far = []
    for signs in itertools.product([-1, 1], repeat=len(difference)):
        mean = sum(s * d for s, d in zip(signs, difference, strict=True))
        far.append(abs(mean) >= abs(difference.sum()) - 1e-12)
    return np.mean(far)


@given(seed=seeds(), gain=st.sampled_from([0.0, 0.01, 0.03]))
def test_the_p_value_agrees_with_all_ways_to_set_the_signs(seed, gain):
    a, b = next(runs(1, 7, gain, seed))
    rule = "A pair may have come the other way round. What is it that chance turns?"
    # 4,000 draws: standard deviation at most 0.008.
    close(permutation_test(a, b, draws=4000), exact(a, b), rule, 0, 0.04, None)


def test_a_seed_repeats_the_p_value():
    a, b = next(runs(1, 12))
    first, *others = (permutation_test(a, b, seed=7) for _ in range(5))
    rule = "The same seed, the same p. Who draws the signs?"
    for other in others:  # two that were drawn anew agree once in some 150 times
        close(first, other, rule, 0, 0, None)


@given(seed=seeds())
def test_exchanging_the_strategies_leaves_the_p_value(seed):
    a, b = next(runs(1, 8, gain=0.02, seed=seed))
    rule = "Better or worse, as far from 0 is as far. Are both tails counted?"
    close(permutation_test(a, b), permutation_test(b, a), rule, 0, 1e-9, None)


def test_a_p_value_is_never_zero():
    a, b = next(runs(1, 30, gain=1.0))
    rule = "What happened could have happened. Does it count among the drawn ones?"
    close(permutation_test(a, b, draws=99), 0.01, rule, 0, 1e-9, None)


def test_strategies_that_are_the_same_have_p_1():
    a = np.random.default_rng(0).normal(size=9)
    rule = "No difference at all is no surprise. Is as far counted, or only farther?"
    close(permutation_test(a, a), 1.0, rule, 0, 1e-9, None)


def test_means_that_differ_by_rounding_alone_are_as_far():
    a = np.array([0.1, 0.2, -0.3, -0.4, 0.5])  # no signs bring its sum below 0.1
    rule = "0.1 + 0.2 - 0.3 is 5.6e-17 in floats. What of a mean that is as far but for that?"
    close(permutation_test(a, a * 0), 1.0, rule, 0, 1e-9, None)


def test_like_strategies_are_called_different_at_the_stated_rate():
    p = [permutation_test(a, b, 300, k) for k, (a, b) in enumerate(runs(600, 12))]
    rule = "Where nothing differs, p <= 0.05 comes once in twenty. How often in yours?"
    # 600 experiments: 0.05 plus or minus 0.009, so four of them either way.
    between(np.mean(np.array(p) <= 0.05), 0.014, 0.086, rule)


def step_down(p):
    """Referee: Holm's procedure, one comparison at a time."""
    adjusted, worst = [0.0] * len(p), 0.0
    for step, k in enumerate(sorted(range(len(p)), key=lambda k: p[k])):
        worst = max(worst, min(1.0, (len(p) - step) * p[k]))
        adjusted[k] = worst
    return np.array(adjusted)


@given(p=st.lists(st.floats(0.001, 1), min_size=1, max_size=6))
def test_the_correction_agrees_with_holms_steps(p):
    rule = "The least p times m, the next times m - 1: in which order do they return?"
    close(holm(np.array(p)), step_down(p), rule, 1e-6, 1e-9, None)


def test_the_p_values_that_were_handed_over_stay_as_they_are():
    p = np.array([0.03, 0.01, 0.04])
    holm(p)
    rule = "The caller still needs them. Into which array are the corrected ones put?"
    close(p, np.array([0.03, 0.01, 0.04]), rule, 0, 0, None)
    found = holm([0.03, 0.01, 0.04])
    close(found, step_down([0.03, 0.01, 0.04]), "A list will do as well.", kind=None)


@given(p=st.lists(st.floats(0.001, 1), min_size=2, max_size=6))
def test_a_larger_p_value_is_never_corrected_below_a_smaller_one(p):
    found = np.asarray(holm(np.array(p)))[np.argsort(p)]
    at_most(found, 1, "A probability ends at 1. What does 2 x 0.7 give?")
    rule = "Who was the stronger evidence stays so. Can 3 x 0.02 pass 2 x 0.025?"
    at_least(np.diff(found), -1e-12, rule)


def test_ten_like_strategies_raise_one_false_claim_in_twenty():
    p = np.random.default_rng(26).uniform(size=(2000, 10))
    claims = np.mean([np.min(np.asarray(holm(row))) <= 0.05 for row in p])
    rule = "Ten chances to be wrong share one promise of 5 %. How many claims are made?"
    # 2,000 families at 0.05 or less: standard deviation 0.005.
    between(claims, 0.03, 0.07, rule)


def test_the_coverage_is_the_share_that_holds_the_truth():
    share = coverage(
        lambda a, b: (a[0] - 0.2, a[0] + b[0]),
        lambda rng: (rng.uniform(0, 1, 1), np.zeros(1)),
        truth=0.3,
        runs=4000,
    )
    rule = "a - 0.2 <= 0.3 <= a, a even on 0 to 1: 0.2 of them. What do you ask?"
    between(share, 0.17, 0.23, rule)


def test_an_end_belongs_to_its_interval():
    share = coverage(lambda a, b: (a, b), lambda rng: (1.0, 2.0), truth=2.0, runs=5)
    equal(float(share), 1.0, "The interval 1 to 2 holds 2. Is yours open?")


def test_each_run_is_a_new_experiment():
    seen = []

    def draw(rng):
        seen.append(float(rng.uniform()))
        return seen[-1], seen[-1]

    coverage(lambda a, b: (a, b), draw, truth=0.0, runs=50)
    rule = "50 runs are 50 experiments. Does each start the generator again?"
    equal(len(set(seen)), 50, rule)


def test_a_seed_repeats_the_experiments():
    def share(seed):
        return coverage(
            lambda a, b: (a, b), lambda rng: rng.normal(size=2), 0.0, 999, seed
        )

    first, second, other = (float(share(seed)) for seed in (7, 7, 8))
    equal(
        first, second, "The same seed, the same experiments. Who makes the generator?"
    )
    at_least(abs(first - other), 1e-9, "Another seed is another row of experiments.")


def table(seed, n=8):
    """Validation and test figures of four strategies; they disagree on the order."""
    rng = np.random.default_rng(seed)
    names = ["plain", "focal", "weights", "resample"]
    shared = rng.normal(0, 0.05, n)
    means = [dict(zip(names, rng.permutation(4), strict=True)) for _ in range(2)]
    return [
        {m: 0.8 + 0.01 * each[m] + shared + rng.normal(0, 0.01, n) for m in names}
        for each in means
    ]


def ranked(validation, test):
    rows = rank_strategies(validation, test, "plain")
    rule = "One Row each for focal, weights and resample; plain has nobody to face."
    names = sorted(getattr(row, "name", "?") for row in rows)
    equal(names, ["focal", "resample", "weights"], rule)
    return rows


@given(seed=seeds())
@example(seed=19)  # as given, by name, by either people: all in other orders
def test_the_validation_people_rank(seed):
    validation, test = table(seed)
    names = [row.name for row in ranked(validation, test)]
    means = [float(np.mean(validation[name])) for name in names]
    rule = "Best first, by the mean of all seeds. On whose figures, and which of them?"
    equal(means, sorted(means, reverse=True), rule)


@given(seed=seeds())
def test_the_test_people_judge(seed):
    validation, test = table(seed)
    rows = ranked(validation, test)
    gains = [np.mean(test[row.name] - test["plain"]) for row in rows]
    rule = "A gain is the mean difference from the baseline. On whose figures?"
    close(np.array([row.gain for row in rows]), np.array(gains), rule, 1e-6, 1e-9, None)
    inside = [bool(row.low <= row.gain <= row.high) for row in rows]
    equal(inside, [True] * 3, "A gain lies inside its own interval.")


@given(seed=seeds())
def test_the_p_values_are_corrected_for_all_rows(seed):
    validation, test = table(seed)
    rows = ranked(validation, test)
    plain = step_down([exact(test[row.name], test["plain"]) for row in rows])
    rule = "Three comparisons were made, so each p pays for three. Is the family whole?"
    # Three times the error of a p-value drawn 2,000 times.
    close(np.array([row.p for row in rows]), plain, rule, 0, 0.1, None)

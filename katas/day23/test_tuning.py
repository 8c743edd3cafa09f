"""Day 23. What must hold of a search, before any network is trained by it."""

import json
import math
import tempfile
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from katas.day23 import workers
from katas.day23.tuning import (
    Journal,
    learning_rate_range_test,
    sample_space,
    search,
    successive_halving,
)
from katas.dojo.judge.check import at_least, at_most, between, close, equal
from katas.dojo.judge.strategies import seeds

SPACE = {
    "rate": ("log", 1e-4, 1e-1),
    "decay": ("log", 1e-6, 1e-3),
    "filters": ("choice", 8, 16, 32),
}


def drawn(count=600, seed=23):
    """{name: [count]} out of the learner's list of settings."""
    settings = list(sample_space(SPACE, count, seed))
    equal(len(settings), count, "As many settings as trials. How many are drawn?")
    rule = "A setting has a value for every name of the space. Which does yours have?"
    equal(sorted(settings[0]), sorted(SPACE), rule)
    return {name: np.array([one[name] for one in settings]) for name in SPACE}


def test_a_rate_is_drawn_evenly_on_the_log_scale():
    rates = drawn()["rate"]
    rule = "A third of the draws in each decade of 1e-4 to 1e-1. Even on which scale?"
    for low in (1e-4, 1e-3, 1e-2):
        share = np.mean((rates >= low) & (rates < 10 * low))
        # 600 draws at 1/3: standard deviation 0.019.
        between(share, 0.25, 0.42, rule)


def test_each_choice_comes_as_often():
    filters = drawn()["filters"]
    rule = "8, 16 and 32 and nothing else, a third each. How do you choose?"
    equal(sorted(set(filters.tolist())), [8, 16, 32], rule)
    for value in (8, 16, 32):
        between(np.mean(filters == value), 0.25, 0.42, rule)


def test_one_setting_says_nothing_about_another():
    found = drawn()
    ranks = [np.log(found["rate"]), np.log(found["decay"]), found["filters"]]
    between_them = np.corrcoef(ranks)[np.triu_indices(3, 1)]
    rule = "A high rate comes with any decay. Do they share a draw?"
    at_most(np.abs(between_them).max(), 0.2, rule)


def test_each_trial_is_a_new_draw():
    rates = drawn(50)["rate"]
    rule = "50 trials try 50 rates. Does each start from the same seed?"
    equal(len(set(rates.tolist())), 50, rule)


def test_a_seed_repeats_the_draws():
    first, second, other = (drawn(5, seed)["rate"] for seed in (1, 1, 2))
    close(first, second, "The same seed draws the same trials. Who draws?", kind=None)
    both = sorted(set(first.tolist()) & set(other.tolist()))
    rule = "Another seed, other trials, at each place. Do seed and number add up?"
    equal(both, [], rule)


def test_a_choice_comes_as_it_was_written():
    space = {"kind": ("choice", 8, "same", 0.5)}
    found = {repr(one["kind"]) for one in sample_space(space, 40)}
    rule = "8, 'same' or 0.5, each as it is: no text of it, no NumPy number. What came?"
    equal(sorted(found), ["'same'", "0.5", "8"], rule)


def tried(losses, **ends):
    """(rates that step was called with, what the learner returns)."""
    called, left = [], iter(losses)

    def step(rate):
        called.append(float(rate))
        return next(left)

    result = learning_rate_range_test(step, steps=len(losses), **ends)
    come = len(result) if isinstance(result, (tuple, list, np.ndarray)) else 1
    equal(come, 2, "Two come back: rates, losses. What does yours return?")
    return np.array(called), [np.asarray(part, "float64") for part in result]


def test_rates_rise_by_equal_factors():
    called, (rates, _) = tried([1.0] * 7, low=1e-4, high=1e2)
    rule = "From 0.0001 to 100 in 7 steps, each ten times the last. Which come?"
    close(called, np.array([1e-4, 1e-3, 1e-2, 0.1, 1, 10, 100]), rule, 1e-4, kind=None)
    close(rates, called, "The rates that were tried come back, in order.", kind=None)


def test_each_loss_stands_beside_its_rate():
    losses = [2.3, 2.2, 1.9, 1.2, 0.8, 1.1]
    _, (rates, found) = tried(losses)
    rule = "One step at each rate, one loss for each. Is one left out, or smoothed?"
    close(found, np.array(losses), rule, kind=None)
    equal(len(rates), 6, rule)


def test_the_test_ends_when_the_loss_has_risen_too_far():
    called, (rates, losses) = tried([3.0, 1.0, 0.5, 0.6, 2.0, 2.1, 9.0, 1.0])
    rule = "Over 4 times the least loss so far, 0.5, the test ends. Which loss is that?"
    equal(len(called), 6, rule)
    equal((len(rates), len(losses)), (6, 6), "Rates and losses of what was done.")
    called, _ = tried([1.0, 3.0, 1.0], limit=2.0)
    equal(len(called), 2, "Here the limit is 2. Whose limit is yours?")


def test_the_test_ends_at_a_loss_that_is_no_number():
    called, _ = tried([1.0, 0.9, math.nan, 1.0, 1.0])
    rule = "NaN is where training broke. What is NaN > 4?"
    equal(len(called), 3, rule)
    called, _ = tried([math.nan, 1.0, 1.0])
    equal(len(called), 1, f"{rule} The first loss may be one.")


def notebook(folder):
    return Path(folder) / "journal.json"


def asked(journal, key, answer, calls):
    """What once returns; calls counts how often the result was worked out."""

    def run():
        calls[key] += 1
        if answer is None:
            raise KeyboardInterrupt
        return answer

    return journal.once(key, run)


def test_what_is_known_is_not_run_again():
    calls = Counter()
    with tempfile.TemporaryDirectory() as folder:
        journal = Journal(notebook(folder))
        first = asked(journal, "0/1", 0.0, calls)
        again = asked(journal, "0/1", 0.9, calls)
        other = asked(journal, "1/1", np.float32(0.75), calls)
    rule = "A trial is trained once; 0 is a result as well. What do you ask first?"
    equal((calls["0/1"], calls["1/1"]), (1, 1), rule)
    equal([first, again, other], [0.0, 0.0, 0.75], "The number known under the key.")


def test_a_new_journal_knows_what_the_old_one_wrote():
    calls = Counter()
    with tempfile.TemporaryDirectory() as folder:
        asked(Journal(notebook(folder)), "0/1", 0.4, calls)
        again = asked(Journal(notebook(folder)), "0/1", 0.9, calls)
    rule = "The power failed; the file is left. When was the result written to it?"
    equal(calls["0/1"], 1, rule)
    equal(again, 0.4, rule)


def memory():
    """A journal without a file, so that the learner's own is judged elsewhere."""
    known = {}

    def once(key, run):
        if key not in known:
            known[key] = run()
        return known[key]

    return SimpleNamespace(once=once)


def halved(count, budget, journal=None, best=None, stop=None):
    """(what the learner returns, log of (number, epochs), numbers that were judged)."""
    merit = np.random.default_rng(count).permutation(count) / count
    best = int(np.argmax(merit)) if best is None else best
    merit[best] = 2.0
    log, judged = [], []

    def train(number, epochs):
        if len(log) == stop:
            raise KeyboardInterrupt
        log.append((int(number), int(epochs)))
        return float(merit[number])

    def judge(number):
        judged.append(int(number))
        return 1.0 - float(merit[number])  # who is best here is worst there

    try:
        found = successive_halving(count, train, judge, budget, journal or memory())
    except KeyboardInterrupt:
        found = None
    return found, log, judged, best


def rounds(log):
    """[(how many trials, epochs of each)], round by round."""
    sizes = []
    for number, epochs in log:
        if not sizes or number in sizes[-1][0]:
            sizes.append(([], epochs))
        sizes[-1][0].append(number)
    return [(len(numbers), epochs) for numbers, epochs in sizes]


@given(count=st.integers(2, 20), share=st.integers(1, 9))
def test_half_is_left_after_each_round(count, share):
    _, log, _, _ = halved(count, count * (count.bit_length() - 1) * share)
    wanted, alive = [], count
    while alive > 1:
        wanted.append(alive)
        alive //= 2
    rule = "16, 8, 4, 2 trials train, then one is left. How many are dropped?"
    equal([size for size, _ in rounds(log)], wanted, rule)


@given(count=st.integers(2, 20), budget=st.integers(80, 400))
def test_the_budget_is_kept(count, budget):
    _, log, _, _ = halved(count, budget)
    spent, turns = sum(epochs for _, epochs in log), count.bit_length() - 1
    rule = "All epochs together stay within the budget. Of what is a round's share one?"
    at_most(spent, budget, rule)
    unused = "Rounding down leaves less than an epoch for each trial, and some rounds."
    at_least(spent, budget - turns * (count + 1), unused)


def test_each_round_gets_the_same_share_of_the_budget():
    _, log, _, _ = halved(16, 256)
    rule = "4 rounds, 64 epochs each: the fewer are left, the longer each trains."
    equal(rounds(log), [(16, 4), (8, 8), (4, 16), (2, 32)], rule)


@given(count=st.integers(2, 20), which=st.integers(0, 19))
def test_the_best_of_a_round_is_never_dropped(count, which):
    best = which % count
    found, _, _, _ = halved(count, 400, best=best)
    rule = "Higher is better on the validation people. Who goes on to the next round?"
    equal(int(found[0]), best, rule)


@given(seed=seeds())
def test_a_round_is_decided_by_its_own_scores(seed):
    merit = np.random.default_rng(seed).permuted(np.tile(np.arange(8), (3, 1)), axis=1)
    seen = Counter()

    def train(number, epochs):
        seen[number] += 1
        return float(merit[seen[number] - 1, number])

    found, _ = successive_halving(8, train, float, 72, memory())
    alive = range(8)
    for scores in merit:
        alive = sorted(alive, key=lambda k: -scores[k])[: len(alive) // 2]
    rule = "A slow starter may overtake. Which of a trial's scores count in a round?"
    equal([int(found)], list(alive), rule)


def test_the_test_people_see_only_the_winner():
    found, _, judged, best = halved(9, 300)
    rule = "The test people are asked once, about the one that is left. Who was judged?"
    equal(judged, [best], rule)
    equal(float(found[1]), -1.0, "The winner's score on the test people comes back.")


@given(stop=st.integers(0, 13))
def test_a_broken_search_goes_on_where_it_was(stop):
    with tempfile.TemporaryDirectory() as folder:
        _, before, _, _ = halved(8, 100, Journal(notebook(folder)), stop=stop)
        found, after, _, best = halved(8, 100, Journal(notebook(folder)))
    _, whole, _, _ = halved(8, 100)
    rule = "Broken off and gone on with, it trains what an unbroken one does. Twice?"
    equal(sorted(before + after), sorted(whole), rule)
    equal(int(found[0]), best, rule)


def kept(trials, folder, train=lambda values: values["rate"], seed=23):
    """[(score, values)] of the learner's search, as KerasTuner wrote them."""
    search(SPACE, train, trials, folder, seed)
    files = Path(folder).glob("search/trial_*/trial.json")
    found = [json.loads(file.read_text("utf-8")) for file in files]
    return [(one["score"], one["hyperparameters"]["values"]) for one in found]


def test_keras_tuner_searches_the_same_space():
    with tempfile.TemporaryDirectory() as folder:
        kept(1, folder)
        space = json.loads((Path(folder) / "search" / "oracle.json").read_text())
    found = {one["config"]["name"]: one for one in space["hyperparameters"]["space"]}
    rule = (
        "The names, ends and scales of the space are yours. Which did KerasTuner get?"
    )
    equal(sorted(found), sorted(SPACE), rule)
    for name in ("rate", "decay"):
        config = found[name]["config"]
        ends = (config.get("min_value"), config.get("max_value"))
        equal(ends, SPACE[name][1:], rule)
        equal(config.get("sampling"), "log", rule)
    equal(found["filters"]["config"].get("values"), [8, 16, 32], rule)


def test_a_search_returns_its_trials_best_first():
    with tempfile.TemporaryDirectory() as folder:
        found = search(SPACE, lambda values: -values["rate"], 5, folder)
    rule = "Five trials, the one with the highest score first. What comes back?"
    scores = [float(one[0]) for one in found] if isinstance(found, list) else []
    equal(len(scores), 5, rule)
    equal(scores, sorted(scores, reverse=True), rule)


def test_a_search_goes_on_in_its_folder():
    calls = []
    with tempfile.TemporaryDirectory() as folder:
        for trials in (3, 5):
            kept(trials, folder, lambda values: calls.append(values["rate"]) or 0.5)
    rule = "Three trials are there, two are new. Where is the search kept?"
    equal(len(calls), 5, rule)
    equal(len(set(calls)), 5, "No trial is repeated. Where did the second one start?")


def test_a_seed_repeats_a_search():
    rates = []
    for seed in (5, 5, 50):
        with tempfile.TemporaryDirectory() as folder:
            found = kept(2, folder, seed=seed)
            rates.append(sorted(values["rate"] for _, values in found))
    rule = "The same seed tries the same settings, another one others. Who is told it?"
    equal((rates[0] == rates[1], rates[0] == rates[2]), (True, False), rule)


@pytest.mark.slow
@pytest.mark.seconds(80)
def test_two_workers_share_one_search():
    """Stays: it shows that the same search runs on several machines."""
    with tempfile.TemporaryDirectory() as folder:
        kept(1, folder)  # what fails here needs no processes to be seen
    with tempfile.TemporaryDirectory() as folder:
        who = Counter(workers.search(folder, trials=6))
        files = Path(folder).glob("search/trial_*/trial.json")
        found = [json.loads(file.read_text("utf-8")) for file in files]
    rule = "One chief, two workers: your search as it stands. Who trained what?"
    equal(sum(who.values()), 6, rule)
    equal(sorted(who), ["tuner0", "tuner1"], rule)
    equal(len(found), 6, "Six trials are written down, whoever ran them.")
    scores = [workers.score(one["hyperparameters"]["values"]) for one in found]
    come = np.array([one["score"] for one in found])
    close(come, np.array(scores), "A trial's score is its own.", kind=None)

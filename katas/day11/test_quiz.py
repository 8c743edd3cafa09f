"""Day 11. Each prediction meets its experiment."""

from collections import Counter

import hypothesis
import numpy as np
from hypothesis import strategies as st

from katas.day11 import quiz
from katas.dojo.judge.quiz import predicted


def test_the_chance_to_meet_a_fault():
    draws = np.random.default_rng(11).integers(50, size=(200_000, 25))
    answer = float(np.mean((draws == 0).any(axis=1)))
    why = "1 - (49/50)^25 = 0.40: more examples, or inputs where faults are likely."
    predicted(quiz.chance_to_meet, answer, why, tolerance=0.05)


def test_the_simplest_list():
    numbers = st.lists(st.integers(0, 1000))
    once = hypothesis.settings(database=None, derandomize=True, max_examples=500)
    answer = hypothesis.find(numbers, lambda x: sum(x) >= 100, settings=once)
    why = "It shrinks what it found: fewer entries first, then smaller ones."
    predicted(quiz.simplest_list, answer, why)


def test_whether_nan_is_noticed():
    answer = bool(np.float32("nan") > 10)
    why = (
        "Every comparison with NaN is false, and not false is true. Ask for loss <= 10."
    )
    predicted(quiz.nan_is_noticed, answer, why)


def test_whether_the_law_of_sorting_objects():
    x = np.random.default_rng(11).integers(0, 9, 20).tolist()
    unsorted = list(x)
    answer = not (len(unsorted) == len(x) and Counter(unsorted) == Counter(x))
    why = "It says nothing of the order. What a law leaves out, wrong code may do."
    predicted(quiz.law_of_sorting_objects, answer, why)

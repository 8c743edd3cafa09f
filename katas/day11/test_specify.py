"""Day 11. Your laws under test: right, steady, pointed, and how many faults they see."""

from katas.day11 import specify as laws
from katas.dojo.judge.properties import (
    caught,
    fails_on_nonsense,
    is_deterministic,
    passes_on_correct_code,
)


def test_the_right_code_obeys_your_laws():
    passes_on_correct_code(
        laws, "The code is right, so the law is not. What does it ask for?"
    )


def test_your_laws_say_the_same_each_time():
    rule = "Draws come from hypothesis or from a seed. What else is drawn in there?"
    is_deterministic(laws, rule)


def test_each_law_objects_to_something():
    fails_on_nonsense(laws, "A law compares. What does it do with what came back?")


def test_a_loss_that_adds_up_its_rows_is_caught():
    rule = "A batch of seven costs as much as a row. Do you ever have more than one?"
    caught(laws, "the rows add up", rule)


def test_shares_that_run_down_the_batch_are_caught():
    """Stays: two laws of the reference see it, so no single belief lets it through."""
    rule = "The classes share 1, the rows do not. Are there as many rows as classes?"
    caught(laws, "the shares run down the batch", rule)


def test_a_loss_that_overflows_is_caught():
    rule = "exp(1000) is infinite. How large do your logits become?"
    caught(laws, "large logits overflow", rule)


def test_a_loss_that_never_moves_is_caught():
    rule = "ln(classes) is right once. What must the loss do when a logit rises?"
    caught(laws, "the loss is ln(classes) for ever", rule)


def test_a_penalty_on_large_logits_is_caught():
    rule = "A constant of 1,000 adds 0.003 to the loss. How near must the two come?"
    caught(laws, "a penalty on large logits was left in", rule)


def test_a_loss_that_does_not_look_at_labels_is_caught():
    rule = "The label counts, not the favourite. Which way must the loss go, and when?"
    caught(laws, "the favourite stands for the label", rule)


def test_accuracy_in_place_of_f1_is_caught():
    rule = "A quiet window that is right does not count. What is your F1 compared with?"
    caught(laws, "F1 is the share of right answers", rule)


def test_an_arithmetic_mean_in_place_of_f1_is_caught():
    rule = "0.2 and 0.8 have the mean 0.5 and the F1 0.32. How near must it come?"
    caught(laws, "F1 is the plain mean of precision and recall", rule)


def test_nan_where_nothing_is_found_is_caught():
    rule = "No falls and no alarms: 0 by agreement. Is this case let through?"
    caught(laws, "0 / 0 mends itself", rule)


def test_a_column_that_broadcasts_is_caught():
    rule = "[n] against [n, 1] makes n x n pairs. Which shapes are drawn?"
    caught(laws, "a column meets a row", rule)


def test_a_dropped_last_batch_is_caught():
    rule = "Seven rows in batches of three leave one over. Who asks for it?"
    caught(laws, "the last batch is dropped", rule)


def test_labels_left_behind_by_the_shuffle_are_caught():
    rule = "Row k goes with label k. Who looks at both?"
    caught(laws, "labels keep the old order", rule)


def test_rows_drawn_twice_are_caught():
    rule = "As many rows came out as went in. The same ones?"
    caught(laws, "rows are drawn with repetition", rule)


def test_a_seed_without_effect_is_caught():
    rule = "Two seeds, two orders. Is the second one ever asked for?"
    caught(laws, "the seed has no effect", rule)


def test_an_order_drawn_anew_at_each_call_is_caught():
    rule = "Who repeats a run wants its order again. Is one seed asked for twice?"
    caught(laws, "the order is new at each call", rule)

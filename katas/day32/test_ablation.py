"""Day 32. What must hold before a difference between two networks means something."""

from dataclasses import asdict, dataclass, field
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from katas.day27.recordings import label_windows, windows
from katas.day30.fall_model import Design
from katas.day31.train_detector import Config
from katas.day32.ablation import (
    Setup,
    objective,
    paired_interval,
    run,
    table,
    train,
    variants,
)
from katas.detector import protocol, simulator
from katas.detector.sampling import Pool
from katas.dojo.judge.check import at_least, at_most, between, close, equal, finite
from katas.dojo.judge.strategies import seeds


@dataclass(frozen=True)
class StandInDesign:
    """Fields of day 30's Design, with none of its values: a default one shows."""

    kernels: tuple = (5, 7, 9, 11, 13)
    filters: int = 10
    stages: tuple = ((12, 5, 2), (20, 3, 1))
    block: str = "residual"
    ratio: int | None = 2
    attention: bool = True
    spatial: float = 0.2


@dataclass(frozen=True)
class StandInConfig:
    """Fields of day 31's Config."""

    design: StandInDesign = field(default_factory=StandInDesign)
    epochs: int = 3
    windows: int = 80
    positive: float = 0.35
    smoothing: float = 0.1
    turn: float = 7.0
    scale: float = 0.3
    noise: float = 0.4
    tempo: float = 0.2


BASE = Setup(StandInConfig())

CHANGES = {
    "whole": {},
    "no SE": {"ratio": None},
    "mean pooling": {"attention": False},
    "one branch": {"kernels": (9,), "filters": 50},
    "no shortcut": {"block": "plain"},
    "depthwise": {"block": "depthwise"},
    "half the filters": {"filters": 5, "stages": ((6, 5, 2), (10, 3, 1))},
    "no augmentation": {"turn": 0, "scale": 0, "noise": 0, "tempo": 0},
    "no smoothing": {"smoothing": 0},
    "focal loss": {"loss": "focal"},
    "class weights": {"balance": "weights"},
    "no balance": {"balance": "none"},
    "threshold 0.5": {"threshold": 0.5},
}


def fields(setup):
    """Every field of a setup, its configuration and its design, side by side."""
    own = asdict(setup)
    config = own.pop("config")
    design = config.pop("design")
    return {**{f"design.{k}": v for k, v in design.items()}, **config, **own}


def plain(value):
    return tuple(map(plain, value)) if isinstance(value, (list, tuple)) else value


def test_the_table_has_these_rows_in_this_order():
    rule = "The base comes first, then each row of the docstring. Which is missing, or late?"
    equal(list(variants(BASE)), list(CHANGES), rule)


def test_each_variant_makes_its_change():
    made, rule = variants(BASE), "Which field does `{}` change, and to which value?"
    for name, change in CHANGES.items():
        found = fields(made[name])
        for key, value in change.items():
            key = key if key in found else f"design.{key}"
            equal(plain(found[key]), value, f"{rule.format(name)} ({key})")


def test_nothing_else_changes():
    made, before = variants(BASE), fields(BASE)
    rule = "`{}` differs in one thing from the base that it was given. What else moved?"
    for name, change in CHANGES.items():
        found = fields(made[name])
        moved = {k.split(".")[-1] for k in before if plain(found[k]) != before[k]}
        equal(sorted(moved - set(change)), [], rule.format(name))


def by_hand(label, said, smoothing, gamma):
    """Referee: the loss of each window, one at a time, then the mean."""
    losses = []
    for y, p in zip(label, said, strict=True):
        y = y * (1 - smoothing) + 0.5 * smoothing
        entropy = -y * np.log(p) - (1 - y) * np.log(1 - p)
        losses.append(entropy * (1 - y * p - (1 - y) * (1 - p)) ** gamma)
    return np.mean(losses)


LABEL = np.array([1, 0, 0, 1, 0], "float32")
SAID = np.array([0.9, 0.2, 0.7, 0.05, 0.01], "float32")


def loss_of(setup):
    loss, _ = objective(setup, 0.2)
    return float(np.mean(np.asarray(loss(LABEL[:, None], SAID[:, None]))))


def test_cross_entropy_is_smoothed_as_the_config_says():
    rule = "The base is day 31's training. Which loss does it use, how smooth?"
    close(loss_of(BASE), by_hand(LABEL, SAID, 0.1, 0), rule, 1e-4)


def test_focal_loss_keeps_the_smoothing():
    rule = "(1 - what the truth was given)², times what there was before. What is gone?"
    close(
        loss_of(variants(BASE)["focal loss"]), by_hand(LABEL, SAID, 0.1, 2), rule, 1e-4
    )


@given(share=st.sampled_from([0.02, 0.1, 0.5, 0.7]))
def test_weights_make_the_classes_equal_and_the_mean_1(share):
    _, weights = objective(variants(BASE)["class weights"], share)
    rule = "Falls and daily windows weigh the same in sum. Which one is rare?"
    close(weights[1] * share, weights[0] * (1 - share), rule, kind=None)
    rule = "A window weighs 1 in the mean: another sum is another learning rate. Is it?"
    close(weights[1] * share + weights[0] * (1 - share), 1.0, rule, kind=None)


def test_only_class_weights_have_weights():
    made = variants(BASE)
    rule = "Falls are drawn more often, or weigh more, or neither. Who does both?"
    for name in ("whole", "focal loss", "no balance"):
        _, weights = objective(made[name], 0.2)
        equal(weights is None, True, f"{rule} ({name})")


FOLDS = [
    protocol.Fold(np.array([0, 1, 4]), np.array([2, 3, 5])),
    protocol.Fold(np.array([2, 3, 5]), np.array([0, 1])),
]


def said(train, test, seed):
    """A training in words, short enough for a message."""
    return f"{[*map(int, train)]} tested on {[*map(int, test)]}, seed {seed}"


def asked_of(setups, folds, numbers):
    """Every training that run asks for, and what it returns."""
    seen = []

    def one(setup, rows, test, seed):
        seen.append((setup, rows, test, seed))
        rng = np.random.default_rng((len(test), seed))
        return np.round(rng.uniform(size=len(test)), 1), 0.5

    return run(setups, folds, numbers, 7, one), seen


def test_every_setup_meets_the_same_folds_and_seeds():
    made = variants(BASE)
    _, seen = asked_of(made, FOLDS, [3, 8])
    rule = "Lucky seeds or easy people are no merit. Which did `{}` meet?"
    wanted = sorted(said(*fold, seed) for fold in FOLDS for seed in (3, 8))
    for name, setup in made.items():
        found = sorted(said(*what) for own, *what in seen if own == setup)
        equal(found, wanted, rule.format(name))


def test_every_row_is_a_seed_and_every_column_a_window():
    found, _ = asked_of({"whole": BASE}, FOLDS, [3, 8])
    wanted = np.zeros((2, 7), bool)
    for row, seed in enumerate((3, 8)):
        for _, test in FOLDS:
            draws = np.random.default_rng((len(test), seed)).uniform(size=len(test))
            for k, column in enumerate(test):
                wanted[row, column] = np.round(draws[k], 1) >= 0.5
    rule = "Row: a seed. Column: a window, alarmed by whom it did not train. Where are they?"
    equal(list(found), ["whole"], "One entry a setup, by its name.")
    close(np.asarray(found["whole"]).astype(int), wanted.astype(int), rule)


def test_a_score_at_the_threshold_is_an_alarm():
    fold = [(np.array([2]), np.array([0, 1]))]
    found = run({"a": BASE}, fold, [0], 3, lambda *_: (np.array([0.25, 0.24]), 0.25))
    rule = "At or over the threshold, as on every day before. What of a score at it?"
    equal(np.asarray(found["a"]).tolist(), [[True, False, False]], rule)


@given(own=st.sampled_from([0.0, 0.5, 0.9]))
def test_a_threshold_of_its_own_replaces_the_chosen_one(own):
    fold = [(np.array([2]), np.array([0, 1]))]
    setups = {"a": Setup(StandInConfig(), threshold=own), "b": BASE}
    found = run(setups, fold, [0], 3, lambda *_: (np.array([0.3, 0.6]), 0.4))
    rule = "None means: the chosen one. Is 0 a threshold? Whose is used here?"
    equal(np.asarray(found["a"]).tolist(), [[own <= 0.3, own <= 0.6, False]], rule)
    equal(np.asarray(found["b"]).tolist(), [[False, True, False]], rule)


def people(seed, spread=30, count=12, runs=2):
    """Hits, alarms and falls of people who differ widely, [seeds, people, 3]."""
    rng = np.random.default_rng(seed)
    falls = np.broadcast_to(rng.integers(5, 10 + spread, count), (runs, count))
    hits = rng.binomial(falls, rng.uniform(0.2, 0.95, count))
    return np.stack([hits, hits + rng.integers(0, 15, (runs, count)), falls], -1)


def f1_of(counted):
    hits, alarms, falls = (int(each) for each in counted)
    return 2 * hits / (alarms + falls)


def whole(counted):
    """Referee: F1 of all people together, the mean over the seeds."""
    return np.mean([f1_of(np.sum(run, axis=0)) for run in counted])


@given(seed=seeds())
def test_the_difference_is_of_all_windows_then_of_the_mean_seed(seed):
    one, other = people(seed), people(seed + 1)
    found = paired_interval(one, other, draws=10)
    rule = (
        "One minus the other; all people's windows in one F1. Mean of F1s? Best seed?"
    )
    close(found[0], whole(one) - whole(other), rule, kind=None)


def test_a_setup_differs_from_itself_by_nothing():
    one = people(31)
    rule = "The same people on both sides: nothing is left to differ. Who was drawn?"
    close(np.array(paired_interval(one, one, draws=200)), np.zeros(3), rule, kind=None)


@given(level=st.sampled_from([0.8, 0.95]))
def test_the_interval_holds_the_middle_of_redrawn_groups(level):
    one, other = people(1), people(2)
    rng, drawn = np.random.default_rng(77), []
    for _ in range(4000):
        who = rng.integers(12, size=12)
        drawn.append(whole(one[:, who]) - whole(other[:, who]))
    ends = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    found = paired_interval(one, other, level)
    rule = (
        "Redraw as many people as there are, keep the middle `level`. Whom, how many?"
    )
    room = 0.06 * (ends[1] - ends[0])
    close(np.array(found[1:]), ends, rule, 0, room, None)


def test_a_seed_repeats_the_interval_and_another_draws_anew():
    one, other = people(31), people(32)
    first, again = (np.array(paired_interval(one, other, draws=200)) for _ in range(2))
    rule = "The same seed draws the same people. Which generator has none?"
    close(again, first, rule, kind=None)
    moved = np.array(paired_interval(one, other, draws=200, seed=1)) - first
    rule = "Another seed draws other people, of the same difference. Is yours fixed?"
    close(moved[0], 0.0, rule, kind=None)
    at_least(np.abs(moved[1:]).max(), 1e-9, rule)


def test_where_no_drawn_group_is_worse_the_interval_begins_at_0():
    one = np.full((1, 6, 3), 10)
    other = one.copy()
    other[0, 0] = [0, 10, 10]  # one person of six is missed by the other
    _, low, high = paired_interval(one, other)
    rule = "In some groups the missed one is not drawn, in none is `one` worse. Low, 0?"
    close(low, 0.0, rule, kind=None)
    rule = (
        "Some groups hold the missed one twice. Is yours turned round the difference?"
    )
    at_least(high, 0.3, rule)


@cache
def judged():
    """Three setups' alarms on 300 windows of 9 people, and each one's cost."""
    rng = np.random.default_rng(31)
    label = rng.choice([-1, 0, 1], 300, p=[0.1, 0.6, 0.3])
    subject = np.array([f"P{k}" for k in rng.integers(9, size=300)])
    alarms = {}
    for name, miss in {"whole": 0.1, "no SE": 0.2, "depthwise": 0.12}.items():
        wrong = rng.uniform(size=(3, 300)) < miss * np.array([[1], [2], [3]])
        alarms[name] = (label == 1) ^ wrong
    costs = {"whole": (900, 50.0), "no SE": (800, 45.0), "depthwise": (300, 35.0)}
    return alarms, label, subject, costs


def sklearn_f1(name):
    alarms, label, *_ = judged()
    known = label >= 0
    return [f1_score(label[known], said[known]) for said in alarms[name]]


def test_f1_is_the_mean_over_the_seeds():
    rule = (
        "Three seeds, one figure, and their deviation beside it. Which seed is shown?"
    )
    for row in table(*judged()):
        close(row["f1"], np.mean(sklearn_f1(row["setup"])), rule, kind=None)
        close(row["seeds"], np.std(sklearn_f1(row["setup"])), rule, kind=None)


def test_cost_stands_beside_the_figure():
    rows = table(*judged())
    rule = "A row for each setup, with what it costs. Whose parameters are these?"
    found = [(row["setup"], row["parameters"], row["latency_us"]) for row in rows]
    wanted = [(name, *cost) for name, cost in judged()[3].items()]
    equal(found, wanted, rule)


def test_every_setup_is_compared_with_the_first():
    base = np.mean(sklearn_f1("whole"))
    rule = "Its F1 less the whole's: worse is negative. What is compared with what?"
    for row in table(*judged()):
        gap = np.mean(sklearn_f1(row["setup"])) - base
        close(row["difference"], gap, rule, kind=None)
        between(row["difference"], row["low"], row["high"], "Low, difference, high.")


def test_the_first_setup_is_the_base_whatever_its_name():
    alarms, label, subject, costs = judged()
    turned = {name: alarms[name] for name in ("depthwise", "whole")}
    base = np.mean(sklearn_f1("depthwise"))
    rule = "Who comes first is compared with. Is the base looked up by its name?"
    for row in table(turned, label, subject, costs):
        gap = np.mean(sklearn_f1(row["setup"])) - base
        close(row["difference"], gap, rule, kind=None)


def test_a_setup_alone_is_a_table_of_one_row():
    alarms, label, subject, costs = judged()
    rows = table({"whole": alarms["whole"]}, label, subject, costs)
    rule = "`--only whole` asks for it, after all its trainings. What is divided by 0?"
    equal([(row["setup"], row["difference"]) for row in rows], [("whole", 0.0)], rule)


def test_many_comparisons_widen_each_interval():
    alarms, label, subject, costs = judged()
    two = {name: alarms[name] for name in ("whole", "no SE")}
    many = {**alarms, **{f"again {k}": alarms["no SE"] for k in range(23)}}
    costs = {name: (1, 1.0) for name in many}
    widths = []
    for which in (two, many):
        row = table(which, label, subject, costs)[1]
        widths.append(row["high"] - row["low"])
    # 25 comparisons of level 0.998 against one of 0.95: 3.09 / 1.96 deviations.
    rule = "25 rows at 95 %: one lucky row is likely. What does `level` say of k rows?"
    between(widths[1] / widths[0], 1.35, 1.85, rule)
    rule = "One comparison has a level of 0.95. Is the first row counted as well?"
    between(widths[0], 0.5 * single(), 1.06 * single(), rule)


def test_a_table_of_three_rows_makes_two_comparisons():
    alarms, label, subject, costs = judged()
    two = {name: alarms[name] for name in ("whole", "no SE")}
    rows = [table(which, label, subject, costs)[1] for which in (two, alarms)]
    widths = [row["high"] - row["low"] for row in rows]
    # Level 0.975 against 0.95 is 2.24 / 1.96 = 1.14; over 200 seeds of the 4,000
    # draws the ratio lay between 1.11 and 1.18.
    rule = "One row beside the first, then two of them. How many comparisons are there?"
    between(widths[1] / widths[0], 1.05, 1.25, rule)


def single():
    """Referee: width of the 95 % interval of "no SE" against "whole"."""
    alarms, label, subject, _ = judged()
    rng, drawn = np.random.default_rng(5), []
    names = np.unique(subject)
    for _ in range(1000):
        rows = np.concatenate(
            [np.flatnonzero(subject == who) for who in rng.choice(names, len(names))]
        )
        rows = rows[label[rows] >= 0]
        one, other = (
            np.mean([quick_f1(label[rows], said[rows]) for said in alarms[name]])
            for name in ("no SE", "whole")
        )
        drawn.append(one - other)
    return float(np.subtract(*np.quantile(drawn, (0.975, 0.025))))


def quick_f1(label, said):
    return 2 * np.sum((label == 1) & said) / (np.sum(label == 1) + np.sum(said))


@pytest.mark.slow
@pytest.mark.seconds(120)
def test_an_ablation_runs_from_recordings_to_its_table():
    """Stays: the parts must fit each other, and the networks of days 30 and 30."""
    names = list(variants(BASE))[:2]
    few = simulator.recordings(people=4, seed=31, falls=3, activities=3)
    rows = windows(few)
    design = Design(kernels=(3,), filters=4, stages=((8, 3, 2),))
    base = Setup(Config(design, epochs=2, windows=128, batch=32))
    made = {name: variants(base)[name] for name in names}
    built = {}

    def one(setup, train_rows, test, seed):
        mine = set(rows.subject[train_rows])
        pool = [one for one in few if one.subject in mine]
        model = train(Pool.dense(pool, label_windows, 8), setup, seed)
        built[setup] = model.count_params()
        return np.asarray(model(rows.x[test]))[:, 0], 0.5

    folds = protocol.folds(rows, "holdout")
    alarms = run(made, folds, [0], len(rows.label), one)
    costs = {name: (built[setup], 1.0) for name, setup in made.items()}
    found = table(alarms, rows.label, rows.subject, costs)
    rule = "Networks that train at all give figures. Which one is none?"
    for row in found:
        numbers = [row[key] for key in ("f1", "difference", "low", "high")]
        finite(np.array(numbers), f"{rule} ({row['setup']})")
    rule = "Without squeeze and excitation there is less to train. Is it gone?"
    at_most(found[1]["parameters"] - found[0]["parameters"], -1, rule)

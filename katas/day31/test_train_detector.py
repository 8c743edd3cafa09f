"""Day 31. What a training must keep that others can repeat and believe."""

import contextlib
import inspect
import io
import json
from dataclasses import replace
from functools import cache
from types import SimpleNamespace

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from katas.day31 import train_detector
from katas.day31.train_detector import Config, choose_threshold, draw, report, train
from katas.detector import run, simulator
from katas.detector.options import TrainingOptions
from katas.detector.parts import Parts, load
from katas.detector.sampling import Epochs, Pool, augment
from katas.dojo.judge.check import between, close, equal, raises, shape
from katas.dojo.judge.strategies import seeds

STILL = {"turn": 0.0, "scale": 0.0, "noise": 0.0, "tempo": 0.0}
CONFIG = {"epochs": 3, "windows": 50, "batch": 16, "positive": 0.35, "smoothing": 0.1}
OTHERS = np.zeros((4, 128, 6), "float32"), np.array([0, 1, 0, 1])
FIGURES = "f1", "event_sensitivity", "false_alarms_per_hour", "delay_s"


@cache
def pool(falls=5, count=90):
    """Windows that say who they are: window k holds k, and falls hold 1,000 more."""
    label = np.zeros(count, int)
    label[:falls] = 1
    signal = np.repeat(np.arange(count) + 1000 * label, 128)
    signal = np.tile(signal[:, None], 6).astype("float32")
    return Pool([signal], np.arange(count) * 128, label)


@cache
def moving(count=64):
    """Windows of noise; falls are louder, and lie on the second half."""
    label = np.arange(count) // (count // 2)
    loud = np.repeat(1 + label, 128)[:, None]
    signal = np.random.default_rng(30).normal(3, loud, (count * 128, 6))
    return Pool([signal.astype("float32")], np.arange(count) * 128, label)


def net(scaler, design):
    """A small stock network in place of day 30's."""
    inputs = keras.Input((128, 6))
    x = keras.layers.GlobalMaxPooling1D()(inputs)
    x = keras.layers.Dropout(0.3)(x)
    return keras.Model(inputs, keras.layers.Dense(1, "sigmoid")(x))


@cache
def trained(seed=7, before=1, best=None):
    """A training, and all that it asked for; `before` disturbs the global generators."""
    seen = SimpleNamespace(draws=[], epochs=[], batches=[], said=io.StringIO())

    def build(scaler, design):
        seen.scaler, seen.design = scaler, design
        return net(scaler, design)

    def spy(pool, config, seed, epoch):
        seen.draws.append((seed, epoch))
        return draw(pool, config, seed, epoch)

    class Asked(Epochs):
        def __getitem__(self, k):
            seen.batches.append(k)
            return super().__getitem__(k)

    count = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda k, _: seen.epochs.append(k)
    )
    keras.utils.set_random_seed(before)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(train_detector, "fall_net", build)
        patch.setattr(train_detector, "draw", spy)
        patch.setattr(train_detector, "Epochs", Asked)
        if best:

            def watch(x, label):
                seen.best = best(x, label)
                return seen.best

            patch.setattr(train_detector, "Best", watch)
        validation = OTHERS if best else None
        with contextlib.redirect_stdout(seen.said):
            seen.model = train(moving(), Config(**CONFIG), seed, validation, [count])
    return seen


def same(one, other):
    """Whether two models hold the same numbers."""
    pairs = zip(one.get_weights(), other.get_weights(), strict=True)
    return all(np.array_equal(a, b) for a, b in pairs)


def test_what_cannot_train_is_refused():
    rule = "A mistyped number costs a night. Is it refused before the training starts?"
    for wrong in [
        {"epochs": 0},
        {"positive": 0.0},
        {"positive": 1.0},
        {"positive": 20},
        {"positive": float("nan")},
        {"batch": 51, "windows": 50},
    ]:
        with raises(ValueError, f"{rule} ({wrong})"):
            Config(**wrong)


def test_a_refusal_names_the_field():
    for wrong in [{"epochs": 0}, {"positive": 20}, {"batch": 51, "windows": 50}]:
        name, said = next(iter(wrong)), ""
        try:
            Config(**wrong)
        except ValueError as error:
            said = str(error)
        rule = f"{wrong} is wrong. Does the message say which field, {name}?"
        equal(name in said, True, rule)


def test_what_can_train_is_accepted():
    rule = "One epoch of one batch is short, but a training. Is a bound off by one?"
    made = Config(epochs=1, windows=32, batch=32, positive=0.5)
    equal((made.epochs, made.batch, made.positive), (1, 32, 0.5), rule)


@given(seed=seeds(), share=st.sampled_from([0.1, 0.28, 0.5, 0.75]))
def test_an_epoch_holds_the_asked_share_of_falls(seed, share):
    config = Config(windows=60, batch=10, positive=share, **STILL)
    x, y = draw(pool(), config, seed, 0)
    shape(x, (60, 128, 6), "As many windows as the configuration says.")
    shape(y, (60, 1), "One label a window, as the model's output has it.")
    rule = "positive is the share of falls, and falls are few. Drawn twice if need be?"
    equal(int(np.sum(y)), round(60 * share), rule)


@given(seed=seeds())
def test_every_window_keeps_its_own_label(seed):
    x, y = draw(pool(), Config(windows=60, batch=10, **STILL), seed, 3)
    rule = "Windows and labels are shuffled in one order. Are there two shuffles?"
    truth = (np.asarray(x)[:, 0, :1] >= 1000).astype("float32")
    close(y, truth, rule)


def test_falls_and_daily_windows_come_mixed():
    _, y = draw(pool(), Config(windows=60, batch=10, positive=0.5, **STILL), 0, 0)
    rule = "A batch of falls only teaches nothing. In which order are the rows?"
    between(np.abs(np.diff(np.asarray(y)[:, 0])).sum(), 10, 50, rule)


def test_no_daily_window_comes_twice_in_an_epoch():
    x, y = draw(pool(), Config(windows=80, batch=10, positive=0.2, **STILL), 0, 0)
    daily = np.asarray(x)[np.asarray(y)[:, 0] == 0, 0, 0]
    rule = "There are daily windows enough. Are they drawn with replacement?"
    equal(len(np.unique(daily)), 64, rule)


def test_an_epoch_of_a_seed_is_always_the_same_and_like_no_other():
    for varied, what in [
        ({}, "The same windows, varied alike"),
        (STILL, "The windows"),
    ]:
        config = Config(windows=60, batch=10, **varied)
        first, again = (draw(pool(), config, 3, 5)[0] for _ in range(2))
        rule = "The same seed and epoch draw the same. Which generator knows neither?"
        close(again, np.asarray(first), rule)
        others = [draw(pool(), config, *which)[0] for which in [(3, 6), (4, 5), (5, 3)]]
        rule = f"{what}: each seed and epoch draws anew. Is one not used, or added?"
        different = [not np.array_equal(first, other) for other in others]
        equal(different, [True] * 3, rule)


def test_no_two_seeds_share_an_epoch():
    config = Config(windows=60, batch=10, **STILL)
    seen = {
        np.asarray(draw(pool(), config, seed, epoch)[0])[:, 0, 0].tobytes()
        for seed in range(3)
        for epoch in range(16)
    }
    rule = "3 seeds of 16 epochs are 48 draws, none twice. How are the two combined?"
    equal(len(seen), 48, rule)


def test_the_same_window_is_varied_anew_in_each_epoch():
    signal = np.tile(moving().signal[:128], (60, 1))
    alike = Pool([signal], np.arange(60) * 128, np.arange(60) // 30)
    config = Config(windows=60, batch=10)
    first, other = (np.asarray(draw(alike, config, 3, k)[0]) for k in (0, 1))
    rule = "All windows of this pool are one. Does each epoch turn it another way?"
    equal(bool(np.abs(first - other).max() > 1e-3), True, rule)


def test_training_windows_are_varied_as_the_configuration_says():
    config = Config(windows=60, batch=10, **STILL)
    whole = np.asarray(draw(moving(), config, 0, 0)[0])
    recorded = moving().cut(np.arange(64))
    off = [np.abs(recorded - window).max(axis=(1, 2)).min() for window in whole]
    rule = "With no turn, scale, noise or tempo windows stay. Do they?"
    close(np.array(off), np.zeros(60), rule)
    for name in STILL:
        varied = Config(windows=60, batch=10, **{**STILL, name: 0.5})
        moved = np.abs(draw(moving(), varied, 0, 0)[0] - whole).max()
        rule = f"{name} = 0.5 varies the windows. Does it reach augment?"
        equal(bool(moved > 1e-3), True, rule)


def test_each_kind_of_variation_has_its_own_number():
    asked = {"turn": 1.0, "scale": 2.0, "noise": 3.0, "tempo": 4.0}
    seen, order = {}, inspect.signature(augment)

    def spy(*arguments, **named):
        seen.update(order.bind(*arguments, **named).arguments)
        return arguments[0]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(train_detector, "augment", spy)
        draw(moving(), Config(windows=60, batch=10, **asked), 0, 0)
    rule = "A turn is in degrees, a scale is a share. Which number goes where?"
    equal({name: seen.get(name) for name in asked}, asked, rule)


def test_the_scaler_is_fitted_to_the_pool():
    flat = moving().signal.astype("float64")
    mean, deviation = trained().scaler
    rule = "Mean and deviation of the training signal, channel by channel. Of what?"
    close(mean, flat.mean(0), rule, 1e-3, 1e-3)
    close(deviation, flat.std(0), rule, 1e-3, 1e-3)


def test_the_design_is_the_configurations_its_rate_the_share_drawn():
    design = trained().design
    rule = "The head starts at the share of falls that it will be shown. Which is it?"
    equal(design.rate, 0.35, rule)
    rule = "All else of the design stays as the configuration has it. What moved?"
    equal(design.stages, Config(**CONFIG).design.stages, rule)


def test_the_same_seed_gives_the_same_weights():
    again = trained(before=2).model
    rule = "Seed 7 is seed 7, whatever ran before. What is drawn before it is set?"
    equal(same(trained().model, again), True, rule)


def test_another_seed_gives_other_weights():
    rule = "Three seeds that give one model measure nothing. Is the seed used?"
    equal(same(trained().model, trained(seed=8).model), False, rule)


def test_each_epoch_trains_on_a_draw_of_its_own():
    draws = trained().draws
    rule = (
        "Epochs 0, 1, 2 each draw for themselves, with the seed. What did yours draw?"
    )
    equal(sorted({(7, 0), (7, 1), (7, 2)} - set(draws)), [], rule)
    equal({seed for seed, _ in draws}, {7}, rule)


def test_batches_come_in_the_order_drawn():
    rule = "Seed and epoch alone decide an epoch's order. Who shuffles it once more?"
    equal(trained().batches[-9:], [0, 1, 2] * 3, rule)


def test_the_loss_is_cross_entropy_with_smoothed_labels():
    y, p = np.array([[1.0], [0.0]], "float32"), np.array([[0.8], [0.3]], "float32")
    loss = np.mean(np.asarray(keras.losses.get(trained().model.loss)(y, p)))
    rule = "Smoothing 0.1 makes labels 0.95 and 0.05. Which labels does your loss see?"
    hit = 0.95 * np.log(0.8) + 0.05 * np.log(0.2)
    quiet = 0.95 * np.log(0.7) + 0.05 * np.log(0.3)
    close(loss, -(hit + quiet) / 2, rule, 1e-4, kind=None)


def test_a_training_prints_nothing():
    rule = "The script draws one bar over all its trainings. Who draws another?"
    equal(trained().said.getvalue(), "", rule)


def test_the_callbacks_see_every_epoch():
    rule = "A progress bar lives on callbacks. Do they reach fit, and every epoch them?"
    equal(trained().epochs, [0, 1, 2], rule)


def first_is_best(x, label):
    """Stands for sampling.Best: says that the first epoch was best, all its weights 1/4."""

    def remember(epoch, logs=None):
        if epoch == 0 and x is OTHERS[0]:
            best.weights = [w * 0 + 0.25 for w in best.model.get_weights()]

    best = keras.callbacks.LambdaCallback(on_epoch_end=remember)
    best.weights = None
    return best


def test_the_best_epoch_is_kept_where_others_watch():
    weights = trained(best=first_is_best).model.trainable_variables
    kept = [bool(np.all(np.asarray(w) == 0.25)) for w in weights]
    rule = "Best remembers the weights of the best epoch. Who puts them back?"
    equal(kept, [True, True], rule)


def sees_a_change(x, label):
    """Stands for sampling.Best: do the weights change between last batch and its turn?"""

    def weights():
        return [np.array(w) for w in watch.model.get_weights()]

    def after_batch(batch, logs=None):
        watch.last = weights()

    def at_its_turn(epoch, logs=None):
        watch.weights = weights()
        pairs = zip(watch.last, watch.weights, strict=True)
        watch.changed.append(any(not np.array_equal(a, b) for a, b in pairs))

    watch = keras.callbacks.LambdaCallback(
        on_train_batch_end=after_batch, on_epoch_end=at_its_turn
    )
    watch.changed = []
    return watch


def test_the_best_epoch_is_judged_by_averaged_weights():
    changed = trained(best=sees_a_change).best.changed
    rule = (
        "It is the moving average of the weights that will be used. Does Best see it?"
    )
    equal(changed, [True] * 3, rule)


def plateau(label, score, slack):
    """Referee: every threshold tried, one window at a time."""
    label, score = label[label >= 0], score[label >= 0]
    tried = {}
    for t in score:
        hit = sum(1 for y, s in zip(label, score, strict=True) if y == 1 and s >= t)
        false = sum(1 for y, s in zip(label, score, strict=True) if y == 0 and s >= t)
        missed = sum(label) - hit
        tried[float(t)] = 2 * hit / (2 * hit + false + missed)
    near = [t for t, f1 in tried.items() if f1 >= max(tried.values()) - slack]
    return (min(near) + max(near)) / 2


@given(seed=seeds(), slack=st.sampled_from([0.002, 0.1]))
def test_the_threshold_is_the_middle_of_the_best_plateau(seed, slack):
    rng = np.random.default_rng(seed)
    label = np.r_[1, rng.integers(0, 2, 30)]
    score = np.round(np.clip(rng.normal(0.3 + 0.3 * label, 0.2), 0, 1), 2)
    rule = "All thresholds whose F1 is within slack of the best; their middle. Which?"
    found = choose_threshold(label, score, slack)
    close(found, plateau(label, score, slack), rule, kind=None)


def test_without_slack_the_best_threshold_is_left():
    label, score = np.array([1, 0, 1, 0, 0]), np.array([0.9, 0.6, 0.7, 0.2, 0.1])
    rule = "The best F1 is not below itself, so it is always near. Is yours left out?"
    close(choose_threshold(label, score, 0.0), 0.7, rule, kind=None)


@given(seed=seeds())
def test_windows_left_out_do_not_choose(seed):
    rng = np.random.default_rng(seed)
    label, score = np.r_[1, rng.integers(-1, 2, 40)], rng.uniform(size=41)
    rule = "Neither fall nor daily: such windows have no vote. Are they taken for 0?"
    found = choose_threshold(label, score)
    close(found, plateau(label, score, 0.002), rule, kind=None)


def made(seed=0):
    """Two runs of four people, of whom the last never falls."""
    rng = np.random.default_rng(seed)
    who = np.repeat(["A", "B", "C", "D"], [3, 5, 7, 11])
    return [rng.uniform(size=len(who)) for _ in range(2)], who


def figures(run, rows):
    """The mean of the run's numbers, and one that means nothing without person A-C."""
    fallen = rows[rows < 15]
    return {
        "f1": float(run[rows].mean()),
        "delay_s": float(run[fallen].max()) if len(fallen) else float("nan"),
    }


def test_a_figure_is_the_mean_over_the_seeds_of_all_windows():
    runs, who = made()
    said = report(runs, who, figures)
    rule = "All windows together, then the mean over seeds. Best seed? Mean of people?"
    close(said["f1"], np.mean([run.mean() for run in runs]), rule)
    close(said["delay_s"], np.mean([run[:15].max() for run in runs]), rule)


def test_the_spread_over_seeds_is_that_of_whole_runs():
    runs, who = made()
    spread = report(runs, who, figures)["spread"]["f1"]["seeds"]
    rule = (
        "How far do two trainings differ, all else equal? A deviation of two numbers."
    )
    close(spread, np.std([run.mean() for run in runs]), rule)


def test_the_spread_over_people_is_that_of_their_means():
    runs, who = made()
    spread = report(runs, who, figures)["spread"]
    people = [np.mean([run[who == p].mean() for run in runs]) for p in "ABCD"]
    rule = (
        "A person's figure is a mean over seeds; four people, one deviation. Of what?"
    )
    close(spread["f1"]["subjects"], np.std(people), rule)
    peaks = [np.mean([run[who == p].max() for run in runs]) for p in "ABC"]
    rule = "Who never falls has no delay, and does not count. Does NaN spread?"
    close(spread["delay_s"]["subjects"], np.std(peaks), rule)


def test_every_person_stands_in_the_report_alone():
    runs, who = made()
    said = report(runs, who, figures)["subjects"]
    rule = "A mean hides the person for whom it fails. Whose windows made each figure?"
    equal(sorted(said), ["A", "B", "C", "D"], rule)
    close(said["B"]["f1"], np.mean([run[3:8].mean() for run in runs]), rule)
    equal(bool(np.isnan(said["D"]["delay_s"])), True, "No fall, no delay: NaN, not 0.")


@pytest.mark.slow
@pytest.mark.seconds(120)
def test_the_command_leaves_every_file_behind(tmp_path, monkeypatch, capsys):
    """Stays: the parts must fit the command line that runs them on real data."""
    few = simulator.recordings(people=4, seed=30, falls=3, activities=4)
    monkeypatch.setattr(train_detector, "fall_net", net)
    file = tmp_path / "quick.toml"
    file.write_text("epochs = 1\nwindows = 64\nbatch = 16\n")
    mine = {"Config": Config, "train": train, "report": report, "fall_net": net}
    parts = replace(load(Parts), choose_threshold=choose_threshold, **mine)
    out = tmp_path / "o"
    options = TrainingOptions(protocol="holdout", config=file, out=out)
    run.train(options, parts, lambda name: few)
    capsys.readouterr()
    metrics = json.loads((tmp_path / "o" / "metrics.json").read_text("utf-8"))
    rule = "Network, forest and threshold stand in one table. What does report return?"
    for model in ("network", "forest", "threshold"):
        missing = [name for name in FIGURES if name not in metrics[model]]
        equal(missing, [], rule)
    files = {path.name for path in (tmp_path / "o").iterdir()}
    wanted = {"predictions.npz", "model_card.md", "model.keras", "curves.png"}
    equal(sorted(wanted - files), [], "Every file of the run is there.")

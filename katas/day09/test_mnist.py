"""Day 09. What reading digits asks of data, network and training."""

from functools import cache

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from katas.day09.mnist import build_mlp, overfit_one_batch, preprocess, split, train
from katas.dojo.course import digits
from katas.dojo.judge.check import (
    at_least,
    at_most,
    between,
    close,
    equal,
    finite,
    shape,
)
from katas.dojo.judge.strategies import seeds


@cache
def real():
    """4,000 real digits to learn from and 1,000 to test on."""
    return digits.load()


def rows(count):
    """Rows that know their number: x [count, 2] and y [count]."""
    y = np.arange(count)
    return np.stack([10.0 * y, 10.0 * y + 1], axis=1), y


def drawn(count, seed):
    """Four numbers a row and one of ten labels."""
    random = np.random.default_rng(seed)
    x = random.normal(size=(count, 4)).astype("float32")
    return x, random.integers(10, size=count)


def small():
    """A network of four inputs and ten logits with drawn weights, not compiled."""
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(10)])
    draw = np.random.default_rng(9).normal
    model.set_weights([draw(size=w.shape) for w in model.get_weights()])
    return model


def judged(model, x, y):
    """Referee: cross-entropy and accuracy of the small network in NumPy."""
    kernel, bias = (w.astype("float64") for w in model.get_weights())
    logits = x @ kernel + bias
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    loss = -np.log(shares[np.arange(len(y)), y]).mean()
    return loss, np.mean(logits.argmax(axis=1) == y)


def test_an_image_becomes_a_row_of_784():
    images = real()[0][0][:5]
    rule = "28 x 28 pixels stand in one row, the images stay apart. Which axes merge?"
    shape(preprocess(images), (5, 784), rule)


def test_paper_is_0_and_full_ink_is_1():
    images = real()[0][0][:5]
    wanted = [
        [pixel / 255 for line in image.tolist() for pixel in line] for image in images
    ]
    x = preprocess(images)
    rule = "A byte goes from 0 to 255, a pixel from 0 to 1. Where does it stand, how large?"
    close(x, np.float32(wanted), rule)


def test_a_grey_pixel_is_as_grey_in_every_image():
    images = np.full((2, 28, 28), 51, "uint8")
    images[1] = 204
    wanted = np.repeat(np.float32([[0.2], [0.8]]), 784, axis=1)
    rule = "51 of 255 is a fifth, whoever stands beside it. From where is your scale?"
    close(preprocess(images), wanted, rule)


@given(n=st.integers(8, 60), share=st.sampled_from([0.15, 0.25, 0.4]), seed=seeds())
def test_the_split_gives_each_row_one_place(n, share, seed):
    (_, training), (_, validation) = split(*rows(n), share, seed)
    rule = "Each row trains or validates. Is one in both parts, or in none?"
    equal(np.sort(np.concatenate([training, validation])), np.arange(n), rule)
    rule = f"{share:g} of {n} rows validate. Which part is which?"
    between(len(validation), share * n - 1, share * n + 1, rule)


def test_a_small_share_takes_no_more_than_a_row():
    (_, training), (_, validation) = split(*rows(6), 0.05)
    rule = "A twentieth of 6 rows is none, or one when rounded up. What is rows[-0:]?"
    between(len(validation), 0, 1, rule)
    equal(len(training) + len(validation), 6, rule)


@given(n=st.integers(8, 60), seed=seeds())
def test_a_row_keeps_its_label_through_the_split(n, seed):
    for x, y in split(*rows(n), seed=seed):
        rule = "Row and label move together. Do both follow the same order?"
        equal(x[:, 0], 10.0 * y, rule)


def test_the_split_is_drawn_by_its_seed():
    parts = [split(*rows(200), seed=seed)[1][1] for seed in (3, 3, 4)]
    rule = "The same seed gives the same split. From where do your draws come?"
    equal(parts[0], parts[1], rule)
    rule = "Another seed, another split: files are sorted. Do you cut before you draw?"
    at_most(len({*parts[0].tolist()} & {*parts[2].tolist()}), 20, rule)


def test_the_network_has_101770_parameters():
    rule = "784 x 128 + 128, then 128 x 10 + 10. Which layer is missing, or too many?"
    equal(build_mlp().count_params(), 101_770, rule)
    rule = "hidden says how many units stand between. What else does it change?"
    equal(build_mlp(hidden=3).count_params(), 2_395, rule)


def test_the_network_agrees_with_its_formula():
    model, x = build_mlp(hidden=5), preprocess(real()[0][0][:7])
    draw = np.random.default_rng(9).normal
    a, b, c, d = (draw(0, 0.3, w.shape) for w in model.get_weights())
    model.set_weights([a, b, c, d])
    logits = np.maximum(x @ a + b, 0) @ c + d
    rule = "relu(x · kernel + bias) · kernel + bias, and no more. What is between, or after?"
    close(model(x), np.float32(logits), rule, 1e-4, 1e-4)
    rule = "In training it is the same formula. Is something dropped, or added to the loss?"
    close(model(x, training=True), np.float32(logits), rule, 1e-4, 1e-4)
    equal(len(model.losses), 0, rule)


# First loss of 512 digits over 24 seeds (0 to 23), reference solution, CPU:
# 2.29 at the least, 2.36 in the median, 2.57 at the most; asked for: 2.30 +- 0.5.
#
# python -c "from katas.dojo.runner.tensorflow_import import import_tensorflow as tf;
# from katas.dojo.course import targets as t; tf(); t.install('solutions');
# from katas.day09.test_mnist import first_loss as run;
# print(sorted(run(seed) for seed in range(24)))"    (on one line)
def first_loss(seed):
    keras.utils.set_random_seed(seed)
    (images, y), _ = real()
    logits = np.asarray(build_mlp()(preprocess(images[:512])), "float64")
    return float(
        np.mean(np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(512), y[:512]])
    )


def test_an_untrained_network_loses_about_ln_10():
    rule = "Ten classes, nothing learnt: -ln(1/10). How large are inputs and first weights?"
    between(first_loss(9), np.log(10) - 0.5, np.log(10) + 0.5, rule)


def test_train_tells_loss_and_accuracy_of_each_epoch():
    history = train(small(), drawn(20, 1), drawn(9, 2), epochs=3)
    rule = "Four lists, by name, a number an epoch. Which does compile not know of?"
    equal(sorted(history), ["accuracy", "loss", "val_accuracy", "val_loss"], rule)
    equal([len(history[name]) for name in sorted(history)], [3] * 4, rule)


def test_the_loss_is_the_cross_entropy_of_logits():
    model, part = small(), drawn(50, 1)
    loss, accuracy = judged(model, *part)
    history = train(model, part, drawn(9, 2), epochs=2, rate=0.0)
    rule = "At rate 0 nothing moves: -ln softmax(logits)[label]. What is the loss told?"
    close(history["loss"][0], loss, rule, 1e-4, kind=None)
    rule = "At rate 0 the second epoch is like the first. Who is told the rate?"
    close(history["loss"][1], loss, rule, 1e-4, kind=None)
    close(
        history["accuracy"][0], accuracy, "The share of right guesses.", 1e-4, kind=None
    )


def test_validation_is_judged_on_rows_of_its_own():
    model, part = small(), drawn(40, 2)
    loss, accuracy = judged(model, *part)
    history = train(model, drawn(50, 1), part, epochs=1, rate=0.0)
    rule = "Who has learnt the answers is no judge. Which rows does validation see?"
    close(history["val_loss"][0], loss, rule, 1e-4, kind=None)
    close(history["val_accuracy"][0], accuracy, rule, 1e-4, kind=None)


def test_validation_teaches_nothing():
    model, (x, y) = small(), drawn(16, 2)
    train(model, drawn(48, 1), (x * np.nan, y), epochs=1)
    rule = "Validation rows of NaN leave the weights alone. Which rows does fit get?"
    for weight in model.get_weights():
        finite(weight, rule)


def test_the_steps_are_as_many_as_the_batches():
    model = small()
    train(model, drawn(50, 1), drawn(9, 2), epochs=3, batch=16)
    rule = (
        "50 rows in batches of 16 are 4 steps an epoch, 3 epochs. What does fit take?"
    )
    equal(int(model.optimizer.iterations), 12, rule)


def moved(teach):
    """How far each weight of a small network goes while `teach(model)` runs."""
    model = small()
    before = np.concatenate([w.ravel() for w in model.get_weights()])
    teach(model)
    return np.concatenate([w.ravel() for w in model.get_weights()]) - before


def test_the_first_step_is_one_of_adam():
    part = drawn(48, 1)
    step = moved(lambda model: train(model, part, part, 1, rate=0.03, batch=48))
    rule = "Adam's first step moves each weight by the rate (day 06). Whose step is it?"
    close(np.abs(step), np.full(50, 0.03), rule, 1e-2)


def test_a_second_training_has_its_own_rate():
    model, part = small(), drawn(48, 1)
    train(model, part, part, 1, rate=0.03, batch=48)
    before = [w.copy() for w in model.get_weights()]
    train(model, part, part, 1, rate=0.0, batch=48)
    rule = "At rate 0 nothing moves, whatever was trained before. Who compiled it last?"
    for old, new in zip(before, model.get_weights(), strict=True):
        close(new, old, rule)


def test_the_check_has_a_rate_and_a_batch_of_its_own():
    x, y = drawn(80, 1)
    step = moved(lambda model: overfit_one_batch(model, x, y, 80, 1, rate=0.03))
    rule = "All rows in one step, as long as the rate. What does train take in place of yours?"
    close(np.abs(step), np.full(50, 0.03), rule, 1e-2)


def test_the_check_tells_the_accuracy_of_the_trained_network():
    model, (x, y) = small(), drawn(32, 1)
    found = overfit_one_batch(model, x, y, steps=3, rate=0.3)
    rule = "The accuracy after the last step. Which list has it, and of which rows?"
    close(float(found), judged(model, x, y)[1], rule, 1e-4, kind=None)
    equal(int(model.optimizer.iterations), 3, "One batch, a step each time round.")


def test_the_check_sees_one_batch_and_nothing_else():
    model, (x, y) = small(), drawn(80, 1)
    x[24:] = np.nan
    overfit_one_batch(model, x, y, size=24, steps=2)
    rule = "Rows after the batch are NaN; the weights are not. Which rows do you take?"
    for weight in model.get_weights():
        finite(weight, rule)


# Over 24 seeds (0 to 23), reference solution, CPU:
#
#                             min   median    max   floor
#   one batch by heart       1.000    1.000  1.000    0.99
#   accuracy on new digits   0.899    0.914  0.925    0.87
#
# 20 runs of both sentences, one after the other: none failed.
#
# python -c "from katas.dojo.runner.tensorflow_import import import_tensorflow as tf;
# from katas.dojo.course import targets as t; tf(); t.install('solutions');
# from katas.day09 import test_mnist as m;
# print([(m.by_heart(seed), m.fresh(seed)) for seed in range(24)])"    (on one line)
def by_heart(seed):
    keras.utils.set_random_seed(seed)
    (images, y), _ = real()
    return float(overfit_one_batch(build_mlp(), preprocess(images), y))


def fresh(seed):
    keras.utils.set_random_seed(seed)
    (images, y), (test, labels) = real()
    model = build_mlp()
    train(model, *split(preprocess(images), y, seed=seed))
    guess = np.asarray(model(preprocess(test))).argmax(axis=1)
    return float(np.mean(guess == labels))


@pytest.mark.slow
def test_one_batch_is_learnt_by_heart():
    rule = "100,000 weights hold 32 digits. If not these, what will it ever learn?"
    at_least(by_heart(9), 0.99, rule)


@pytest.mark.slow
def test_new_digits_are_read():
    """Stays: all parts together, on real digits that no part has seen."""
    rule = "Most of 1,000 new digits are read. Does validation say the same?"
    at_least(fresh(9), 0.87, rule)

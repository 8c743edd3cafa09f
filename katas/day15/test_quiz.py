"""Day 15. Each prediction meets its experiment."""

import keras
import numpy as np

from katas.day15 import quiz
from katas.detector.recordings import watch
from katas.dojo.judge.quiz import predicted


def test_the_numbers_that_no_gradient_changes():
    norm = keras.layers.BatchNormalization()
    norm.build((None, 128, 32))
    answer = sum(int(np.prod(w.shape)) for w in norm.non_trainable_weights)
    why = "A moving mean and a moving variance for each of 32 channels are averaged."
    predicted(quiz.not_learnt, answer, why)


def test_the_batches_until_half_way():
    norm = keras.layers.BatchNormalization(momentum=0.99)
    x, batches = np.full((1, 1, 1), 10, "float32"), 0
    norm.build(x.shape)
    while norm.moving_mean.numpy() <= 5:
        norm(x, training=True)
        batches += 1
    why = "After n batches 10 * (1 - 0.99^n): a short training leaves it far behind."
    predicted(quiz.half_way, batches, why, tolerance=0.05)


def test_what_a_bias_before_the_norm_does():
    norm = keras.layers.BatchNormalization()
    x = np.random.default_rng(0).normal(size=(4, 9, 3)).astype("float32")
    norm.build(x.shape)
    norm.gamma.assign([2.0, 3.0, 4.0])
    moved = np.asarray(norm(x + 5, training=True) - norm(x, training=True))
    answers = {
        "by 5": np.allclose(moved, 5, atol=1e-4),
        "by 5 times gamma": np.allclose(moved, [10, 15, 20], atol=1e-4),
        "not at all": np.allclose(moved, 0, atol=1e-4),
    }
    answer = next(text for text, true in answers.items() if true)
    why = "The mean takes it out again: beta shifts, so write use_bias=False before."
    predicted(quiz.bias_moves_the_output, answer, why)


def test_a_stronger_window_under_the_wrong_flag():
    norm = keras.layers.BatchNormalization()
    window, _ = watch.windows(count=1, length=128)
    y, stronger = (np.std(norm(x, training=True)) for x in (window, 10 * window))
    answers = {
        "the same output": 1,
        "ten times the output": 10,
        "a hundred times the output": 100,
    }
    ratio = stronger / y
    answer = next((k for k, v in answers.items() if np.isclose(ratio, v, 0.05)), "none")
    why = "Measured by itself, its own strength cancels: a fall looks like a wave."
    predicted(quiz.ten_times_as_strong, answer, why)

"""Day 31. Each prediction meets its experiment."""

import keras
import numpy as np
from sklearn.metrics import f1_score
from sklearn.model_selection import GroupKFold, KFold, cross_val_predict
from sklearn.neighbors import KNeighborsClassifier

from katas.day31 import quiz
from katas.dojo.judge.quiz import predicted


def test_the_steps_of_a_training():
    x = np.zeros((8000, 1), "float32")
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(x[: 8000 // 128 * 128], x[: 8000 // 128 * 128], 128, epochs=8, verbose=0)
    why = "62 full batches of 128 in 8,000 windows, eight times over."
    predicted(quiz.steps, int(model.optimizer.iterations), why)


def test_the_split_at_random():
    """Twelve people, each with habits of their own; windows of one are alike."""
    rng = np.random.default_rng(30)
    who, trial = np.repeat(np.arange(12), 60), np.repeat(np.arange(180), 4)
    y = (trial % 5 == 0).astype(int)
    habit = rng.normal(0, 1, (12, 2, 6))[who, y]
    x = habit + rng.normal(0, 0.8, (180, 6))[trial] + 0.5 * y[:, None]
    x = x + rng.normal(0, 0.2, x.shape)
    near = KNeighborsClassifier(3)
    by_window = cross_val_predict(near, x, y, cv=KFold(5, shuffle=True, random_state=0))
    by_person = cross_val_predict(near, x, y, groups=who, cv=GroupKFold(5))
    random, honest = f1_score(y, by_window), f1_score(y, by_person)
    answer = (
        "higher" if random > honest + 0.05
        else "lower" if random < honest - 0.05
        else "the same"
    )  # fmt: skip
    why = f"{random:.2f} by window, {honest:.2f} by person: neighbours give it away."
    predicted(quiz.at_random, answer, why)


def test_the_threshold_chosen_on_test():
    rng = np.random.default_rng(30)
    gains = []
    for _ in range(300):
        fall = rng.random((2, 120)) < 0.15  # test people, then new people
        score = rng.normal(1.5 * fall, 1)
        alarm = score[:, None, :] >= score[0][:, None]  # [2, thresholds, windows]
        hits = (alarm & fall[:, None, :]).sum(axis=2)
        f1 = 2 * hits / (alarm.sum(axis=2) + fall.sum(axis=1, keepdims=True))
        best = f1[0].argmax()
        gains.append(f1[0, best] - f1[1, best])
    gain = float(np.mean(gains))
    answer = "too high" if gain > 0.01 else "too low" if gain < -0.01 else "right"
    why = (
        f"On new people of the same kind it is {gain:.2f} lower: it fitted their noise."
    )
    predicted(quiz.threshold_on_test, answer, why)


def test_the_figure_of_a_report():
    why = "The best seed is luck that the next one will not have: the mean, and the spread."
    predicted(quiz.reported, float(np.round(np.mean([0.93, 0.94, 0.95]), 6)), why)

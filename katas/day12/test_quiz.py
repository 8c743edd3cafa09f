"""Day 12. Each prediction meets its experiment."""

import keras
import numpy as np
import tensorflow as tf

from katas.day12 import quiz
from katas.dojo.course import digits
from katas.dojo.judge.quiz import predicted


def test_the_first_loss():
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    answer = float(loss(np.arange(10), np.zeros((10, 10))))
    why = "Ten equal shares: -ln(1/10) = 2.303. A first loss far from it is a symptom."
    predicted(quiz.first_loss, answer, why, tolerance=0.05)


def test_the_floor_of_a_softmax_squashed_twice():
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    answer = float(loss(np.arange(10), np.eye(10)))
    why = "The best softmax is one 1 and nine 0: -ln(e / (e + 9)) = 1.461."
    predicted(quiz.floor_of_the_loss, answer, why, tolerance=0.02)


def test_the_rows_that_are_judged():
    data = tf.data.Dataset.range(130).batch(64, drop_remainder=True)
    answer = sum(len(part) for part in data)
    why = "Two whole batches are 128; the last two rows are never seen."
    predicted(quiz.rows_judged, answer, why)


def test_the_accuracy_under_shuffled_labels():
    (x, y), (test_x, test_y) = digits.load()
    keras.utils.set_random_seed(0)
    wrong = np.random.default_rng(0).permutation(y)
    inputs = keras.Input((784,))
    model = keras.Model(inputs, keras.layers.Dense(10)(inputs))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(1e-3), loss)
    model.fit(x.reshape(-1, 784) / 255.0, wrong, 256, epochs=2, verbose=0)
    guess = model.predict(test_x.reshape(-1, 784) / 255.0, verbose=0).argmax(axis=1)
    reached = float(np.mean(guess == test_y))
    answer = min((0.1, 0.5, 0.9), key=lambda value: abs(value - reached))
    why = f"{reached:.2f}: there is nothing to learn, whatever the training loss says."
    predicted(quiz.accuracy_of_shuffled_labels, f"about {answer}", why)

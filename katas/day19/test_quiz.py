"""Day 19. Each prediction meets its experiment."""

import numpy as np
from keras import layers

from katas.day19 import quiz
from katas.dojo.judge.quiz import predicted


def window(channels=32):
    draw = np.random.default_rng(0).normal(size=(1, 128, channels))
    return draw.astype("float32")


def test_the_number_of_scores():
    layer = layers.MultiHeadAttention(4, 8)
    _, scores = layer(window(), window(), return_attention_scores=True)
    why = "4 heads compare 128 steps with 128 steps: twice the time, 4 x the cost."
    predicted(quiz.scores, int(np.size(scores)), why)


def test_the_number_of_parameters():
    layer = layers.MultiHeadAttention(4, 8)
    layer.build((None, 128, 32), (None, 128, 32))
    why = (
        "Query, key, value, output: 4 dense layers of 32 x 32 + 32, whatever the time."
    )
    predicted(quiz.parameters, layer.count_params(), why)


def test_the_first_share():
    zero = np.zeros((1, 1, 32), "float32")
    _, share = layers.Attention()([zero, window()], return_attention_scores=True)
    why = "Every score is 0, so the softmax is even: a new pooling is a plain mean."
    predicted(quiz.first_share, float(np.asarray(share)[0, 0, 7]), why, 0.01)


def test_the_output_of_a_reversed_input():
    query, x = window()[:, :1], window()
    once = np.asarray(layers.Attention()([query, x]))
    backwards = np.asarray(layers.Attention()([query, x[:, ::-1]]))
    same = np.allclose(once, backwards, rtol=1e-4, atol=1e-5)
    answer = "stays the same" if same else "changes altogether"
    why = (
        "Each step keeps its own score, and a sum has no order: time must enter before."
    )
    predicted(quiz.reversed_input, answer, why)

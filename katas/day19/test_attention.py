"""Day 19. What attention must do, one sentence per test."""

from functools import cache

import keras
import numpy as np
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st

from katas.day19.attention import (
    AttentionPooling,
    MultiHeadAttention,
    attend,
    shares,
)
from katas.detector.recordings import watch
from katas.dojo.judge import contract
from katas.dojo.judge.check import close, differences, shape
from katas.dojo.judge.strategies import noise, seeds

# (heads, depth). Depth 1 for one head only: with more, Keras 3.15 adds biases along time
# when time equals heads.
SIZES = st.just((1, 1)) | st.tuples(st.integers(1, 4), st.integers(2, 5))
QUERIES = noise((1, 2), (1, 5), 6, scale=2.0)
KEYS = noise(2, (2, 7), 6, scale=2.0)


def by_loops(q, k, mask=None):
    """Referee: the shares of eq. 1, one query at a time, slow and obvious."""
    given_out = np.zeros((len(q), q.shape[1], k.shape[1]), "float32")
    for b, i in np.ndindex(*given_out.shape[:2]):
        scores = [np.dot(q[b, i], key) / np.sqrt(len(key)) for key in k[b]]
        powers = np.exp(np.array(scores) - max(scores))
        if mask is not None:
            powers = powers * mask[b]
        given_out[b, i] = powers / powers.sum()
    return given_out


@cache
def heads(number, depth, channels):
    """Yours and Keras' of one size, with the same weights; biases drawn too."""
    mine = MultiHeadAttention(number, depth)
    mine.build((None, None, channels))
    referee = keras.layers.MultiHeadAttention(number, depth)
    referee.build((None, 1, channels), (None, 1, channels))
    draw = np.random.default_rng(19).normal
    weights = [draw(0, 0.7, w.shape) for w in referee.get_weights()]
    referee.set_weights(weights)
    parts = (mine.to_query, mine.to_key, mine.to_value, mine.to_output)
    for part, at in zip(parts, range(0, 8, 2), strict=True):
        kernel, bias = part.get_weights()
        part.set_weights(
            [weights[at].reshape(kernel.shape), weights[at + 1].reshape(bias.shape)]
        )
    return mine, referee


@cache
def pooling(channels, dtype="float32"):
    """One pooling whose query is drawn: zero would hide a fault."""
    layer = AttentionPooling(dtype=dtype)
    layer.build((None, None, channels))
    layer.set_weights([np.random.default_rng(19).normal(size=(1, channels))])
    return layer


def masks(seed, batch, time):
    """True where a step is real, with holes anywhere, but never none. [batch, time]"""
    draw = np.random.default_rng(seed)
    mask = draw.random((batch, time)) < 0.6
    mask[range(batch), draw.integers(time, size=batch)] = True
    return mask


@given(q=QUERIES, k=KEYS)
def test_the_shares_of_every_query_add_up_to_1(q, k):
    k = k[: len(q)]
    rule = "A query shares 1 out among the keys. Along which axis is the softmax?"
    found = shares(q, k)
    shape(found, (len(q), q.shape[1], k.shape[1]), "One share a query and key.")
    close(np.sum(found, axis=-1), np.ones(q.shape[:2], "float32"), rule)


@given(q=QUERIES, k=KEYS)
def test_the_shares_are_a_softmax_of_scaled_likeness(q, k):
    k = k[: len(q)]
    rule = "softmax(q · k / root of depth). What grows when vectors get longer?"
    close(shares(q, k), by_loops(q, k), rule, 1e-4, 1e-5)


@given(q=QUERIES, k=KEYS, seed=seeds())
def test_keys_that_count_share_what_masked_ones_leave(q, k, seed):
    k = k[: len(q)]
    mask = masks(seed, len(q), k.shape[1])
    rule = (
        "A masked key gets 0, the rest add up to 1. Does the mask act before softmax?"
    )
    close(shares(q, k, mask[:, None]), by_loops(q, k, mask), rule, 1e-4, 1e-5)


def test_a_masked_key_stays_out_however_low_the_others_score():
    q = np.full((1, 1, 4), 100, "float32")
    k = q * np.array([[[1], [-1], [-0.9]]], "float32")  # scores 20000, -20000, -18000
    mask = np.array([[[False, True, True]]])
    rule = "Scores may be tens of thousands below 0. Which number lies under them all?"
    close(shares(q, k, mask), np.array([[[0, 0, 1]]], "float32"), rule)


def test_where_no_key_counts_every_share_is_0():
    q, k = np.ones((2, 3, 4), "float32"), np.ones((2, 5, 4), "float32")
    mask = np.array([[[True] * 5], [[False] * 5]])
    rule = (
        "Nothing counts, so nothing is shared. What does the softmax of nothing give?"
    )
    close(shares(q, k, mask)[1], np.zeros((3, 5), "float32"), rule)


def test_a_score_of_a_thousand_stays_finite():
    q = np.full((1, 1, 4), 50, "float32")
    k = q * np.array([[[1], [-1], [0.9]]], "float32")  # scores 5000, -5000, 4500
    rule = "Only differences between scores matter. Which exponential overflows?"
    close(shares(q, k), np.array([[[1, 0, 0]]], "float32"), rule)


@given(q=QUERIES, k=KEYS, seed=seeds())
def test_the_answer_is_the_mean_of_values_by_their_shares(q, k, seed):
    k = k[: len(q)]
    v = np.random.default_rng(seed).normal(size=(len(q), k.shape[1], 3))
    mean = np.stack([s @ u for s, u in zip(by_loops(q, k), v, strict=True)])
    rule = "Shares weigh values; keys have done their part. What is multiplied?"
    close(attend(q, k, v.astype("float32")), mean.astype("float32"), rule, 1e-4, 1e-5)


@given(x=noise((1, 2), (2, 7), 6), seed=seeds())
def test_the_order_of_the_keys_does_not_matter(x, seed):
    v, order = x[:, :, :3], np.random.default_rng(seed).permutation(x.shape[1])
    rule = "Attention knows no before and after. Does a key's place decide anything?"
    once = np.asarray(attend(x, x, v))
    close(attend(x, x[:, order], v[:, order]), once, rule, 1e-4, 1e-5)


@given(x=noise((1, 2), (2, 7), 6), seed=seeds())
def test_reordered_queries_get_their_answers_in_that_order(x, seed):
    """Stays: with the law above it makes self-attention blind to order."""
    order = np.random.default_rng(seed).permutation(x.shape[1])
    rule = "A query's answer is its own. Does it depend on the other queries?"
    once = np.asarray(attend(x, x, x))
    close(attend(x[:, order], x, x), once[:, order], rule, 1e-4, 1e-5)


@given(time=st.integers(1, 7), number=st.integers(1, 3), depth=st.integers(1, 5))
def test_a_head_sees_its_part_of_the_channels_at_every_step(time, number, depth):
    x = np.arange(2 * time * number * depth, dtype="float32")
    x = x.reshape(2, time, number * depth)
    parts = [x[:, :, h * depth : (h + 1) * depth] for h in range(number)]
    rule = "Head h takes channels h * depth and on, at each step. Is time cut instead?"
    close(MultiHeadAttention(number).split_heads(x), np.stack(parts, axis=1), rule)


@given(x=noise((1, 3), (1, 6), (1, 4)), size=SIZES, seed=st.none() | seeds())
def test_the_heads_agree_with_those_of_keras(x, size, seed):
    mine, referee = heads(*size, x.shape[2])
    mask = everyone = None
    if seed is not None:
        mask = masks(seed, len(x), x.shape[1])
        everyone = np.repeat(mask[:, None], x.shape[1], axis=1)  # for every query
    rule = f"heads={size[0]}, depth={size[1]}, weights of Keras' layer. What differs?"
    close(mine(x, mask=mask), referee(x, x, attention_mask=everyone), rule, 1e-4, 1e-5)


@given(x=noise((1, 3), (1, 6), (1, 5)), seed=st.none() | seeds())
def test_pooling_agrees_with_the_attention_of_keras(x, seed):
    mask = None if seed is None else masks(seed, len(x), x.shape[1])
    layer = pooling(x.shape[2])
    query = layer.get_weights()[0] / np.sqrt(x.shape[2])  # Keras' does not scale
    query = np.tile(query, (len(x), 1, 1))
    answer = keras.layers.Attention()([query, x], mask=[None, mask])
    rule = "One query, one vector a sequence. Which axis is left when time is gone?"
    close(layer(x, mask=mask), np.asarray(answer)[:, 0], rule, 1e-4, 1e-5)


@given(x=noise((1, 2), (1, 6), 5), padding=noise(1, (1, 4), 5, scale=9.0))
def test_padding_changes_neither_heads_nor_pooling(x, padding):
    long = np.concatenate([x, np.tile(padding, (len(x), 1, 1))], axis=1)
    mask = np.tile(np.arange(long.shape[1]) < x.shape[1], (len(x), 1))
    rule = "Padding carries no news. Does call hand its mask on, in the right shape?"
    steps = heads(2, 3, 5)[0](long, mask=mask)[:, : x.shape[1]]
    close(steps, heads(2, 3, 5)[0](x), rule, 1e-4, 1e-5)
    close(pooling(5)(long, mask=mask), pooling(5)(x), rule, 1e-4, 1e-5)


def slopes(layer, x, mask):
    """The gradient of the sum of squares, by a tape and by finite differences."""

    def squares(x):
        return tf.square(layer(x, mask=mask))

    with tf.GradientTape() as tape:
        tape.watch(v := tf.constant(x))
        y = squares(v)
    found = tape.gradient(y, v, unconnected_gradients="zero")
    return found, differences(squares, x)


def test_the_gradient_of_both_layers_agrees_with_finite_differences():
    draw = np.random.default_rng(19).normal
    x = draw(size=(2, 3, 4))
    layer = MultiHeadAttention(2, dtype="float64")
    layer.build(x.shape)
    layer.set_weights([draw(0, 0.7, w.shape) for w in layer.get_weights()])
    for mask in (None, np.array([[True, False, True], [False] * 3])):
        where = "" if mask is None else " Masked steps too?"
        found, wanted = slopes(layer, x, mask)
        rule = f"x acts as query, as key and as value. Is one of the three cut?{where}"
        close(found, wanted, rule, 1e-5, 1e-7, kind="float64")
        found, wanted = slopes(pooling(4, "float64"), x, mask)
        rule = f"x acts as key and as value. Is one of the two paths cut?{where}"
        close(found, wanted, rule, 1e-5, 1e-7, kind="float64")


def test_both_layers_keep_the_contract_of_keras():
    windows, _ = watch.windows(count=3, length=128)
    for make in (lambda: MultiHeadAttention(2, 4), AttentionPooling):
        layer = make()
        graph = tf.function(layer, [tf.TensorSpec((None, None, 6))], autograph=False)
        rule = "The graph holds for any number of steps. Is a Python size read from x?"
        close(graph(windows), layer(windows), rule, 1e-4, 1e-5)
        contract.check(make, windows)

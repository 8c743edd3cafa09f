"""Day 08. What must hold of a stream of windows, one sentence per test."""

import numpy as np
import tensorflow as tf
from hypothesis import example, given, settings
from hypothesis import strategies as st

from katas.day08.pipelines import balanced, batches, normalised, statistics, windowed
from katas.detector.recordings import watch
from katas.dojo.judge.check import at_least, at_most, between, close, equal, shape
from katas.dojo.judge.strategies import noise, seeds

few = settings(max_examples=8)  # each example starts a pipeline: 20 ms


def numbers(count):
    """x that holds its own row number, and y the same: who comes when is visible."""
    return np.arange(count, dtype="float32")[:, None], np.arange(count)


def order(data):
    return np.concatenate([np.zeros(0, int), *(np.asarray(y) for _, y in data)])


@few
@given(count=st.integers(1, 40), size=st.integers(1, 16), seed=seeds())
def test_an_epoch_holds_every_window_once(count, size, seed):
    data = batches(*numbers(count), size, seed)
    rule = "Every window once an epoch, none twice, none dropped. Which is missing?"
    equal(np.sort(order(data)), np.arange(count), rule)


@few
@given(count=st.integers(2, 40), size=st.integers(1, 16))
def test_batches_are_full_but_for_the_last(count, size):
    sizes = [len(y) for _, y in batches(*numbers(count), size, 1)]
    rest = count % size
    rule = "Full batches, then what is left. Is the stream batched windows, or windows?"
    equal(sizes, [size] * (count // size) + [rest] * (rest > 0), rule)


def test_each_window_keeps_its_label():
    for x, y in batches(*numbers(50), 8, 3):
        rule = "x and y are one element. Are they shuffled apart?"
        equal(np.asarray(x)[:, 0].astype(int), np.asarray(y), rule)


def test_each_epoch_has_a_new_order():
    data = batches(*numbers(200), 16, 8)
    rule = "A second pass comes in another order. What is remembered from the first?"
    same = np.mean(order(data) == order(data))
    at_most(same, 0.2, rule)


def test_a_seed_repeats_the_order():
    for seed in (5, 0):
        first, second = (order(batches(*numbers(100), 16, seed)) for _ in range(2))
        rule = f"Seed {seed} again, the same first epoch. Does it reach the shuffle?"
        equal(first, second, rule)


def test_windows_are_shuffled_and_not_batches():
    first = order(batches(*numbers(256), 32, 2))[:32]
    rule = "A batch holds windows from all over. Are its members still neighbours?"
    at_most(np.mean(np.abs(np.diff(first)) == 1), 0.25, rule)


def test_the_buffer_reaches_over_the_whole_recording():
    early = order(batches(*numbers(5000), 50, 4))[:100]
    rule = "Any window may come first. How far ahead does the shuffle look?"
    at_least(early.max(), 3500, rule)
    between(early.mean(), 1750, 3250, rule)


def test_the_batch_size_may_vary_and_the_rest_is_known():
    """Stays: a model that is built from the stream depends on it."""
    x = np.zeros((10, 128, 6), "float32")
    spec = batches(x, np.zeros(10), 4).element_spec[0]
    rule = (
        "A model is built from [batch, 128, 6] with an open batch. Which is not known?"
    )
    equal(spec.shape.as_list(), [None, 128, 6], rule)


@few
@given(x=noise((5, 20), (2, 6), 3, scale=4.0), size=st.integers(1, 7))
def test_the_statistics_of_a_stream_are_those_of_the_whole(x, size):
    x[..., 1] += 20
    data = tf.data.Dataset.from_tensor_slices((x, np.zeros(len(x)))).batch(size)
    flat = x.reshape(-1, 3).astype("float64")
    rule = "Batches are not equal in size. Is a mean of means the mean?"
    mean, deviation = statistics(data)
    close(mean, flat.mean(axis=0), rule, 1e-4, 1e-4)
    rule = "The root of the mean square less the squared mean. Is a part left out?"
    close(deviation, flat.std(axis=0), rule, 1e-3, 1e-3)


def test_the_digits_survive_a_large_mean():
    x = np.random.default_rng(8).normal(1000, 0.1, (60, 5, 3)).astype("float32")
    data = tf.data.Dataset.from_tensor_slices((x, np.zeros(60))).batch(8)
    rule = (
        "The squares are near 1e6, their spread is 0.01. How many digits do you keep?"
    )
    close(statistics(data)[1], x.astype("float64").std(axis=(0, 1)), rule, 1e-3, 0)


def test_a_channel_that_never_moves_has_the_deviation_zero():
    still = np.linspace(0.1, 2.9, 29, dtype="float32")  # 29 channels, each constant
    x = np.tile(still, (12, 32, 1))
    data = tf.data.Dataset.from_tensor_slices((x, np.zeros(12))).batch(8)
    mean, deviation = statistics(data)
    rule = "A still sensor has no spread. What is the root of what rounding leaves?"
    close(deviation, np.zeros(29, "float32"), rule, 0, 1e-6)
    close(mean, still, "Its mean is the value that it always has.")


def test_the_statistics_take_one_pass():
    passes = []

    def read():
        passes.append("read")
        yield np.ones((2, 3, 4), "float32"), 0

    spec = tf.TensorSpec((2, 3, 4), tf.float32), tf.TensorSpec((), tf.int32)
    statistics(tf.data.Dataset.from_generator(read, output_signature=spec))
    rule = "A pass reads every file again. What must be known of a batch when it goes?"
    equal(len(passes), 1, rule)


def test_scaling_turns_a_channel_that_never_moved_into_zeros():
    x = np.float32([[[2, 5], [2.5, 7]]])  # [1, 2, 2]: the first channel was stuck at 2
    data = tf.data.Dataset.from_tensor_slices((x, [0])).batch(1)
    scaled = normalised(data, np.float32([2, 6]), np.float32([0, 1]))
    rule = "A broken sensor must not poison the rest. What does x / 0 give?"
    close(next(iter(scaled))[0], np.float32([[[0, -1], [0, 1]]]), rule)


def test_scaling_keeps_the_shape_that_is_known():
    data = tf.data.Dataset.from_tensor_slices((np.ones((5, 4, 6), "float32"), [0] * 5))
    spec = normalised(data.batch(2), np.zeros(6, "float32"), np.ones(6, "float32"))
    rule = "A model needs [batch, 4, 6] before the first batch. Is NumPy in the middle?"
    equal(str(spec.element_spec[0].shape), "(None, 4, 6)", rule)


@few
@given(x=noise((2, 9), 4, 6), mean=noise(6), seed=seeds())
def test_normalising_uses_the_statistics_it_is_given(x, mean, seed):
    deviation = np.random.default_rng(seed).uniform(0.5, 3, 6).astype("float32")
    data = tf.data.Dataset.from_tensor_slices((x, np.arange(len(x)))).batch(2)
    scaled = normalised(data, mean, deviation)
    rule = "Test data are scaled by the training's statistics. Whose are yours?"
    found = np.concatenate([np.asarray(a) for a, _ in scaled])
    close(found, (x - mean) / deviation, rule, 1e-4, 1e-4)
    equal(
        order(scaled),
        np.arange(len(x)),
        "Labels pass as they are. Which does the map return?",
    )


@few
@given(length=st.integers(60, 200), hop=st.integers(20, 90))
@example(length=101, hop=80)  # a sample too long for the window from 400
@example(length=100, hop=80)  # the last window ends where its recording ends
def test_a_stream_of_windows_agrees_with_slicing(length, hop):
    signals = [r.signal[:500] for r in watch.recordings()[:3]]
    signals[1] = signals[1][:50]  # shorter than a window
    wanted = [
        (number, start)
        for number, signal in enumerate(signals)
        for start in range(0, len(signal) - length + 1, hop)
    ]
    found = list(windowed(signals, length, hop))
    rule = "Each window lies within one recording and brings its number. Which are cut?"
    equal([int(number) for _, number in found], [n for n, _ in wanted], rule)
    for (window, _), (number, start) in zip(found, wanted, strict=True):
        close(window, signals[number][start : start + length], rule)


def test_a_second_epoch_cuts_the_same_windows_again():
    data = windowed([np.ones((300, 6), "float32")] * 2, 128, 32)
    rule = "A stream starts anew in each epoch. Where is the generator made?"
    equal([len(list(data)) for _ in range(2)], [12, 12], rule)


def test_a_window_has_a_known_shape_before_it_is_cut():
    window, number = windowed([], 128, 32).element_spec
    rule = "A model needs [128, 6] before the first window. What does the spec say?"
    shape(window, (128, 6), rule)
    equal(number.dtype.name, "int32", "The number of the recording is an int32.")


def test_nothing_is_read_before_it_is_needed():
    read = []

    class Shelf:
        def __iter__(self):
            for number in range(50):
                read.append(number)
                yield np.zeros((300, 6), "float32")

    data = windowed(Shelf(), 128, 32)
    equal(len(read), 0, "A stream is a plan. Who reads while it is made?")
    for _ in data.take(2):
        pass
    at_most(len(read), 3, "Two windows need one recording. How many are read?")


def test_falls_have_the_share_that_was_asked_for():
    falls = tf.data.Dataset.from_tensors(1)
    daily = tf.data.Dataset.range(900).map(lambda _: 0)
    for share in (0.25, 0.7):
        stream = balanced(falls, daily, share, seed=8).take(2000)
        drawn = list(stream.as_numpy_iterator())
        rule = (
            f"{share} of them are falls, all along. Whose is which weight, who repeats?"
        )
        equal(len(drawn), 2000, "The stream never ends: a fall may come again.")
        # 2,000 draws at 0.25 or 0.7: standard deviation 0.01, so 0.05 is five of them.
        between(np.mean(drawn), share - 0.05, share + 0.05, rule)


def test_the_same_seed_draws_the_same_falls():
    kinds = [tf.data.Dataset.from_tensors(kind) for kind in (1, 0)]
    first, second, other = (
        np.array(list(balanced(*kinds, 0.5, seed).take(40).as_numpy_iterator()))
        for seed in (8, 8, 9)
    )
    rule = "The same seed, the same draws. Does it reach the sampling?"
    equal(second, first, rule)
    at_least(np.sum(other != first), 1, "Another seed draws otherwise. Is yours fixed?")

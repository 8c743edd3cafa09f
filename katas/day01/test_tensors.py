"""Day 01. What must hold when a recording becomes numbers, one sentence per test."""

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from katas.day01.tensors import distances, magnitude, standardise, windows
from katas.detector.recordings import watch
from katas.dojo.judge.check import at_most, between, close, equal, shape
from katas.dojo.judge.strategies import arrays, noise, sequences


@given(x=arrays((1, 4), (1, 5), (1, 5)))
def test_the_magnitude_is_the_euclidean_length_of_a_row(x):
    wanted = [[sum(float(v) ** 2 for v in row) ** 0.5 for row in rows] for rows in x]
    rule = "Length is the root of the summed squares. Over which axis is the sum?"
    close(magnitude(x), np.array(wanted, "float32"), rule)


@given(x=noise((1, 5), 3), turn=noise(3, 3))
def test_the_magnitude_does_not_care_how_the_sensor_lies(x, turn):
    rotation, _ = np.linalg.qr(turn)
    rule = (
        "Turning the sensor turns the three axes, not the length. Is each axis squared?"
    )
    close(magnitude(x @ rotation), magnitude(x), rule, 1e-4, 1e-5)


def test_half_of_all_training_reads_about_one_g():
    x, _ = watch.windows(count=140)
    length = magnitude(x[..., :3])
    rule = (
        "Gravity is 1 g, and slow movement adds little. What do three axes add up to?"
    )
    shape(length, (140, 128), rule)
    between(np.median(length), 0.9, 1.2, rule)


@given(x=noise((1, 3), (4, 9), (1, 4), scale=3.0))
def test_each_channel_gets_mean_0_and_deviation_1(x):
    y = standardise(x)
    rule = (
        "Each sequence, each channel: mean 0 over time. Which axis has the statistics?"
    )
    shape(y, x.shape, "Standardising keeps the shape.")
    close(
        np.mean(y, axis=1), np.zeros((len(x), x.shape[2]), "float32"), rule, atol=1e-5
    )
    rule = (
        "The deviation divides by the number of steps. Is one taken off, or more added?"
    )
    one = np.ones((len(x), x.shape[2]), "float32")
    close(np.std(y, axis=1), one, rule, 1e-4, 1e-4)
    rule = "The unit does not count, g or a millionth of it. What else divides?"
    close(standardise(1e-6 * x), y, rule, 1e-3, 1e-3)


@given(x=noise((2, 3), (4, 9), (1, 4)))
def test_a_sequence_is_standardised_the_same_in_any_batch(x):
    rule = "A sequence's mean is its own. Does the rest of the batch move it?"
    close(standardise(x)[:1], standardise(x[:1]), rule, 1e-4, 1e-5)


@given(x=noise((1, 3), (4, 9), (1, 4)))
def test_standardising_twice_changes_nothing(x):
    once = np.asarray(standardise(x))
    rule = (
        "Mean 0 and deviation 1 are there already. What does the second pass divide by?"
    )
    close(standardise(once), once, rule, 1e-4, 1e-5)


@given(level=st.floats(-2000, 2000, width=32), time=st.integers(2, 40))
def test_a_constant_channel_becomes_exactly_zero(level, time):
    x = np.full((1, time, 2), level, "float32")
    x[:, :, 1] = np.arange(time)
    rule = (
        "A still channel says nothing: 0. Is its float32 deviation 0 to the last bit?"
    )
    close(standardise(x)[:, :, 0], np.zeros((1, time), "float32"), rule, atol=2e-6)


def test_real_windows_are_standardised_as_numpy_does_it():
    x, _ = watch.windows(count=8)
    wide = x.astype("float64")
    mean, deviation = wide.mean(1, keepdims=True), wide.std(1, keepdims=True)
    rule = "(x - mean) / deviation, over 128 steps at 50 Hz. Which part differs?"
    close(standardise(x), (wide - mean) / deviation, rule, 1e-3, 1e-4)


@given(time=st.integers(0, 30), length=st.integers(1, 9), hop=st.integers(1, 11))
@example(time=2, length=9, hop=3)  # far from one
def test_there_are_as_many_windows_as_fit_whole(time, length, hop):
    x = np.zeros((time, 2), "float32")
    count = sum(start + length <= time for start in range(0, time, hop))
    rule = "A window counts when its last step is inside. What of a part at the end?"
    if not count:
        rule = (
            "Where no window fits, none of length steps come back. Which shape is that?"
        )
    shape(windows(x, length, hop), (count, length, 2), rule)


@given(x=noise((9, 30), (1, 3)), length=st.integers(1, 9), hop=st.integers(1, 11))
def test_window_k_starts_at_k_hops(x, length, hop):
    cut = windows(x, length, hop)
    rule = "Window k is x[k * hop : k * hop + length]. Where does yours begin?"
    for k, one in enumerate(np.asarray(cut)):
        close(one, x[k * hop : k * hop + length], rule)


@given(x=noise((8, 30), (1, 3)), length=st.integers(1, 8))
def test_windows_side_by_side_lose_and_invent_nothing(x, length):
    cut = np.asarray(windows(x, length, length))
    rule = "With hop = length the windows laid end to end are the recording. Are they?"
    close(cut.reshape(-1, x.shape[1]), x[: len(x) // length * length], rule)


@given(a=noise((1, 5), (1, 4)), b=noise((1, 6), 4))
def test_each_distance_is_that_of_two_rows(a, b):
    b = b[:, : a.shape[1]]
    wanted = [[sum((p - q) ** 2) ** 0.5 for q in b] for p in a]
    rule = "Entry [i, j] belongs to a[i] and b[j]. Squared, or its root?"
    close(distances(a, b), np.array(wanted, "float32"), rule, 1e-4, 1e-5)


@given(a=sequences(batch=1, time=(1, 6), channels=3))
def test_a_row_is_at_distance_zero_from_itself(a):
    rule = "The diagonal is exactly 0. Is |a|^2 + |b|^2 - 2 a.b still exact in float32?"
    table = np.asarray(distances(a[0] + 1000, a[0] + 1000))
    close(np.diag(table), np.zeros(len(table), "float32"), rule)
    close(table, table.T, "As far there as back: the table is symmetric.")


@given(a=noise((3, 6), 3))
def test_no_detour_is_shorter_than_the_straight_way(a):
    table = np.asarray(distances(a, a))
    equal(table.shape, (len(a), len(a)), "One entry a pair.")
    detour = (table[:, :, None] + table[None]).min(axis=1)
    rule = "The triangle inequality: d(p, r) <= d(p, q) + d(q, r). Is the root taken?"
    at_most(table - detour, 1e-4, rule)

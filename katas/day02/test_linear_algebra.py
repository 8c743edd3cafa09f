"""Day 02. What dot products, projections and fits must do, one sentence per test."""

import numpy as np
from hypothesis import given

from katas.day02.linear_algebra import dot, least_squares, project, tilt
from katas.detector.recordings import watch
from katas.dojo.judge.check import between, close, shape
from katas.dojo.judge.strategies import arrays, noise

AXES = np.eye(3, dtype="float32")
SLANTED = np.array([2.0, 1.0, 3.0], "float32")


def angle(gravity, direction):
    """Referee: the angle between two vectors in float64, by NumPy."""
    gravity, direction = gravity.astype("float64"), direction.astype("float64")
    lengths = np.linalg.norm(gravity) * np.linalg.norm(direction)
    return np.arccos(np.clip(np.dot(gravity, direction) / lengths, -1, 1))


def fitted(x, y):
    """Referee: the least-squares kernel in float64, by NumPy."""
    return np.linalg.lstsq(x.astype("float64"), y.astype("float64"))[0]


@given(ab=arrays(2, (2, 3), (4, 5)))
def test_dot_is_the_sum_of_the_products_row_by_row(ab):
    a, b = ab
    wanted = [sum(a[i, j] * b[i, j] for j in range(a.shape[1])) for i in range(len(a))]
    rule = "One number a row: its products, summed. Over which axis, and is more done?"
    close(dot(a, b), np.array(wanted, "float32"), rule, 1e-4, 1e-4)


@given(a=noise((1, 3), (4, 5), 3), b=noise(3))
def test_one_vector_may_meet_every_step_of_a_batch(a, b):
    wanted = [[np.dot(step, b) for step in sequence] for sequence in a]
    rule = "Only the last axis is summed. Does the formula fix how many come before it?"
    close(dot(a, b), np.array(wanted), rule, 1e-4, 1e-4)


@given(abc=noise(3, (2, 3), (4, 5)))
def test_dot_is_linear_in_each_of_its_vectors(abc):
    a, b, c = abc
    wanted = 2 * (a * b).sum(axis=1) + (c * b).sum(axis=1)
    rule = "Twice the vector gives twice the product. Is a length divided out?"
    close(dot(2 * a + c, b), wanted, rule, 1e-4, 1e-4)
    close(dot(b, 2 * a + c), wanted, rule, 1e-4, 1e-4)


@given(ab=noise(2, (2, 3), (4, 5)))
def test_dot_never_exceeds_the_product_of_the_lengths(ab):
    came = dot(*ab)
    rule = "Cauchy-Schwarz: |a · b| <= |a| |b|. Is a's i-th entry met by b's j-th?"
    shape(came, ab.shape[1:2], rule)
    between(np.abs(came) / np.linalg.norm(ab, axis=-1).prod(0), 0, 1.0001, rule)


@given(a=noise((2, 3), (4, 5), 3), b=noise(3))
def test_a_projection_lies_along_b(a, b):
    came = project(a, b)
    rule = "A projection onto b is a multiple of b. Of which vector is yours one?"
    shape(came, a.shape, rule)
    across = np.cross(came, b)
    close(across, np.zeros(a.shape), rule, atol=1e-4)


@given(ab=noise(2, (2, 3), (4, 5)))
def test_what_a_projection_leaves_over_stands_square_to_b(ab):
    a, b = ab
    came = project(a, b)
    rule = "The rest, a minus its projection, holds no b. By what is a · b divided?"
    shape(came, a.shape, rule)
    along = ((a - np.asarray(came)) * b).sum(axis=1)
    close(along, np.zeros(len(a)), rule, atol=1e-4)
    rule = "The length of b does not count. What else is in the divisor?"
    close(project(a, 1e-4 * b), came, rule, 1e-3, 1e-4)


def test_a_projection_onto_nothing_is_nothing():
    a, b = np.ones((2, 3), "float32"), np.float32([[1, 0, 0], [0, 0, 0]])
    rule = "Along a vector of length 0 lies nothing: 0. What does 0 / 0 give?"
    close(project(a, b), b, rule)


def test_a_quarter_turn_is_half_of_pi():
    flat = np.tile(AXES[2], (2, 5, 1))  # [batch, time, 3], at rest, z up
    rule = "x is level when z points up. Of what is the angle the arc, in which unit?"
    close(tilt(flat, AXES[0]), np.full(2, np.pi / 2), rule)


@given(gravity=noise((2, 3), 3))
def test_only_the_directions_count_not_the_lengths(gravity):
    gravity = np.abs(gravity)
    still = gravity[:, None].repeat(4, axis=1)  # [batch, time, 3]
    wanted = np.array([angle(g, SLANTED) for g in gravity])
    rule = "An angle has no length. Which of the two vectors is not divided by its own?"
    close(tilt(still, SLANTED), wanted, rule, atol=2e-3)
    close(tilt(3 * still, SLANTED), wanted, rule, atol=2e-3)


def test_along_gravity_the_tilt_is_0_and_against_it_pi():
    # Of 200 multiples some give a cosine of 1.0000001 in float32, however computed.
    scales = np.linspace(0.1, 2, 200, dtype="float32")[:, None, None]
    for direction in (SLANTED, *np.random.default_rng(2).normal(size=(9, 3))):
        direction = direction.astype("float32")
        rule = "Rounding must not make an angle NaN. Where does arccos begin and end?"
        close(tilt(scales * direction, direction), np.zeros(200), rule, atol=2e-3)
        rule = "Upside down is pi, not 0. Is the sign of the cosine kept?"
        half_turn = np.full(200, np.pi)
        close(tilt(scales * direction, -direction), half_turn, rule, atol=2e-3)


def test_tilt_agrees_with_numpy_on_real_windows():
    x, _ = watch.windows(count=14, seed=2)
    x = x[..., :3]
    wanted = [angle(window.mean(axis=0), AXES[1]) for window in x]
    rule = "Gravity is the mean of a window's steps. Which steps does yours look at?"
    close(tilt(x, AXES[1]), np.array(wanted), rule, atol=2e-3)


@given(x=noise(11, 3), y=noise(11, 2))
def test_what_a_fit_leaves_over_is_square_to_every_column(x, y):
    kernel = least_squares(x, y)
    shape(kernel, (3, 2), "The kernel is asked for, [inputs, outputs]. What is yours?")
    rule = "No column of x takes more off the rest. Is one fitted alone, r half read?"
    rest = y - x @ np.asarray(kernel)
    close(x.T @ rest, np.zeros((3, 2)), rule, atol=1e-3)


@given(x=noise(11, 3), y=noise(11, 2))
def test_one_kernel_is_best_and_numpy_finds_it_too(x, y):
    rule = "One kernel is best. Which half of r is zero, and does the solver know?"
    close(least_squares(x, y), fitted(x, y), rule, 1e-3, 1e-4)


def test_nearly_dependent_columns_are_still_solved():
    windows, _ = watch.windows(count=12, seed=2)
    t = np.arange(128, dtype="float32") / 50  # [s]
    x = np.stack([t**power for power in range(6)], axis=1)  # condition number 6,119
    rule = "Powers of time look alike. Which product squares their condition number?"
    for y in windows:  # error by QR: under 0.02 %, by the normal equations: 4 to 27 %
        wanted = fitted(x, y)
        close(least_squares(x, y), wanted, rule, 0, 5e-3 * np.abs(wanted).max())

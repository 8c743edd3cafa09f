"""The simulator keeps the laws of a rigid body, and its falls look like falls."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from katas.detector import simulator
from katas.detector.recordings import DataError, weda
from katas.detector.recordings.recording import GRAVITY, find_impact, magnitude
from katas.detector.simulator import body, daily, falls, simulate, turns
from katas.detector.simulator.motion import Movement, ease, strike
from katas.detector.simulator.sensor import Sensor

ANGLE = st.floats(-170, 170)


def person(side=1, seed=0):
    drawn = body.Person.draw(np.random.default_rng(seed))
    return replace(drawn, side=side, mount=(0.0, 0.0, 0.0))


def movement(seconds=4.0, side=1, seed=0):
    return Movement(seconds, person(side, seed), np.random.default_rng(seed))


def falling(seed=3):
    moved = movement(12.0, seed=seed)
    falls.fall(moved, "trip", "forward", 4.0)
    return moved


def scipy_turns(orientation):
    return Rotation.from_quat(np.roll(orientation, -1, axis=0).T)


@pytest.fixture(scope="module")
def ten():
    return simulator.recordings(people=10, seed=1)


# Turns


@settings(max_examples=50, deadline=None)
@given(st.tuples(ANGLE, ANGLE, ANGLE), st.tuples(*[st.floats(-2, 2)] * 3))
def test_turns_agree_with_scipy(angles, vector):
    ours = turns.compose(
        *(turns.axis_rotation(a, v) for a, v in zip("zyx", angles, strict=True))
    )
    theirs = Rotation.from_euler("ZYX", angles, degrees=True)
    np.testing.assert_allclose(
        turns.rotate(ours, vector)[:, 0], theirs.apply(vector), atol=1e-12
    )
    np.testing.assert_allclose(
        turns.rotate(turns.inverse(ours), vector)[:, 0],
        theirs.inv().apply(vector),
        atol=1e-12,
    )
    if theirs.magnitude() < 3.1:
        np.testing.assert_allclose(
            turns.rotation_vector(ours)[:, 0], theirs.as_rotvec(), atol=1e-9
        )


# Physics


@pytest.mark.parametrize("side", [1, -1])
def test_a_still_watch_reads_1_g_and_does_not_turn(side):
    moved = movement(side=side)
    moved.stand()
    seen = simulator.truth(moved)
    np.testing.assert_allclose(np.linalg.norm(seen[:, :3], axis=1), 1, atol=1e-9)
    np.testing.assert_allclose(seen[:, 3:], 0, atol=1e-9)


def test_a_watch_in_free_fall_reads_nothing():
    moved = movement()
    moved.stand()
    moved.add("z", -GRAVITY / 2 * moved.t**2)
    moved.add("x", 3 * moved.t)
    np.testing.assert_allclose(simulator.truth(moved)[:, :3], 0, atol=1e-8)


def test_a_wheel_reads_its_centripetal_acceleration():
    moved = movement()
    rate = np.deg2rad(90)
    moved.pose(abduct=90, yaw=0)  # the arm points out sideways
    moved.add("yaw", 90 * moved.t)
    arm = body.HALF_SHOULDERS + body.UPPER_ARM + body.FOREARM
    inward = rate**2 * arm * moved.person.height / GRAVITY
    seen = simulator.truth(moved)[5:-5]
    np.testing.assert_allclose(magnitude(seen), np.hypot(1, inward), rtol=1e-4)
    np.testing.assert_allclose(np.linalg.norm(seen[:, 3:], axis=1), rate, rtol=1e-9)


def test_the_gyroscope_integrates_back_to_the_turn_of_the_watch():
    moved = falling()
    _, orientation = body.wrist(moved.tracks, moved.person)
    rates = body.angular_rate(orientation)
    turned = Rotation.identity()
    for rate in rates[:-1]:
        turned = turned * Rotation.from_rotvec(rate / body.RATE)
    path = scipy_turns(orientation)
    assert (path[0] * turned * path[-1].inv()).magnitude() < 1e-6
    assert (path[0].inv() * path[-1]).magnitude() > 0.3, "the fall did turn the wrist"


def test_the_accelerometer_integrates_back_to_the_path_of_the_wrist():
    moved = falling()
    position, orientation = body.wrist(moved.tracks, moved.person)
    force = body.specific_force(position, orientation)
    world = scipy_turns(orientation).apply(force) * GRAVITY - [0, 0, GRAVITY]
    speed = np.cumsum(world[1:-1], axis=0) / body.RATE
    start = (position[:, 1] - position[:, 0]) * body.RATE
    path = position[:, 1:2].T + np.cumsum(speed + start, axis=0) / body.RATE
    np.testing.assert_allclose(path, position[:, 2:].T, atol=1e-6)


def test_gravity_in_the_watch_follows_the_same_turn_as_the_gyroscope():
    moved = movement()
    moved.stand()
    moved.ease(1, 2, pronate=90, elbow=90)
    seen = simulator.truth(moved)
    up = seen[0, :3]
    for rate in seen[:-1, 3:]:
        up = Rotation.from_rotvec(rate / body.RATE).inv().apply(up)
    np.testing.assert_allclose(up, seen[-1, :3], atol=1e-3)


@pytest.mark.parametrize(
    ("joints", "left", "right"),
    [
        ({}, (-1, 0, 0), (1, 0, 0)),  # hanging: the hand, or the elbow, lies at +x
        ({"elbow": 90, "pronate": 90}, (0, 0, 1), (0, 0, 1)),  # reading the time
        ({"elbow": 90}, (0, -1, 0), (0, -1, 0)),  # thumb up
        ({"flex": 180}, (1, 0, 0), (-1, 0, 0)),  # hand up
    ],
)
def test_the_watch_is_worn_the_right_way_up_on_either_wrist(joints, left, right):
    for side, up in ((1, left), (-1, right)):
        moved = movement(side=side)
        moved.pose(**joints)
        np.testing.assert_allclose(simulator.truth(moved)[9, :3], up, atol=1e-9)


# Movement


@settings(max_examples=30, deadline=None)
@given(
    fall=st.floats(0.1, 1.5),
    stop=st.floats(0.02, 0.4),
    power=st.floats(0, 2.5),
)
def test_a_strike_goes_once_from_0_to_1_and_is_fastest_when_it_meets(fall, stop, power):
    t = np.arange(0, 3, 0.001)
    path = strike(t, 0.5, fall, stop, power)
    assert path[0] == 0
    assert path[-1] == pytest.approx(1)
    speed = np.diff(path) / 0.001
    assert speed.min() > -1e-9
    assert t[np.argmax(speed)] == pytest.approx(0.5 + fall, abs=0.01)
    steepest = speed.max() * max(np.pi / 2 / stop, (power + 1) / fall)
    assert np.abs(np.diff(speed)).max() < 1.05 * steepest * 0.001, "no jump in speed"


def test_an_ease_goes_smoothly_from_0_to_1():
    t = np.arange(0, 3, 0.01)
    path = ease(t, 1, 1)
    assert (path[t <= 1] == 0).all()
    assert (path[t >= 2.001] == 1).all()
    assert (np.diff(path) >= 0).all()


def test_a_hop_is_free_fall_in_the_air_and_ends_where_it_began():
    from katas.detector.simulator.feet import hop

    moved = movement(6.0)
    moved.stand()
    back = hop(moved, 2.0, 0.2, 0.15)
    up = moved.tracks["z"]
    assert up[-1] == pytest.approx(up[0])
    assert up.max() - up[0] == pytest.approx(0.2, abs=0.002)
    air = (moved.t > 2.02) & (moved.t < back - 0.02)
    fall = np.diff(up, 2, append=[0, 0])[air] * body.RATE**2
    np.testing.assert_allclose(fall, -GRAVITY, rtol=1e-3)


# The watch


def test_a_perfect_watch_reads_the_truth():
    t = np.arange(2001)[:, None] / body.RATE
    truth = np.sin(2 * np.pi * t + np.arange(6))
    seen = Sensor().read(truth, np.random.default_rng(0))
    assert seen.shape == (501, 6)
    assert seen.dtype == np.float32
    np.testing.assert_allclose(seen[2:-2], truth[8:-8:4], atol=0.02)


def test_a_watch_clips_at_its_range():
    truth = np.tile([9.0, -9, 1, 50, -50, 1], (800, 1))
    seen = Sensor(rate=49.7).read(truth, np.random.default_rng(0))
    np.testing.assert_allclose(
        seen, np.tile([4, -4, 1, 34.9, -34.9, 1], (len(seen), 1)), rtol=1e-6
    )


def test_a_watch_with_its_own_rate_still_keeps_time():
    t = np.arange(4001) / 200
    truth = np.repeat(np.sin(2 * np.pi * 0.5 * t)[:, None], 6, axis=1)
    seen = Sensor(rate=48.9, jitter=0.002).read(truth, np.random.default_rng(0))
    assert len(seen) == pytest.approx(1001, abs=2)
    even = np.arange(len(seen)) / 50
    np.testing.assert_allclose(seen[:, 0], np.sin(np.pi * even), atol=0.05)


# Recordings


def test_the_same_seed_gives_the_same_bytes(ten):
    again = simulator.recordings(people=3, seed=1)
    assert [each.name for each in again] == [each.name for each in ten[: len(again)]]
    for one, other in zip(again, ten[: len(again)], strict=True):
        assert one.signal.tobytes() == other.signal.tobytes()
        assert (one.span, one.impact) == (other.span, other.impact)


def test_another_seed_gives_other_people(ten):
    other = simulator.recordings(people=1, seed=2, falls=1, activities=0)[0]
    assert other.signal.tobytes() != ten[0].signal.tobytes()


def test_every_person_falls_in_every_way_and_does_everything(ten):
    for subject in {each.subject for each in ten}:
        mine = [each for each in ten if each.subject == subject]
        assert {e.activity for e in mine if not e.is_fall} == set(daily.SCRIPTS)
        ways = {f"{cause}, {way}" for cause, way in simulate.FALLS}
        assert {e.activity for e in mine if e.is_fall} == ways
    assert len({each.subject for each in ten}) == 10
    assert len({each.name for each in ten}) == len(ten) == 370


def test_signals_stay_within_the_range_of_the_watch(ten):
    for each in ten:
        assert each.rate == 50
        assert 4 < each.seconds < 25
        assert np.abs(each.signal[:, :3]).max() <= 4.001
        assert np.abs(each.signal[:, 3:]).max() <= 34.901


def test_a_fall_is_marked_round_its_impact(ten):
    for each in ten:
        if each.is_fall:
            start, end = each.span
            assert start < each.impact < end + 0.5
            assert each.impact == find_impact(each.signal, 50, each.span)
            size = magnitude(each.signal)
            near = slice(round((start - 0.5) * 50), round((end + 0.5) * 50) + 1)
            assert size[round(each.impact * 50)] == size[near].max()


def test_before_most_impacts_there_is_a_dip_and_after_them_rest(ten):
    dips, rests = [], []
    for each in ten:
        if each.is_fall:
            hit = round(each.impact * 50)
            size = magnitude(each.signal)
            dips.append(size[hit - 50 : hit].min())
            rests.append(size[-50:].std())
    assert np.median(dips) < 0.8
    assert np.median(rests) < 0.1


def test_the_hard_daily_activities_hit_as_hard_as_soft_falls(ten):
    weakest = np.percentile([magnitude(e.signal).max() for e in ten if e.is_fall], 10)
    for name in ("clapping", "hitting a table", "jumping", "sitting down hard"):
        peaks = [magnitude(e.signal).max() for e in ten if e.activity == name]
        assert max(peaks) > weakest, name


def test_the_middle_simulated_fall_is_no_outlier_among_real_ones(ten):
    try:
        real = weda.recordings()
    except DataError as error:
        pytest.skip(f"needs real falls: {error}")

    def spread(recordings):
        rows = []
        for each in (each for each in recordings if each.is_fall):
            hit = round(each.impact * 50)
            near = each.signal[max(0, hit - 50) : hit + 75]
            size = magnitude(near)
            spin = np.linalg.norm(near[:, 3:], axis=1)
            rows.append([size.max(), size.min(), size.mean(), spin.max(), spin.mean()])
        return np.percentile(rows, [5, 50, 95], axis=0)

    low, _, high = spread(real)
    _, middle, _ = spread(ten)
    names = ("peak", "dip", "mean", "spin", "mean spin")
    for name, a, m, b in zip(names, low, middle, high, strict=True):
        assert a <= m <= b, (
            f"{name}: half the simulated falls over {m:.2f}, real {a:.2f} to {b:.2f}"
        )


def test_a_data_folder_without_weda_says_what_to_type(tmp_path, monkeypatch):
    monkeypatch.setenv("KATAS_DATA", str(tmp_path))
    monkeypatch.setenv("KATAS_ROOT", str(tmp_path))
    with pytest.raises(DataError, match="type: kata data weda"):
        weda.recordings()

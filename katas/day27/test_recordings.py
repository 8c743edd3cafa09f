"""Day 27. What must hold between a sensor file and a training set."""

from functools import cache

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from sklearn.model_selection import StratifiedGroupKFold

from katas.day27.recordings import (
    DAILY,
    FALL,
    LEFT_OUT,
    Windows,
    check,
    fit_scaler,
    label_windows,
    prepare,
    resample,
    split_by_subject,
)
from katas.detector import simulator
from katas.detector.recordings import Recording, watch
from katas.dojo.judge.check import close, equal, raises, shape
from katas.dojo.judge.strategies import noise, seeds


def recording(signal, rate=50.0, span=None, impact=None):
    return Recording("R1", "P1", "test", rate, signal, span, impact)


@cache
def simulated():
    return simulator.recordings(people=5, seed=27, falls=3, activities=3)


def made(people=7, seed=0):
    """Windows of people who differ in level, in number and in how often they fall."""
    rng = np.random.default_rng(seed)
    who = np.repeat([f"P{k}" for k in range(people)], rng.integers(5, 15, people))
    level = np.array([int(name[1:]) for name in who], "float32")
    x = rng.normal(level[:, None, None], 1, (len(who), 4, 6)).astype("float32")
    label = rng.choice([FALL, DAILY, DAILY, LEFT_OUT], len(who))
    return Windows(x, label, who, np.zeros(len(who), int), np.arange(len(who)))


@given(x=noise((2, 40), (1, 3)), start=st.floats(0, 9))
def test_an_even_recording_comes_back_as_it_was(x, start):
    seconds = start + np.arange(len(x)) / 50
    rule = "On an even clock there is nothing to do. Is a sample lost at the end?"
    close(resample(seconds, x, 50.0), x, rule, atol=1e-5)


@given(x=noise(9, 2), seed=seeds(), rate=st.sampled_from([20.0, 50.0, 64.0]))
def test_between_two_samples_the_signal_runs_straight(x, seed, rate):
    rng = np.random.default_rng(seed)
    seconds = 3 + np.cumsum(rng.uniform(0.01, 0.05, 9))
    clock, now = [], seconds[0]
    while now <= seconds[-1] + 1e-9:
        k = min(np.searchsorted(seconds, now, side="right"), 8)
        share = (now - seconds[k - 1]) / (seconds[k] - seconds[k - 1])
        clock.append(x[k - 1] * (1 - share) + x[k] * share)
        now = seconds[0] + len(clock) / rate
    rule = (
        "Sample k is at seconds[0] + k / rate. Are the time stamps used, or the rows?"
    )
    close(resample(seconds, x, rate), np.array(clock, "float32"), rule, 1e-4, 1e-4)


@given(gap=st.floats(0.26, 3), at=st.integers(1, 8))
def test_a_gap_is_refused_and_not_drawn_over(gap, at):
    seconds = np.arange(9) / 50
    seconds[at:] += gap
    rule = "Nobody knows what happened in a gap. Is a straight line through it honest?"
    with raises(ValueError, rule):
        resample(seconds, np.ones((9, 2), "float32"))


def test_a_packet_that_comes_late_is_no_gap():
    seconds = np.repeat(np.arange(6) / 10, 5) + np.tile(np.arange(5) * 1e-3, 6)
    rule = "Packets of five rows every 0.1 s are a recording. Is 0.1 s refused?"
    shape(resample(seconds, np.ones((30, 6), "float32")), (26, 6), rule)
    rule = "Only more than longest_gap is a gap. What of exactly so much?"
    late = np.array([0, 0.25, 0.5])
    shape(resample(late, np.ones((3, 6), "float32")), (26, 6), rule)


def test_the_longest_gap_is_the_callers():
    rule = (
        "A pause of 0.14 s is a gap where 0.1 s is the longest. Which limit is yours?"
    )
    seconds = np.arange(9) / 50 + np.where(np.arange(9) > 4, 0.12, 0)
    with raises(ValueError, rule):
        resample(seconds, np.ones((9, 2), "float32"), longest_gap=0.1)


def test_real_recordings_pass_the_check():
    rule = "A real watch in g at 50 Hz is what the detector was built for. What fails?"
    for one in [*watch.recordings()[::7], *simulated()[::5]]:
        equal(check(one), None, rule)


def test_neither_a_blow_nor_a_fast_turn_changes_the_unit():
    signal = np.zeros((100, 6), "float32")
    signal[:, 2] = 1  # [g], at rest, z up
    signal[30:70, 2] = 16  # [g]
    signal[:, 3:] = 20  # [rad/s]
    rule = (
        "Most samples read 1 g here. Which channels, and which of their values, count?"
    )
    equal(check(recording(signal)), None, rule)
    turn = np.linspace(0, 4 * np.pi, 100)
    signal[:, :3] = np.stack([np.sin(turn), np.cos(turn), 0 * turn], axis=1)  # [g]
    rule = "A watch that turns reads 1 g at each sample. Is the length taken first?"
    equal(check(recording(signal)), None, rule)


@given(level=st.floats(0.1, 12).filter(lambda g: min(abs(g - 0.5), abs(g - 4)) > 0.01))
def test_what_is_far_from_one_g_is_refused(level):
    one = recording(np.full((9, 6), level / 3**0.5, "float32"))
    rule = "0.5 to 4 g pass, what lies below or above does not. Which end is left open?"
    if 0.5 <= level <= 4:
        equal(check(one), None, rule)
    else:
        with raises(ValueError, rule):
            check(one)


def test_metres_per_second_squared_are_not_taken_for_g():
    one = watch.recordings()[0]
    rule = "Gravity reads 1 in g and 9.8 in m/s². Which number tells the two apart?"
    with raises(ValueError, rule):
        check(recording(one.signal * [9.81, 9.81, 9.81, 1, 1, 1]))


def test_another_rate_is_refused():
    one = watch.recordings()[0]
    rule = (
        "At 39.7 rows a second a window of 128 rows lasts 3.2 s. Is the rate looked at?"
    )
    with raises(ValueError, rule):
        check(recording(one.signal, rate=39.7))
    rule = "{} Hz is another rate than 50, a little or much, slower or faster. Is it?"
    for rate in (49.7, 100.0):
        with raises(ValueError, rule.format(rate)):
            check(recording(one.signal, rate=rate))


@given(
    impact=st.integers(0, 499),
    before=st.integers(1, 90),
    after=st.integers(1, 90),
    hop=st.sampled_from([7, 32]),
)
def test_a_window_is_a_fall_when_it_holds_the_impact(impact, before, after, hop):
    onset, rest = max(0, impact - before), min(499, impact + after)  # samples
    span = (onset / 50, rest / 50)
    one = recording(np.ones((500, 6), "float32"), 50.0, span, impact / 50)
    starts, labels = label_windows(one, 128, hop)
    wanted = []
    for start in range(0, 500 - 128 + 1, hop):
        inside = range(start, start + 128)
        touched = any(onset <= k <= rest for k in inside)
        held = start + 15 <= impact <= start + 127 - 15
        wanted.append(FALL if held else LEFT_OUT if touched else DAILY)
    equal(starts, np.arange(0, 373, hop), "Window k starts at sample k * hop.")
    rule = (
        "FALL holds the impact with 0.3 s to spare, DAILY shares no sample. Which is?"
    )
    equal(labels, np.array(wanted), rule)


def test_the_blow_may_come_as_near_to_an_end_as_the_spare_time():
    one = recording(np.ones((300, 6), "float32"), 50.0, (2.8, 3.4), 3.0)
    starts, labels = label_windows(one, 128, 1)
    rule = (
        "15 samples between start and impact are enough, 14 are not. Which end is off?"
    )
    falls = np.asarray(starts)[np.asarray(labels) == FALL]
    equal(falls, np.arange(150 - 127 + 15, 150 - 15 + 1), rule)
    rule = "Windows of 64 samples, 0.1 s to spare: 5 samples. Whose numbers are yours?"
    starts, labels = label_windows(one, 64, 1, 0.1)
    equal(starts, np.arange(300 - 64 + 1), rule)
    falls = np.asarray(starts)[np.asarray(labels) == FALL]
    equal(falls, np.arange(150 - 63 + 5, 150 - 5 + 1), rule)


def test_a_window_that_meets_an_end_of_the_span_is_no_daily_life():
    one = recording(np.ones((600, 6), "float32"), 50.0, (4.02, 4.6), 4.3)
    starts, labels = label_windows(one, 128, 1)
    rule = (
        "Samples 201 and 230 are taken at 4.02 and 4.6 s. What is 4.6 * 50 in float64?"
    )
    touched = np.asarray(starts)[np.asarray(labels) != DAILY]
    equal(touched, np.arange(201 - 127, 230 + 1), rule)
    one = recording(np.ones((600, 6), "float32"), 50.0, (4.029, 4.595), 4.3)
    starts, labels = label_windows(one, 128, 1)
    rule = "The span from 4.029 to 4.595 s holds samples 202 to 229. Who rounds it?"
    touched = np.asarray(starts)[np.asarray(labels) != DAILY]
    equal(touched, np.arange(202 - 127, 229 + 1), rule)


def test_a_day_without_a_fall_has_daily_windows_only():
    one = watch.recordings()[0]
    for hop in (1, 32):
        starts, labels = label_windows(one, 128, hop)
        rule = "The last window ends with the recording at the latest. Where is yours?"
        shape(starts, (1 + (len(one.signal) - 128) // hop,), rule)
        rule = "No fall is marked here. Is every window of the recording DAILY?"
        equal(labels, np.full(len(starts), DAILY), rule)


@given(seed=seeds())
def test_no_person_stands_on_both_sides(seed):
    data = made(seed=seed)
    label = np.maximum(data.label, 0)
    rule = "A person's windows train or test, never both. What does your split shuffle?"
    for train, test in split_by_subject(label, data.subject, 3):
        equal(sorted({*data.subject[train]} & {*data.subject[test]}), [], rule)


@given(seed=seeds())
def test_the_folds_share_the_falls_out_evenly(seed):
    data = made(people=12, seed=seed)
    label = np.maximum(data.label, 0)
    referee = StratifiedGroupKFold(4, shuffle=True, random_state=0)
    wanted = referee.split(label, label, data.subject)
    rule = "Each fold tests its share of falls, each row once. Stratified, state 0?"
    for mine, theirs in zip(
        split_by_subject(label, data.subject, 4), wanted, strict=True
    ):
        equal(mine[1], theirs[1], rule)


@given(x=noise((2, 6), (3, 9), 6, scale=4.0))
def test_the_scaler_has_one_mean_and_deviation_a_channel(x):
    flat = x.reshape(-1, 6).astype("float64")
    mean, deviation = fit_scaler(x)
    rule = "All windows, all steps, each channel alone. Over which axes do they run?"
    close(mean, flat.mean(axis=0), rule, 1e-4, 1e-4)
    close(deviation, flat.std(axis=0), rule, 1e-4, 1e-4)


def test_a_channel_that_never_moves_is_divided_by_one():
    x = np.ones((3, 5, 6), "float32")
    rule = "A dead channel has deviation 0. What does dividing by it give?"
    close(fit_scaler(x)[1], np.ones(6, "float32"), rule)
    x = np.full((40, 128, 6), 0.1, "float32")
    x[..., 0] = 1
    x[..., 2] += np.tile([0, 0.5], 64)  # one channel moves a little
    rule = (
        "5,120 times 0.1 is constant too, and 0.1 to 0.6 is not. Which is divided by 1?"
    )
    close(fit_scaler(x)[1], np.float32([1, 1, 0.25, 1, 1, 1]), rule, 1e-4)


@given(seed=seeds())
def test_the_training_part_is_scaled_to_mean_0_and_deviation_1(seed):
    x, y, test_x, test_y = prepare(made(seed=seed), folds=3)
    flat = np.asarray(x).reshape(-1, 6)
    rule = "The scaler is fitted to the rows that train. Fitted to which rows is yours?"
    close(flat.mean(axis=0), np.zeros(6, "float32"), rule, atol=1e-4)
    close(flat.std(axis=0), np.ones(6, "float32"), rule, atol=1e-3)
    rule = "LEFT_OUT windows neither train nor test. When are they dropped?"
    equal(LEFT_OUT in [*y, *test_y], False, rule)
    equal((len(y), len(test_y)), (len(x), len(test_x)), "A label for each window.")


@given(seed=seeds(), fold=st.integers(0, 2))
def test_each_fold_tests_its_own_people_on_the_scale_of_the_others(seed, fold):
    data = made(seed=seed)
    known = data.rows(data.label != LEFT_OUT)
    referee = StratifiedGroupKFold(3, shuffle=True, random_state=0)
    folds = list(referee.split(known.label, known.label, known.subject))
    train, test = folds[fold]
    before = data.x.copy()
    flat = known.x[train].reshape(-1, 6).astype("float64")
    wanted = (known.x[test] - flat.mean(axis=0)) / flat.std(axis=0)
    _, y, test_x, test_y = prepare(data, fold, 3)
    rule = "Fold k trains on the first rows of pair k, tests the others. Which pair is yours?"
    close(test_x, wanted, rule, 1e-3, 1e-3)
    rule = "The caller's windows stay in g. Who scales them where they lie?"
    equal(data.x, before, rule)
    rule = "A window keeps its own label. In which order do yours stand?"
    equal(test_y, known.label[test], rule)
    equal(y, known.label[train], rule)


@given(seed=seeds())
def test_nothing_of_a_test_person_reaches_the_training(seed):
    data = made(seed=seed)
    x, _, test_x, _ = prepare(data, folds=3)
    known = data.label != LEFT_OUT
    splits = split_by_subject(data.label[known], data.subject[known], 3)
    tested = np.isin(data.subject, np.unique(data.subject[known][splits[0][1]]))
    louder = data._replace(x=np.where(tested[:, None, None], data.x * 50, data.x))
    again, _, test_again, _ = prepare(louder, folds=3)
    rule = "Test people may shout: the training set stays. Who moved the scaler?"
    close(again, x, rule, 1e-4, 1e-4)
    rule = "A test person who shouts stays loud. By whose statistics are they scaled?"
    equal(bool(np.abs(test_again).max() > np.abs(test_x).max()), True, rule)

"""The protocol by hand-made cases: what counts as an alarm, a detection, an hour."""

from types import SimpleNamespace

import numpy as np
import pytest

from katas.detector import baselines, protocol
from katas.detector.parts import INSTALLED
from katas.detector.recordings import Recording
from katas.detector.sampling import Pool, at_speed, augment, rotation
from katas.dojo.course import targets

RATE, HOP, LENGTH = 50, 32, 128


@pytest.fixture(scope="module", autouse=True)
def _the_days_functions_are_the_references():
    targets.install("solutions")
    yield
    targets.remove()


def recording(seconds=60, span=None, impact=None, subject="P1"):
    signal = np.zeros((round(seconds * RATE), 6))
    return Recording("R", subject, "test", RATE, signal, span, impact)


def table(recordings):
    """Windows at hop 32 of some recordings, without labels that matter."""
    rows = [
        (index, start)
        for index, one in enumerate(recordings)
        for start in range(0, len(one.signal) - LENGTH + 1, HOP)
    ]
    index, start = np.array(rows).T
    who = np.array([recordings[k].subject for k in index])
    falls = np.array([recordings[k].is_fall for k in index]).astype(int)
    return SimpleNamespace(label=falls, subject=who, recording=index, start=start)


def alarms_at(windows, *seconds):
    """True for the windows that end last before each moment."""
    ends = (windows.start + LENGTH - 1) / RATE
    found = np.zeros(len(ends), bool)
    for moment in seconds:
        found[np.flatnonzero(ends <= moment)[-1]] = True
    return found


def only(recordings, *seconds):
    windows = table(recordings)
    return events(windows, alarms_at(windows, *seconds), recordings)[0]


def events(windows, alarm, recordings):
    """What the alarms of each recording amount to."""
    found = protocol.events_of(windows, alarm, recordings, parts=INSTALLED)
    scores = [
        INSTALLED.event_scores([one], [own]) for one, own in zip(*found, strict=True)
    ]
    return [
        SimpleNamespace(
            false_alarms=np.sum(~hits), detected=hits.any(), delay=score["delay_s"]
        )
        for (_, hits), score in zip(found.alarms, scores, strict=True)
    ]


def test_no_alarm_follows_another_within_five_seconds():
    one = [recording()]
    assert only(one, 10, 12, 14).false_alarms == 1
    assert only(one, 10, 16).false_alarms == 2
    windows = table(one)
    always = np.ones(len(windows.start), bool)
    # 58 s of alarms; ends lie 0.64 s apart, so that 8 hops (5.12 s) pass between two.
    assert events(windows, always, one)[0].false_alarms == int(90 / 8) + 1


def test_an_alarm_that_touches_the_span_detects_and_others_are_false():
    fall = [recording(span=(20.0, 23.0), impact=21.0)]
    detection = only(fall, 22)
    assert detection.detected
    assert detection.false_alarms == 0
    assert 0 <= 22 - 21 - detection.delay < HOP / RATE
    assert only(fall, 19).false_alarms == 1
    assert not only(fall, 19).detected
    assert only(fall, 25).detected  # its window began at 22.4 s
    assert only(fall, 26.5).false_alarms == 1


def test_a_second_alarm_in_the_span_is_neither_false_nor_a_second_delay():
    fall = [recording(span=(10.0, 30.0), impact=12.0)]
    found = only(fall, 13, 20, 27)
    assert found.detected
    assert found.false_alarms == 0
    assert found.delay < 1.1


def test_hours_are_all_time_outside_the_spans():
    both = [recording(90), recording(60, (20.0, 24.0), 21.0)]
    windows = table(both)
    quiet = np.zeros(len(windows.start), bool)
    always = protocol.events_of(windows, ~quiet, both, parts=INSTALLED)
    false = sum(np.sum(~hits) for _, hits in always.alarms)
    rate = INSTALLED.event_scores(*always)["false_alarms_per_hour"]
    assert false / rate == pytest.approx((90 + 60 - 4) / 3600)
    found = protocol.events_of(windows, quiet, both, parts=INSTALLED)
    scores = INSTALLED.event_scores(*found)
    assert scores["event_sensitivity"] == 0
    assert scores["false_alarms_per_hour"] == 0
    assert np.isnan(scores["delay_s"])


def test_window_scores_are_those_of_scikit_learn_without_windows_left_out():
    from sklearn.metrics import f1_score, precision_score, recall_score

    rng = np.random.default_rng(0)
    label, alarm = rng.integers(-1, 2, 200), rng.integers(0, 2, 200).astype(bool)
    known = label >= 0
    scores = protocol.window_scores(label, alarm)
    for name, score in [
        ("f1", f1_score),
        ("precision", precision_score),
        ("recall", recall_score),
    ]:
        assert scores[name] == pytest.approx(score(label[known], alarm[known]))
    nobody = protocol.window_scores(np.zeros(5, int), np.ones(5, bool), np.ones(5))
    assert all(np.isnan(nobody[name]) for name in ("f1", "recall"))


def people(count=10, rows=40):
    who = np.repeat([f"P{k:02d}" for k in range(count)], rows)
    label = np.random.default_rng(1).choice([-1, 0, 0, 0, 1], len(who))
    return SimpleNamespace(label=label, subject=who)


@pytest.mark.parametrize("name", ["5fold", "3fold", "loso"])
def test_nobody_trains_and_tests_and_each_window_is_tested_once(name):
    windows = people()
    found = protocol.folds(windows, name)
    assert len(found) == {"5fold": 5, "3fold": 3, "loso": 10}[name]
    for train, test in found:
        assert not {*windows.subject[train]} & {*windows.subject[test]}
        assert len(train) + len(test) == len(windows.label)
    tested = np.sort(np.concatenate([test for _, test in found]))
    assert (tested == np.arange(len(windows.label))).all()


def test_the_folds_are_those_of_the_protocol():
    from sklearn.model_selection import StratifiedGroupKFold

    windows = people()
    known = windows.label >= 0
    label, who = windows.label[known], windows.subject[known]
    referee = StratifiedGroupKFold(5, shuffle=True, random_state=0)
    wanted = [{*who[test]} for _, test in referee.split(label, label, who)]
    found = [{*windows.subject[test]} for _, test in protocol.folds(windows)]
    assert found == wanted
    assert protocol.folds(windows, "holdout")[0].test.tolist() == (
        protocol.folds(windows)[0].test.tolist()
    )


def test_folds_of_some_rows_stay_among_them():
    windows = people()
    outer = protocol.folds(windows)[0]
    for train, test in protocol.folds(windows, "3fold", rows=outer.train):
        assert {*train} | {*test} == {*outer.train}


def test_a_split_by_window_has_people_on_both_sides():
    windows = people()
    train, test = protocol.folds(windows, split="windows")[0]
    assert {*windows.subject[train]} & {*windows.subject[test]}
    assert len({*train} & {*test}) == 0


def test_the_alarms_of_a_recording_do_not_depend_on_the_order_of_the_rows():
    both = [recording(90), recording(60, (20.0, 24.0), 21.0)]
    windows = table(both)
    alarm = np.random.default_rng(5).uniform(size=len(windows.start)) < 0.3
    rows = np.random.default_rng(6).permutation(len(alarm))
    found = protocol.events_of(windows, alarm, both, rows, parts=INSTALLED)
    for index, (moments, hits) in enumerate(found.alarms):
        own = windows.recording == index
        one = INSTALLED.events(both[index], windows.start[own], alarm[own], 0.5)
        assert moments.tolist() == one[0].tolist()
        assert hits.tolist() == one[1].tolist()


def test_the_event_threshold_stays_within_its_budget():
    one = [recording(600), recording(60, (20.0, 23.0), 21.0)]
    windows = table(one)
    score = np.random.default_rng(2).uniform(size=len(windows.start))
    lowest = protocol.threshold_for_rate(windows, one, score, 30.0, parts=INSTALLED)

    def rate(threshold):
        found = protocol.events_of(windows, score >= threshold, one, parts=INSTALLED)
        return INSTALLED.event_scores(*found)["false_alarms_per_hour"]

    assert rate(lowest) <= 30


def test_the_forest_has_63_features_of_a_window():
    x = np.random.default_rng(3).normal(size=(5, 128, 6)).astype("float32")
    found = baselines.features(x)
    assert found.shape == (5, 63)
    np.testing.assert_allclose(found[:, :6], x.mean(axis=1), atol=1e-5)
    peaks = np.sqrt((x[..., :3] ** 2).sum(-1)).max(1)
    np.testing.assert_allclose(baselines.threshold_scores(x), peaks, rtol=1e-5)
    np.testing.assert_allclose(found[:, 3 * 9 + 6], peaks, rtol=1e-5)


def test_a_turn_keeps_lengths_and_turns_both_sensors_alike():
    rng = np.random.default_rng(4)
    x = rng.normal(size=(3, 9, 6)).astype("float32")
    turned = augment(x, rng, turn=40.0, scale=0.0, noise=0.0, tempo=0.0)
    for first in (0, 3):
        before = np.linalg.norm(x[..., first : first + 3], axis=-1)
        after = np.linalg.norm(turned[..., first : first + 3], axis=-1)
        np.testing.assert_allclose(after, before, rtol=1e-4)
    dots = (
        (x[..., :3] * x[..., 3:]).sum(-1),
        (turned[..., :3] * turned[..., 3:]).sum(-1),
    )
    np.testing.assert_allclose(dots[1], dots[0], atol=1e-4)
    np.testing.assert_allclose(augment(x, rng, 0, 0, 0, 0), x, atol=1e-6)


def test_at_twice_the_speed_a_window_covers_twice_as_much():
    ramp = np.tile(np.arange(9.0)[:, None], 6)
    fast, slow = at_speed(np.stack([ramp, ramp]), np.array([2.0, 0.5]))[..., 0]
    assert fast.tolist() == [0, 0, 0, 2, 4, 6, 8, 8, 8]
    assert slow.tolist() == [2, 2.5, 3, 3.5, 4, 4.5, 5, 5.5, 6]


def test_a_rotation_by_a_quarter_about_z_takes_x_to_y():
    turn = rotation(np.array([[0.0, 0, 1]]), np.array([np.pi / 2]))[0]
    np.testing.assert_allclose(turn @ [1, 0, 0], [0, 1, 0], atol=1e-12)


def test_a_pool_cuts_windows_out_of_the_right_recording():
    recordings = [
        Recording(f"R{k}", "P", "t", RATE, np.full((200, 6), k + 1.0)) for k in range(3)
    ]

    def label_windows(one, hop):
        starts = np.arange(0, len(one.signal) - LENGTH + 1, hop)
        return starts, np.where(starts == 0, -1, 0)

    pool = Pool.dense(recordings, label_windows, hop=8)
    assert len(pool.label) == 3 * 9  # starts 8 ... 72 of each; 0 is left out
    cut = pool.cut(np.arange(27))
    assert (cut == cut[:, :1]).all()
    assert sorted(set(cut[:, 0, 0])) == [1, 2, 3]

"""A job that its recordings cannot carry gets one sentence, before a network trains."""

import dataclasses

import numpy as np
import pytest

from katas.detector import (
    ablation,
    cli,
    parts,
    preconditions,
    protocol,
    run,
    simulator,
    training,
)
from katas.detector.options import (
    AblationOptions,
    DataOptions,
    ShippingOptions,
    TrainingOptions,
)
from katas.detector.recordings import Recording
from katas.detector.shipping import ship
from katas.dojo.course import targets
from katas.dojo.store.errors import CourseError


@pytest.fixture(scope="module", autouse=True)
def _solutions():
    targets.install("solutions")
    yield
    targets.remove()


@pytest.fixture(scope="module")
def recordings():
    return simulator.recordings(people=5, seed=1, falls=2, activities=2)


class Trained(Exception):
    """The job has passed its checks and begins to train."""


def trains(*arguments, **keywords):
    raise Trained


def some(recordings, people, falling):
    """The recordings of the first people, of whom the first `falling` fall."""
    names = sorted({one.subject for one in recordings})
    return [
        one
        for one in recordings
        if one.subject in names[:people]
        and (not one.is_fall or one.subject in names[:falling])
    ]


def shortened(recordings, samples):
    """Each recording's first samples, without a marked fall."""
    return [
        dataclasses.replace(one, signal=one.signal[:samples], span=None, impact=None)
        for one in recordings
    ]


def start(line, out, read):
    """Run a command line up to its first training."""
    options = cli.parse([*line.split(), "--out", str(out)])
    assert options is not None
    if isinstance(options, AblationOptions):
        given = dataclasses.replace(
            parts.load(parts.AblationParts), train_variant=trains
        )
        ablation.ablate(options, given, read)
    else:
        assert isinstance(options, TrainingOptions)
        given = dataclasses.replace(parts.load(parts.Parts), train=trains)
        run.train(options, given, read)


TRAINS = (
    "train",
    "train --protocol loso",
    "train --protocol holdout",
    "ablate",
    "ablate --protocol loso",
)


@pytest.mark.parametrize("line", TRAINS)
@pytest.mark.parametrize(("people", "falling"), [(1, 1), (2, 2), (3, 1), (4, 2)])
def test_too_few_subjects_are_counted_before_a_training(
    recordings, tmp_path, line, people, falling
):
    one = "1 subject," if people == 1 else f"{people} subjects,"
    with pytest.raises(CourseError) as caught:
        start(line, tmp_path, lambda name: some(recordings, people, falling))
    message = str(caught.value)
    assert message.startswith(f"{one} {falling} with falls and {people} with daily")
    assert "at least 3 of each are needed" in message
    assert "--train-on sim --test-on FOLDER" in message
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize("line", TRAINS)
def test_three_subjects_who_fall_are_enough(recordings, tmp_path, line):
    with pytest.raises(Trained):
        start(line, tmp_path, lambda name: some(recordings, 3, 3))


def test_the_choice_of_the_epoch_takes_a_subject_more(recordings, tmp_path):
    with pytest.raises(CourseError, match=r"at least 4 of each .* choose the epoch"):
        start("train --keep best", tmp_path, lambda name: some(recordings, 3, 3))
    with pytest.raises(Trained):
        start("train --keep best", tmp_path, lambda name: some(recordings, 5, 5))


@pytest.mark.parametrize(
    "line", ["train --split windows", "train --train-on A --test-on B"]
)
def test_one_subject_can_be_split_by_windows_or_be_tested(recordings, tmp_path, line):
    given = {"A": recordings, "B": some(recordings, 1, 1), "sim": recordings[:10]}
    with pytest.raises(Trained):
        start(line, tmp_path, given.__getitem__)


def test_one_subject_cannot_be_all_that_trains(recordings, tmp_path):
    given = {"A": some(recordings, 1, 1), "B": recordings}
    message = "1 subject in A, .* at least 2 of each are needed .*Record more.$"
    with pytest.raises(CourseError, match=message):
        start("train --train-on A --test-on B", tmp_path, given.__getitem__)


def table(label):
    """Windows of one subject with these labels."""
    from katas.day27.recordings import Windows  # late: the solution is installed

    rows = np.arange(len(label))
    who, x = np.array(["anna"] * len(label)), np.zeros((len(label), 128, 6), "float32")
    return Windows(x, np.array(label), who, rows, rows)


def test_few_windows_cannot_be_split_at_random():
    windows, options = table([1] + [0] * 8), DataOptions(split="windows")
    folds = preconditions.split(windows, options, parts.INSTALLED)
    message = "1 windows with a fall and 8 of daily life are too few to split"
    with pytest.raises(CourseError, match=message):
        preconditions.require_trainable(windows, folds, options, parts.INSTALLED, 3)
    with pytest.raises(CourseError, match="too few to split"):
        preconditions.split(table([1, 0]), options, parts.INSTALLED)


@pytest.mark.parametrize("line", ["train", "train --split windows", "ablate"])
def test_recordings_shorter_than_a_window_are_named(recordings, tmp_path, line):
    with pytest.raises(CourseError, match=r"window, 2\.56 s; the longest lasts 2 s"):
        start(line, tmp_path, lambda name: shortened(recordings, 100))


def test_a_test_set_shorter_than_a_window_is_named(recordings, tmp_path):
    given = {"A": recordings, "B": shortened(recordings, 100)}
    with pytest.raises(CourseError, match=r"window, 2\.56 s; the longest lasts 2 s"):
        start("train --train-on A --test-on B", tmp_path, given.__getitem__)


@pytest.mark.parametrize("line", ["train", "train --split windows", "ablate"])
def test_recordings_without_a_fall_are_named(recordings, tmp_path, line):
    with pytest.raises(CourseError, match="no window holds a fall"):
        start(line, tmp_path, lambda name: some(recordings, 5, 0))


def test_recordings_of_falls_alone_are_named(recordings, tmp_path):
    falls = []
    for one in recordings:
        if one.span and one.impact and one.impact > 2:
            first = round((one.impact - 1.5) * 50)
            signal = one.signal[first : first + 150]
            falls.append(
                Recording(one.name, one.subject, "fall", 50.0, signal, (0.0, 3.0), 1.5)
            )
    with pytest.raises(CourseError, match="every window lies in a fall"):
        start("train", tmp_path, lambda name: falls)


def test_events_without_time_outside_the_falls_have_no_rate():
    fall = Recording("R", "P", "fall", 50.0, np.zeros((500, 6)), (0.0, 10.0), 5.0)
    found = protocol.Events([fall], [(np.array([5.5]), np.array([True]))])
    scores = protocol.event_figures(found, parts=parts.INSTALLED)
    assert scores["event_sensitivity"] == 1
    assert scores["false_alarms_per_hour"] != scores["false_alarms_per_hour"]


# A run belongs to its recordings


def corrected(recordings):
    """The same recordings, one sample of one signal put right."""
    signal = recordings[0].signal.copy()
    signal[3, 2] += 0.01
    return [dataclasses.replace(recordings[0], signal=signal), *recordings[1:]]


def digest(recordings, name="sim"):
    data = training.Dataset(recordings, parts.load(parts.Parts).windows(recordings), [])
    return data.content()


def test_the_digest_of_recordings_follows_their_content_alone(recordings):
    copies = [
        dataclasses.replace(one, name="x", signal=one.signal.copy())
        for one in recordings
    ]
    fall = next(k for k, one in enumerate(recordings) if one.is_fall)
    start, end = recordings[fall].span
    moved = list(recordings)
    moved[fall] = dataclasses.replace(recordings[fall], span=(start, end - 0.1))
    other = [dataclasses.replace(recordings[0], subject="Q"), *recordings[1:]]
    assert digest(copies) == digest(recordings)
    digests = [
        digest(each) for each in (recordings, corrected(recordings), moved, other)
    ]
    assert len(set(digests)) == 4


def test_corrected_recordings_do_not_resume_a_run(recordings, tmp_path):
    with pytest.raises(Trained):
        start("train", tmp_path, lambda name: recordings)
    with pytest.raises(Trained):  # untouched: resumes
        start("train", tmp_path, lambda name: recordings)
    with pytest.raises(CourseError, match="holds another run"):
        start("train", tmp_path, lambda name: corrected(recordings))


def test_corrected_recordings_are_not_shipped_with_the_run_of_the_others(
    recordings, tmp_path
):
    data = digest(recordings)
    (tmp_path / "metrics.json").write_text(
        f'{{"run": {{"data": "sim", "seeds": [0], "recordings": "{data}"}}}}'
    )
    options = ShippingOptions(tmp_path)
    given = parts.load(parts.ShippingParts)
    with pytest.raises(CourseError, match=r"have changed since .* train again"):
        ship.ship(options, given, lambda name: corrected(recordings))

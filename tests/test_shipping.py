"""The command lines of days 32 and 33 with quick stand-in networks."""

import dataclasses
import hashlib
import json

import numpy as np
import pytest

from katas.detector import ablation, cli, parts, simulator
from katas.detector import run as training_run
from katas.detector.options import ShippingOptions
from katas.detector.shipping import report, ship
from katas.dojo.course import targets
from katas.dojo.store.errors import CourseError
from tests.spied_parts import never_called, spied


@pytest.fixture(scope="module", autouse=True)
def reference():
    targets.install("solutions")
    yield
    targets.remove()


@pytest.fixture(scope="module")
def people():
    return simulator.recordings(people=5, seed=1, falls=2, activities=2)


SHIPPING_PARTS = {field.name for field in dataclasses.fields(parts.ShippingParts)} - {
    field.name for field in dataclasses.fields(parts.Parts)
}
ABLATION_PARTS = {field.name for field in dataclasses.fields(parts.AblationParts)} - {
    field.name for field in dataclasses.fields(parts.Parts)
}


def stand_in(pool, config, seed, validation=None, callbacks=()):
    """A network that nobody fits, but by its last bias."""
    import keras

    keras.utils.set_random_seed(seed)
    inputs = keras.Input((128, 6))
    x = keras.layers.Conv1D(8, 5, 4, activation="relu")(inputs)
    x = keras.layers.GlobalMaxPooling1D()(x)
    model = keras.Model(inputs, keras.layers.Dense(1, "sigmoid")(x))
    model.compile("adam", "binary_crossentropy")
    x, y = pool.cut(np.arange(64)), pool.label[:64, None]
    model.fit(x, y, epochs=1, verbose=0, callbacks=list(callbacks))
    return model


@pytest.fixture(scope="module")
def run(people, tmp_path_factory):
    """The folder of a finished run of day 31."""
    out = tmp_path_factory.mktemp("run")
    given = dataclasses.replace(parts.load(parts.Parts), train=stand_in)
    options = cli.parse(["train", "--protocol", "holdout", "--out", str(out)])
    training_run.train(options, given, lambda name: people)
    return out


def test_a_run_is_packed_and_proved(run, people):
    given = parts.load(parts.ShippingParts)
    given, calls = spied(dataclasses.replace(given, float_operations=()))
    found = ship.ship(ShippingOptions(run), given, lambda name: people)
    # What only a training calls, test_training counts.
    shipping = {"events", "event_scores", "confusion", "windows", *SHIPPING_PARTS}
    assert shipping & never_called(given, calls) == set()
    assert found["stream"]["unequal"] == 0
    assert found["stream"]["samples"] > 1000
    assert found["float32"]["decisions_changed"] == 0
    assert found["float32"]["largest_difference"] < 1e-4
    assert found["int8"]["watch"]["hours"] == pytest.approx(1.356, abs=0.001)
    content = (run / "detector_int8.tflite").read_bytes()
    assert len(content) == found["int8"]["bytes"]
    card = (run / "detector_int8.md").read_text("utf-8")
    assert hashlib.sha256(content).hexdigest() in card
    assert json.loads((run / "ship.json").read_text("utf-8"))["windows"]
    text = "\n".join(report.table(found))
    assert "decisions changed" in text


def test_the_stream_has_the_window_the_hop_and_the_hold_off_of_the_parts():
    from katas.detector.shipping import proof

    loaded = parts.load(parts.ShippingParts)
    changes = {
        "window_length": 8,
        "window_hop": 2,
        "hold_off": 1.0,
        "sampling_rate": 4.0,
    }
    given = dataclasses.replace(loaded, **changes)
    detector = proof.streaming_detector(given, lambda window: window.shape[1], 8)
    found = [detector.step(np.zeros(6)) for _ in range(16)]
    assert [k for k, (score, _) in enumerate(found) if score == 8] == [7, 9, 11, 13, 15]
    assert [k for k, (_, alarm) in enumerate(found) if alarm] == [7, 11, 15]


def test_the_stream_is_held_against_the_events_of_the_batch(run, people):
    from katas.detector import training
    from katas.detector.shipping import proof

    given = parts.load(parts.ShippingParts)
    data = training.load(ship.record_of(run), given, lambda name: people)
    fold, batch = data.folds[0], np.abs(data.windows.x[:, -1, 0]).astype(float)

    def score(window):
        return float(np.abs(window[0, -1, 0]))

    def unequal(parts):
        return proof.check_stream(parts, score, 0.5, data, fold, batch).unequal

    assert unequal(given) == 0

    def never(recording, starts, scores, threshold):
        return np.zeros(0), np.zeros(0, bool)

    assert unequal(dataclasses.replace(given, events=never)) > 0


def test_a_folder_without_a_run_is_one_sentence(tmp_path):
    with pytest.raises(SystemExit) as stop:
        cli.main(["ship", str(tmp_path)])
    assert "train_detector" in str(stop.value)


def ablated(people, out, *line, trained=None):
    def train(pool, setup, seed, validation=None, callbacks=()):
        if trained is not None:
            trained.append(setup)
        return stand_in(pool, setup.config, seed, validation, callbacks)

    options = cli.parse(["ablate", *line, "--protocol", "holdout", "--out", str(out)])
    given = parts.load(parts.AblationParts)
    given, calls = spied(dataclasses.replace(given, train_variant=train))
    rows = ablation.ablate(options, given, lambda name: people)
    used = ABLATION_PARTS | {"events", "event_scores", "windows"}
    trained_before = {"train_variant"}  # a resumed ablation trains nothing
    assert used & never_called(given, calls) <= trained_before
    return rows


def test_an_ablation_trains_each_network_once_and_resumes(people, tmp_path):
    line = ("--only", "no SE,threshold 0.5")
    first, again = [], []
    ablated(people, tmp_path, *line, trained=first)
    assert len(first) == 2 * 4  # two networks, each with three inner ones
    before = json.loads((tmp_path / "ablation.json").read_text("utf-8"))
    ablated(people, tmp_path, *line, trained=again)
    assert not again
    rows = json.loads((tmp_path / "ablation.json").read_text("utf-8"))
    assert [row["setup"] for row in rows] == ["whole", "no SE", "threshold 0.5"]
    assert [row["f1"] for row in rows] == [row["f1"] for row in before]
    assert rows[0]["difference"] == 0
    assert all(row["latency_us"] > 0 and row["parameters"] > 0 for row in rows)


def test_an_unknown_row_is_refused(people, tmp_path):
    with pytest.raises(CourseError, match="no XX"):
        ablated(people, tmp_path, "--only", "no XX")


def test_the_whole_is_trained_as_day_30_trains(people):
    from katas.day27.recordings import label_windows
    from katas.day30.fall_model import Design
    from katas.day31.train_detector import Config, train
    from katas.day32 import ablation as day
    from katas.detector.sampling import Pool

    design = Design(kernels=(3,), filters=4, stages=((8, 3, 2),))
    config = Config(design, epochs=1, windows=64, batch=32)
    pool = Pool.dense(people, label_windows, 8)
    one = train(pool, config, 3).get_weights()
    other = day.train(pool, day.Setup(config), 3).get_weights()
    assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))
    focal = dataclasses.replace(day.Setup(config), loss="focal", balance="weights")
    third = day.train(pool, focal, 3).get_weights()
    assert not all(np.array_equal(a, b) for a, b in zip(one, third, strict=True))

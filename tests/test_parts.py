"""Whose code the detector runs: the learner's where its day is green."""

import dataclasses
import re
import shutil
import subprocess
import sys

import numpy as np
import pytest

from katas.detector import baselines, parts, run, sampling, simulator
from katas.detector.options import TrainingOptions
from katas.dojo.course import index, standing, targets
from katas.dojo.store import paths


@pytest.fixture(autouse=True)
def _no_target():
    targets.remove()
    yield
    targets.remove()


def owners(loaded):
    return {origin.part: origin.owner for origin in loaded.origins}


def test_without_a_green_day_every_part_is_the_references(monkeypatch):
    monkeypatch.setattr(standing, "is_green", lambda day: False)
    loaded = parts.load(parts.Parts)
    assert set(owners(loaded).values()) == {"reference"}
    assert loaded.train.__code__.co_filename == str(index.day(31).solution)


def test_a_part_is_the_learners_where_its_day_is_green(monkeypatch):
    monkeypatch.setattr(standing, "is_green", lambda day: day.number == 27)
    loaded = parts.load(parts.Parts)
    yours = {name for name, owner in owners(loaded).items() if owner == "yours"}
    defined = {name for name, source in parts.TABLE.items() if source.day == 27}
    assert yours == defined & set(owners(loaded))
    assert {"label_windows", "windows", "split_by_subject"} <= yours
    assert loaded.windows.__code__.co_filename == str(index.day(27).file)


NEVER = """

def events(recording, starts, scores, threshold):
    return np.zeros(0), np.zeros(0, bool)
"""


@pytest.fixture
def filled(tmp_path):
    """A course whose days are all filled in; in day 29, no alarm is ever raised."""
    real = paths.root()
    for folder in ("katas", "solutions"):
        for day in index.built_days():
            source, target = real / "solutions" / day.name, tmp_path / folder / day.name
            shutil.copytree(source, target)
            (target / "README.md").touch()
    shutil.copy(real / "katas" / "course.toml", tmp_path / "katas")
    with paths.acting_on(tmp_path):
        file = index.day(29).file
        file.write_text(file.read_text("utf-8") + NEVER, "utf-8")
        yield tmp_path


def sensitivity(loaded, out):
    """Falls detected by the baseline that needs no training."""
    import keras

    def train(pool, config, seed, validation=None, callbacks=()):
        inputs = keras.Input((128, 6))
        x = keras.layers.GlobalMaxPooling1D()(inputs)
        model = keras.Model(inputs, keras.layers.Dense(1, "sigmoid")(x))
        model.compile("sgd", "binary_crossentropy")
        model.fit(pool.cut(np.arange(8)), pool.label[:8, None], verbose=0)
        return model

    people = simulator.recordings(people=5, seed=1, falls=2, activities=2)
    given = dataclasses.replace(loaded, train=train)
    options = TrainingOptions(protocol="holdout", out=out)
    found = run.train(options, given, lambda name: people)
    return found["best_f1"]["threshold"]["event_sensitivity"]


def test_a_run_uses_the_reference_for_a_day_that_is_not_green(
    filled, monkeypatch, tmp_path, capsys
):
    monkeypatch.setattr(baselines, "TREES", 10)
    monkeypatch.setattr(standing, "is_green", lambda day: day.number != 29)
    loaded = parts.load(parts.Parts)
    days = {origin.part: origin.day for origin in loaded.origins}
    for name, owner in owners(loaded).items():
        assert owner == ("reference" if days[name] == 29 else "yours"), name
    assert loaded.events.__code__.co_filename == str(index.day(29).solution)
    assert sensitivity(loaded, tmp_path / "one") > 0.5
    assert re.search(r"\| events +\| 29  \| reference \|", capsys.readouterr().out)


def test_a_run_uses_the_learners_function_where_its_day_is_green(
    filled, monkeypatch, tmp_path, capsys
):
    monkeypatch.setattr(baselines, "TREES", 10)
    monkeypatch.setattr(standing, "is_green", lambda day: True)
    loaded = parts.load(parts.Parts)
    assert set(owners(loaded).values()) == {"yours"}
    assert sensitivity(loaded, tmp_path / "one") == 0  # it never raises an alarm
    assert re.search(r"\| events +\| 29  \| yours ", capsys.readouterr().out)


def test_an_installed_target_decides_whose_code_runs(monkeypatch):
    monkeypatch.setattr(standing, "is_green", lambda day: True)
    targets.install("solutions")
    assert set(owners(parts.load(parts.Parts)).values()) == {"reference"}


@pytest.mark.parametrize(
    "kind", [parts.Parts, parts.AblationParts, parts.ShippingParts]
)
def test_each_part_is_what_its_day_defines(kind):
    targets.install("solutions")
    loaded = parts.load(kind)
    names = {name for name in parts.TABLE if hasattr(loaded, name)}
    assert names == set(owners(loaded))
    for name in names:
        source = parts.TABLE[name]
        module = sys.modules[index.day(source.day).module]
        assert getattr(loaded, name) is getattr(module, source.attribute)


def test_every_part_of_the_table_belongs_to_a_program():
    kinds = (parts.AblationParts, parts.ShippingParts)
    names = {field.name for kind in kinds for field in dataclasses.fields(kind)}
    assert {*parts.TABLE, "origins"} == names


def test_the_windows_that_are_drawn_are_as_long_as_day_27_cuts_them():
    targets.install("solutions")
    assert parts.load(parts.Parts).window_length == sampling.LENGTH


def test_the_detector_defines_nothing_again_that_a_day_defines():
    sources = "\n".join(
        file.read_text("utf-8")
        for file in (paths.root() / "katas" / "detector").rglob("*.py")
    )
    for name in (
        *("GroupKFold", "precision_recall_curve", "scipy.stats", "HOLD_OFF ="),
        *("def events(", "def event_scores(", "def confusion(", "def rate_interval("),
        *("def pr_curve(", "def average_precision(", "def paired_bootstrap("),
        *("def permutation_test(", "def holm(", "def label_windows("),
    ):
        assert name not in sources, name


@pytest.mark.parametrize(
    ("module", "option"),
    [
        ("katas.detector", "ablate"),
        ("katas.day31.train_detector", "--strategy"),
        ("solutions.day32.ablation", "--only"),
        ("katas.day33.ship", "RUN"),
    ],
)
def test_every_command_line_explains_its_options(module, option):
    line = [sys.executable, "-m", module, "--help"]
    ran = subprocess.run(line, capture_output=True, text=True, cwd=paths.root())
    assert ran.returncode == 0, ran.stderr
    assert option in ran.stdout

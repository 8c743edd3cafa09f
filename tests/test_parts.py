"""Whose code the detector runs: the learner's where its day is green."""

import subprocess
import sys

import pytest

from katas.detector import parts
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
    assert yours == {"label_windows", "windows"}
    assert loaded.windows.__code__.co_filename == str(index.day(27).file)


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
    fields = {
        *parts.AblationParts.__annotations__,
        *parts.ShippingParts.__annotations__,
    }
    assert {*parts.TABLE, "origins"} == fields | {*parts.Parts.__annotations__}


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

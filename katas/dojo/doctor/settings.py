"""Checks of the learner's own settings of Keras and pytest, which a run overrides."""

import json
import os
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import katas
from katas.dojo.course import index
from katas.dojo.doctor.findings import Finding, note, problem
from katas.dojo.runner import tensorflow_import
from katas.dojo.store import paths
from katas.dojo.store.paths import shown

# Plugins of pytest that reorder, repeat or reprint the tests of every run.
MEDDLING = {"randomly", "repeat", "rerunfailures", "flakefinder", "sugar", "instafail"}
PREFERRED = ("pytest.toml", ".pytest.toml", "pytest.ini")  # to .pytest.ini, by pytest
SHORT = 60  # characters of a variable that are shown


def keras() -> Iterator[Finding]:
    """Keras' settings"""
    for name in ("KERAS_BACKEND", *katas.FOREIGN):
        value = katas.OVERRIDDEN.get(name) or os.environ.get(name, "tensorflow")
        if value != "tensorflow":
            text = f"{name}={value[:SHORT]}, which the course's runs ignore"
            yield note("Keras", text, f"unset {name}")
    file = Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras") / "keras.json"
    if others := [f"{name} {value}" for name, value in _unusual(file)]:
        text = f"{file} sets {', '.join(others)}, which the course's runs ignore"
        yield note("Keras", text, f"mv {file} {file}.old")


def _unusual(file: Path) -> Iterator[tuple[str, Any]]:
    """The settings of a keras.json that differ from Keras' defaults."""
    try:
        settings = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return
    usual = {**tensorflow_import.DEFAULTS, "backend": "tensorflow"}
    for name, value in settings.items() if isinstance(settings, dict) else ():
        if name in usual and value != usual[name]:
            yield name, value


def pytest() -> Iterator[Finding]:
    """pytest's settings"""
    for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS"):
        if value := os.environ.get(name):
            text = f"{name}={value[:SHORT]} is added to each run of pytest"
            yield note("pytest", text, f"unset {name}")
    days = [day.folder for day in index.days()]
    for folder in (paths.root(), paths.root() / "katas", *days):
        for file in (folder / name for name in PREFERRED if (folder / name).exists()):
            text = f"{shown(file)} takes the place of the course's .pytest.ini"
            yield problem("pytest", text, f"mv {shown(file)} {shown(file)}.old")
    if names := MEDDLING & {entry.name for entry in entry_points(group="pytest11")}:
        text = f"not loaded by the course's runs: {', '.join(sorted(names))}"
        yield note("plugins", text)

"""What the three programs can be told: their options, and the configuration file."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from katas.dojo.store import paths
from katas.dojo.store.errors import CourseError

if TYPE_CHECKING:
    from katas.detector.parts import Configuration

PROTOCOLS = ("5fold", "loso", "holdout")
STRATEGIES = ("none", "mirrored", "multiworker")


@dataclass(frozen=True)
class DataOptions:
    """Which recordings to read, and how they are split into training and test.

    data      a name or a folder; None where train_on and test_on name one each
    protocol  one of PROTOCOLS
    split     "subjects"; "windows": at random, which leaks
    """

    data: str | None = "sim"
    train_on: str | None = None
    test_on: str | None = None
    protocol: str = "5fold"
    split: str = "subjects"

    @property
    def description(self) -> str:
        """The data in words, for the model card."""
        return self.data or f"trained on {self.train_on}, tested on {self.test_on}"

    @property
    def name(self) -> str:
        """Data and protocol in one word; it is part of a run's fingerprint."""
        if self.train_on and self.test_on:
            return f"{Path(self.train_on).name}-to-{Path(self.test_on).name}"
        suffix = "" if self.split == "subjects" else "-windows"
        return f"{self.data}-{self.protocol}{suffix}"


@dataclass(frozen=True)
class TrainingOptions(DataOptions):
    """The options of `train`."""

    seeds: int = 1
    epochs: int | None = None  # None: as the configuration says
    config: Path | None = None
    keep: str = "last"  # which epoch's weights: "last" | "best"
    false_alarms: float = 10.0  # [1/h] at most, at the operating point "budget"
    out: Path | None = None
    strategy: str = "none"

    @property
    def folder(self) -> Path:
        """Where the run writes."""
        return self.out or runs_folder(self.name)


@dataclass(frozen=True)
class AblationOptions(DataOptions):
    """The options of `ablate`."""

    seeds: int = 1
    epochs: int | None = None
    config: Path | None = None
    only: str | None = None  # names of variants, separated by commas; None: all
    out: Path | None = None

    @property
    def folder(self) -> Path:
        """Where the ablation writes."""
        return self.out or runs_folder(f"ablation-{self.data}")


@dataclass(frozen=True)
class ShippingOptions:
    """The options of `ship`: the folder of a finished training run."""

    run: Path


def runs_folder(name: str) -> Path:
    """The default folder of a run: `.dojo/runs/NAME`."""
    return paths.state_folder() / "runs" / re.sub(r"[^\w.-]+", "-", name)


def configuration(
    Config: type, file: Path | None = None, epochs: int | None = None
) -> Configuration:
    """Return a Config, changed by a TOML file and by --epochs.

    Raises
        CourseError  the file cannot be read, names an unknown field, or the Config
                     refuses a value
    """
    changes = read_toml(file) if file else {}
    if epochs is not None:
        changes["epochs"] = epochs
    base = Config()
    design = changes.pop("design", {})
    fields = [field.name for field in dataclasses.fields(Config)]
    design_fields = [field.name for field in dataclasses.fields(base.design)]
    unknown = [key for key in changes if key not in fields]
    unknown += [f"design.{key}" for key in design if key not in design_fields]
    if unknown:
        raise CourseError(
            f"--config {file}: unknown {', '.join(unknown)}; a Config has"
            f" {', '.join(fields)}, its design {', '.join(design_fields)}."
        )
    try:
        design = {key: _tuples(value) for key, value in design.items()}
        design = dataclasses.replace(base.design, **design)
        return dataclasses.replace(base, design=design, **changes)
    except (TypeError, ValueError) as error:
        raise CourseError(f"configuration: {error}") from None


def read_toml(file: Path) -> dict[str, Any]:
    """Return the content of a TOML file.

    Raises
        CourseError  there is no such file, or it is not TOML
    """
    try:
        return tomllib.loads(Path(file).read_text("utf-8"))
    except OSError as error:
        raise CourseError(f"--config {file}: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CourseError(f"--config {file}: {error}.") from None


def _tuples(value: Any) -> Any:
    """Lists as tuples, at every depth: a frozen dataclass is hashable only so."""
    return tuple(map(_tuples, value)) if isinstance(value, list) else value

"""The one interface through which the detector uses the code of the days.

TABLE lists which day defines which part. `load` imports it from `katas.dayNN`, so that
the installed import target decides whose code runs: by default the learner's where
its day is green, else the reference. No other module of the detector names a day.
"""

import hashlib
import importlib
import linecache
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import Field, dataclass, fields
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from katas.detector.protocol import Windows
from katas.detector.recordings import Recording
from katas.dojo.course import index, targets


@dataclass(frozen=True)
class Source:
    """Where a part is defined: an attribute of a day's module."""

    day: int
    attribute: str


TABLE = {
    "label_windows": Source(27, "label_windows"),
    "windows": Source(27, "windows"),
    "fall_net": Source(30, "fall_net"),
    "Config": Source(31, "Config"),
    "train": Source(31, "train"),
    "choose_threshold": Source(31, "choose_threshold"),
    "report": Source(31, "report"),
    "Setup": Source(32, "Setup"),
    "variants": Source(32, "variants"),
    "train_variant": Source(32, "train"),
    "run_variants": Source(32, "run"),
    "compare": Source(32, "table"),
    "export": Source(33, "export"),
    "float_operations": Source(33, "FLOATS"),
    "litert": Source(33, "litert"),
    "StreamingDetector": Source(33, "StreamingDetector"),
    "model_card": Source(33, "model_card"),
}


class Configuration(Protocol):
    """What the detector reads of day 31's Config."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]
    design: Any
    epochs: int
    hop: int


@dataclass(frozen=True)
class Origin:
    """Whose code a part is."""

    part: str
    day: int
    owner: str  # "yours" | "reference"


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What the training run uses; each field is a line of TABLE."""

    label_windows: Callable[..., tuple[NDArray[np.int_], NDArray[np.int_]]]
    windows: Callable[[list[Recording]], Windows]
    fall_net: Callable[..., Any]  # a saved model can be loaded once it is imported
    Config: type
    train: Callable[..., Any]  # (pool, config, seed, validation, callbacks) -> model
    choose_threshold: Callable[[NDArray[np.int_], NDArray[np.floating]], float]
    report: Callable[..., dict[str, Any]]  # (runs, subjects, figures) -> means, spread
    origins: tuple[Origin, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AblationParts(Parts):
    """What the ablation uses beside the training's parts."""

    Setup: type
    variants: Callable[[Any], dict[str, Any]]
    train_variant: Callable[..., Any]
    run_variants: Callable[..., dict[str, NDArray[np.bool_]]]
    compare: Callable[..., list[dict[str, Any]]]


@dataclass(frozen=True, kw_only=True)
class ShippingParts(Parts):
    """What shipping uses beside the training's parts."""

    export: Callable[..., bytes]
    float_operations: tuple[str, ...]
    litert: Callable[[bytes], Callable[[NDArray[np.floating]], float]]
    StreamingDetector: type
    model_card: Callable[[Mapping[str, Any], bytes], str]


P = TypeVar("P", bound=Parts)


def load(kind: type[P]) -> P:
    """Import the parts of one program.

    Args
        kind  Parts, AblationParts or ShippingParts
    Returns an instance whose `origins` hold a line for each part.

    Raises
        CourseError  a day has no such module
    """
    if not any(isinstance(finder, targets.Finder) for finder in sys.meta_path):
        targets.install("green")
    names = [field.name for field in fields(kind) if field.name in TABLE]
    resolved = {name: _resolve(TABLE[name]) for name in names}
    origins = tuple(
        Origin(name, TABLE[name].day, _owner(TABLE[name])) for name in names
    )
    return kind(**resolved, origins=origins)


def _module(source: Source) -> ModuleType:
    return importlib.import_module(index.day(source.day).module)


def _resolve(source: Source) -> Any:
    return getattr(_module(source), source.attribute)


def _owner(source: Source) -> str:
    file = _module(source).__file__
    own = index.day(source.day).file
    return "yours" if file and Path(file).resolve() == own.resolve() else "reference"


def origins_table(origins: Iterable[Origin]) -> list[str]:
    """The lines of a Markdown table: each part, its day, and whose it is."""
    rows = [("part", "day", "whose")]
    rows += [(each.part, f"{each.day:02d}", each.owner) for each in origins]
    width = max(len(part) for part, _, _ in rows)
    lines = [
        f"| {part:<{width}} | {day:<3} | {whose:<9} |" for part, day, whose in rows
    ]
    return [lines[0], f"|{'-' * (width + 2)}|-----|-----------|", *lines[1:]]


def code_digest() -> str:
    """A digest of the days' files in use: after a change it is another run."""
    digest = hashlib.sha256()
    for name, module in sorted(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if file and re.match(r"katas\.day\d\d\.", name):
            digest.update("".join(linecache.getlines(file)).encode())
    return digest.hexdigest()[:16]

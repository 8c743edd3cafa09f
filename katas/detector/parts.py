"""The one interface through which the detector uses the code of the days.

TABLE (`pipeline/table.py`) lists which day defines which part. `load` imports it from
`katas.dayNN`, so that the installed import target decides whose code runs: by default
the learner's where its day is green, else the reference. No other module of the
detector imports a day, and none defines again what a day defines.
"""

import hashlib
import importlib
import linecache
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import Field, dataclass, fields
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from katas.detector.pipeline.table import TABLE, Source
from katas.detector.recordings import Recording
from katas.dojo.course import index, targets

Ints = NDArray[np.int_]
Bools = NDArray[np.bool_]
Floats = NDArray[np.floating]


class Windows(Protocol):
    """Windows of many recordings, row by row: what day 27's `windows` returns.

    Shapes
        x          float32 [count, 128, 6]  acceleration [g], angular rate [rad/s]
        label      int [count]              1 fall, 0 daily, -1 left out
        subject    str [count]              who wore the sensor
        recording  int [count]              index into the list of recordings
        start      int [count]              first sample within its recording
    """

    @property
    def x(self) -> Floats: ...
    @property
    def label(self) -> Ints: ...
    @property
    def subject(self) -> NDArray[np.str_]: ...
    @property
    def recording(self) -> Ints: ...
    @property
    def start(self) -> Ints: ...


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


Alarms = tuple[Floats, Bools]  # when each is raised [s]; True if it detects the fall
Rows = tuple[Ints, Ints]  # row numbers of windows: training, test


@dataclass(frozen=True, kw_only=True)
class ProtocolParts:
    """What the protocol uses, whichever model it evaluates."""

    # counts [tp, fp, fn, tn]; [precision, recall, F1]; (recall, precision) by score
    confusion: Callable[..., Any]  # (labels, scores, threshold) -> float32 [4]
    precision_recall_f1: Callable[[Any], Any]
    pr_curve: Callable[[Ints, Floats], tuple[Floats, Floats]]
    average_precision: Callable[[Ints, Floats], float]
    split_by_subject: Callable[[Ints, NDArray[np.str_], int], list[Rows]]
    leave_one_subject_out: Callable[..., dict[str, Any]]  # (subjects, run)
    events: Callable[..., Alarms]  # (recording, starts, scores, threshold)
    event_scores: Callable[[Sequence[Recording], Sequence[Alarms]], dict[str, float]]


@dataclass(frozen=True, kw_only=True)
class Parts(ProtocolParts):
    """What the training run uses; each field is a line of TABLE."""

    sampling_rate: float  # [Hz]
    window_length: int  # [samples]
    label_windows: Callable[..., tuple[Ints, Ints]]
    windows: Callable[[list[Recording]], Windows]
    fall_net: Callable[..., Any]  # a saved model can be loaded once it is imported
    Config: type
    train: Callable[..., Any]  # (pool, config, seed, validation, callbacks) -> model
    choose_threshold: Callable[[Ints, Floats], float]
    report: Callable[..., dict[str, Any]]  # (runs, subjects, figures) -> means, spread
    paired_bootstrap: Callable[[Floats, Floats], tuple[float, float]]
    permutation_test: Callable[[Floats, Floats], float]
    holm: Callable[[Sequence[float]], Floats]
    origins: tuple[Origin, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AblationParts(Parts):
    """What the ablation uses beside the training's parts."""

    Setup: type
    variants: Callable[[Any], dict[str, Any]]
    train_variant: Callable[..., Any]
    run_variants: Callable[..., dict[str, Bools]]
    compare: Callable[..., list[dict[str, Any]]]


@dataclass(frozen=True, kw_only=True)
class ShippingParts(Parts):
    """What shipping uses beside the training's parts."""

    window_hop: int  # [samples]
    hold_off: float  # [s]
    rate_interval: Callable[[int, float], tuple[float, float]]  # (count, hours) [1/h]
    export: Callable[..., bytes]
    float_operations: tuple[str, ...]
    litert: Callable[[bytes], Callable[[Floats], float]]
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


class InstalledParts:
    """The parts of the installed target, each imported when it is first read."""

    def __getattr__(self, name: str) -> Any:
        if name not in TABLE:
            raise AttributeError(name)
        return _resolve(TABLE[name])


INSTALLED: Any = InstalledParts()  # for the days that call the protocol themselves


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

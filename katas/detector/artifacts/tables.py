"""The detector's figures in metrics.json, as a table."""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from katas.dojo.store import paths

MODELS = ("network", "forest", "threshold")
COLUMNS = {
    "f1": "F1 of windows",
    "event_sensitivity": "falls detected",
    "false_alarms_per_hour": "false alarms [1/h]",
    "delay_s": "delay [s]",
}
DIGITS = {"f1": 3, "event_sensitivity": 3, "false_alarms_per_hour": 1, "delay_s": 2}


def newest() -> Path | None:
    """The path of the newest metrics.json that a run left, or None."""
    folders = (paths.root() / "notes", paths.state_folder())
    files = [file for folder in folders for file in folder.rglob("metrics.json")]
    return max(files, key=lambda file: file.stat().st_mtime, default=None)


def table(path: Path) -> tuple[list[str], list[list[str]]]:
    """(header, rows) of texts from a metrics.json; ([], []) where it is none."""
    try:
        return rows(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return [], []


def rows(metrics: Mapping[str, Any]) -> tuple[list[str], list[list[str]]]:
    """(header, rows) of {model: {figure: value, "spread": ...}}; models may be missing."""
    names = [name for name in MODELS if name in metrics]
    body = [[name, *(cell(metrics[name], key) for key in COLUMNS)] for name in names]
    return (["model", *COLUMNS.values()] if body else []), body


def cell(figures: Mapping[str, Any], name: str) -> str:
    """A figure, and in brackets its deviation over seeds and over people."""
    if figures[name] is None or not math.isfinite(figures[name]):
        return "none"
    spread, digits = figures["spread"][name], DIGITS[name]
    deviations = [f"{spread[over] or 0:.{digits}f}" for over in ("seeds", "subjects")]
    return f"{figures[name]:.{digits}f} ({'; '.join(deviations)})"

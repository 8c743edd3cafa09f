"""The detector's figures: what a run of day 30 left in metrics.json, as a table."""

import json
import math

from katas.dojo.store import paths

MODELS = ("network", "forest", "threshold")
COLUMNS = {
    "f1": "F1 of windows",
    "event_sensitivity": "falls detected",
    "false_alarms_per_hour": "false alarms [1/h]",
    "delay_s": "delay [s]",
}
DIGITS = {"f1": 3, "event_sensitivity": 3, "false_alarms_per_hour": 1, "delay_s": 2}


def newest():
    """The path of the newest metrics.json that a run left, or None."""
    folders = (paths.root() / "notes", paths.root() / ".dojo")
    found = [file for folder in folders for file in folder.rglob("metrics.json")]
    return max(found, key=lambda file: file.stat().st_mtime, default=None)


def table(path):
    """(header, rows) of texts from a metrics.json; ([], []) where it is none."""
    try:
        return rows(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return [], []


def rows(models):
    """(header, rows) of {model: {figure: value, "spread": ...}}; models may lack."""
    known = [name for name in MODELS if name in models]
    body = [[name, *(cell(models[name], key) for key in COLUMNS)] for name in known]
    return (["model", *COLUMNS.values()] if body else []), body


def cell(one, name):
    """A figure, and in brackets its deviation over seeds and over people."""
    if one[name] is None or not math.isfinite(one[name]):
        return "none"
    spread, digits = one["spread"][name], DIGITS[name]
    said = [f"{spread[over] or 0:.{digits}f}" for over in ("seeds", "subjects")]
    return f"{one[name]:.{digits}f} ({'; '.join(said)})"

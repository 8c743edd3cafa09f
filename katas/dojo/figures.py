"""The detector's figures: the newest metrics.json in notes/ or .dojo/, as a table."""

import json

from katas.dojo.course import ROOT


def newest():
    """The path of the newest metrics.json that a run left, or None."""
    folders = (ROOT / "notes", ROOT / ".dojo")
    found = [file for folder in folders for file in folder.rglob("metrics.json")]
    return max(found, key=lambda file: file.stat().st_mtime, default=None)


def table(path):
    """(header, rows) of texts from a JSON file; ([], []) where it holds no table.

    A list of objects, or an object of objects, gives a row each; a plain object gives
    a row for each of its numbers.
    """
    try:
        data = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return [], []
    if isinstance(data, dict) and all(isinstance(v, dict) for v in data.values()):
        data = [{"model": name, **_flat(entry)} for name, entry in data.items()]
    if isinstance(data, list) and data and all(isinstance(row, dict) for row in data):
        data = [_flat(row) for row in data]
        header = list(dict.fromkeys(key for row in data for key in row))
        return header, [[_text(row.get(key, "")) for key in header] for row in data]
    if isinstance(data, dict):
        return ["metric", "value"], [[k, _text(v)] for k, v in _flat(data).items()]
    return [], []


def _flat(entry, prefix=""):
    """The numbers and words of an object, inner objects as `outer inner`."""
    flat = {}
    for key, value in entry.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{key} ")
        elif not isinstance(value, list):
            flat[f"{prefix}{key}"] = value
    return flat


def _text(value):
    return f"{value:.3g}" if isinstance(value, float) else str(value)

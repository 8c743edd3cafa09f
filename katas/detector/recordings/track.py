"""Read one recording of a learner's folder: times and six channels, units by header."""

import math
import re
from array import array
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from katas.detector.recordings.clock import check_times
from katas.detector.recordings.recording import GRAVITY, magnitude
from katas.detector.recordings.table import listed, number, read_table
from katas.dojo.store.errors import DataError

Floats = NDArray[np.float64]

ACCELERATION = {"g": 1.0, "m_s2": 1 / GRAVITY}
ROTATION = {"rad_s": 1.0, "deg_s": math.pi / 180}
FASTEST = 50.0  # [rad/s], 2,865 deg/s: no wearer, and hardly a sensor, turns faster
QUIET = 0.1  # [g] of movement about the mean: the sensor rests


def read_track(content: bytes, where: Path) -> tuple[Floats, Floats]:
    """Return (times, values) of one CSV recording.

    Shapes
        times   [time]     [s], as in the file: strictly rising
        values  [time, 6]  acceleration [g], angular rate [rad/s]
    Raises
        DataError  a missing column, a text that is no number, a NaN, time that goes
                   back or stands still, a gap, a unit that the values contradict; names
                   the file, and the line wherever one line is to blame.
    """
    table = read_table(content, where, first="time_s")
    header = table.header
    columns, scale = _columns(header, where)
    cells, lines = array("d"), array("q")
    for line, row in table.rows:
        try:
            values = [float(row[k]) for k in columns]
        except ValueError:
            values = [number(row[k], header[k], where, line) for k in columns]
        cells.extend(values)
        lines.append(line)
    numbers = np.frombuffer(cells).reshape(-1, 7)
    if not np.isfinite(numbers).all():
        k, j = np.argwhere(~np.isfinite(numbers))[0]
        column = header[columns[j]]
        raise DataError(f"{where}, line {lines[k]}: {column} is {numbers[k, j]}.")
    times = numbers[:, 0]
    check_times(times, np.array(lines), where)
    values = numbers[:, 1:] * np.repeat([scale[0], scale[1]], 3)
    names = [header[k] for k in columns]
    _check_acceleration(times, values[:, :3], names[1], where)
    _check_rotation(values, names[4], where)
    return times, values


def _columns(header: Sequence[str], where: Path) -> tuple[list[int], list[float]]:
    if "time_s" not in header:
        raise DataError(
            f"{where}, line 1: no column time_s"
            f"{_renaming(header) or '; the columns are ' + listed(header)}."
        )
    columns, scale = [header.index("time_s")], []
    for kind, units in (("acc", ACCELERATION), ("gyro", ROTATION)):
        fitting = [
            unit
            for unit in units
            if all(f"{kind}_{axis}_{unit}" in header for axis in "xyz")
        ]
        if len(fitting) != 1:
            expected = " or ".join(
                ",".join(f"{kind}_{axis}_{unit}" for axis in "xyz") for unit in units
            )
            came = ",".join(name for name in header if name.startswith(kind)) or "none"
            sensor = {"acc": "acceleration", "gyro": "angular rate"}[kind]
            raise DataError(
                f"{where}, line 1: expected three columns of {sensor}, {expected}; "
                f"got {came}{_renaming(header)}."
            )
        unit = fitting[0]
        columns += [header.index(f"{kind}_{axis}_{unit}") for axis in "xyz"]
        scale.append(units[unit])
    return columns, scale


UNITS = {  # as loggers write them
    "acc": {r"m/s|m_s2|ms-?2": "m_s2", r"\bm?g\b|^gf": "g"},
    "gyro": {r"rad": "rad_s", r"deg|dps|°": "deg_s"},
}
SENSORS = {
    "linear": r"linear|user_?acc",
    "acc": r"acc|^gf|^a_?[xyz]$",
    "gyro": r"gyr|rotation|^[wg]_?[xyz]$",
}


def _renaming(header: Sequence[str]) -> str:
    """How to rename the columns of a logger, as far as their names can be understood."""
    new: dict[str, str] = {}
    linear = False
    for name in header:
        base = re.sub(r"[(\[].*", "", name).strip().lower()
        sensor = next((s for s, p in SENSORS.items() if re.search(p, base)), "")
        linear = linear or sensor == "linear"
        if re.search(r"time|elapsed|epoc", base) and not re.search(r"txt", name):
            seconds = re.search(r"\(s\)|_s$|seconds|elapsed", name)
            if "time_s" not in header and (seconds or "time_s" not in new):
                new["time_s"] = name
        elif sensor in UNITS and re.search(r"x(-axis)?$", base):
            units = [u for p, u in UNITS[sensor].items() if re.search(p, name.lower())]
            known = " or ".join(
                f"{sensor}_x_{unit}" for unit in units or UNITS[sensor].values()
            )
            if known not in header:
                new.setdefault(known, name)
    advice = ", ".join(f"{old!r} to {name}" for name, old in new.items())
    text = f"; rename {advice}" if advice else ""
    if new.keys() - {"time_s"}:
        text += ", y and z likewise"
        if "time_s" not in [*new, *header]:
            text += "; add time_s, row number / rate"
    if linear and not any(name.startswith("acc_") for name in new):
        text += "; in a linear acceleration gravity is removed: record the raw one"
    elif new and not any(re.search(SENSORS["gyro"], name.lower()) for name in header):
        text += "; acceleration and angular rate belong in one file, on one clock"
    return text


def _check_acceleration(
    times: Floats, acceleration: Floats, name: str, where: Path
) -> None:
    """Check that the quietest half second reads 1 g, or else the median does.

    Shapes: times [time] in [s], acceleration [time, 3] in [g] if the header is right.
    """
    size = magnitude(acceleration)
    usual = float(np.median(size))
    length = min(len(size), max(3, round(0.5 / float(np.median(np.diff(times))))))
    blocks = acceleration[: len(size) // length * length].reshape(-1, length, 3)
    movement = np.sqrt(blocks.var(axis=1).sum(axis=1))  # [blocks]
    k = int(np.argmin(movement))
    rest = float(np.linalg.norm(blocks[k].mean(axis=0)))
    if movement[k] < QUIET:
        right = 0.6 <= rest <= 1.5
    else:
        right = 0.5 <= usual <= 2.5 and rest >= max(0.5, 0.75 * movement[k])
    if right:
        return
    unit = name.removeprefix("acc_x_")
    shown = rest / ACCELERATION[unit]
    if rest < max(0.3 * usual, 0.75 * movement[k], float(size.max()) / 40):
        likely = (
            "gravity seems to be removed: record the raw acceleration, not a linear or "
            "user acceleration"
        )
    elif movement[k] < 0.1 * rest:
        likely = _likely_unit(shown, unit)
    else:
        likely = "the sensor never rests, so the unit cannot be told: check it"
    raise DataError(
        f"{where}, column {name}: in the quietest half second |acceleration| is "
        f"{shown:.4g} {unit}, which is {rest:.3g} g where rest is 1 g; {likely}."
    )


def _likely_unit(rest: float, unit: str) -> str:
    """The one unit in which `rest` is 1 g, if there is one beside the header's."""
    cures = {
        "g": (1.0, "it looks like g: name the columns acc_x_g, ..."),
        "m_s2": (GRAVITY, "it looks like m/s2: name the columns acc_x_m_s2, ..."),
        "mg": (1000.0, "it looks like thousandths of g: divide by 1,000"),
    }
    for other, (one_g, cure) in cures.items():
        if other != unit and 0.7 <= rest / one_g <= 1.4:
            return cure
    return "no unit known here fits: check the sensor's scale"


def _check_rotation(values: Floats, name: str, where: Path) -> None:
    unit = name.removeprefix("gyro_x_")
    turn = np.linalg.norm(values[:, 3:], axis=1)
    if not np.ptp(values[:, 3:], axis=0).any():
        raise DataError(
            f"{where}, column {name}: the angular rate never changes, so the gyroscope "
            "was off; record it as well."
        )
    k = int(np.argmax(turn))
    shown = turn[k] / ROTATION[unit]
    if turn[k] > FASTEST:
        likely = "no unit known here fits: check the sensor's scale"
        if unit == "rad_s" and shown * ROTATION["deg_s"] <= FASTEST:
            likely = "it looks like deg/s: name the columns gyro_x_deg_s, ..."
        raise DataError(
            f"{where}, column {name}: the largest rate is {shown:.4g} {unit}, "
            f"{turn[k] / (2 * math.pi):.0f} turns a second; {likely}."
        )
    shaken = magnitude(values[:, :3]).std() > 0.2
    if unit == "deg_s" and shaken and turn[k] < 0.35:
        raise DataError(
            f"{where}, column {name}: the sensor is shaken, but never turns faster than "
            f"{shown:.3g} deg/s; it looks like rad/s: name the columns gyro_x_rad_s, ..."
        )

"""Read one recording of a learner's folder: times and six channels, units by header."""

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from katas.detector.recordings.recording import GRAVITY
from katas.detector.recordings.table import require, rows
from katas.dojo.store.errors import DataError

Floats = NDArray[np.float64]

ACCELERATION = {"g": 1.0, "m_s2": 1 / GRAVITY}
ROTATION = {"rad_s": 1.0, "deg_s": math.pi / 180}
FASTEST = 50.0  # [rad/s], 2,865 deg/s: no wearer, and hardly a sensor, turns faster


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
    header, body = rows(content, where)
    columns, scale = _columns(header, where)
    numbers = np.empty((len(body), 7))
    for k, (line, cells) in enumerate(body):
        for j, column in enumerate(columns):
            numbers[k, j] = number(cells[column], header[column], where, line)
    lines = np.array([line for line, _ in body])
    times = numbers[:, 0]
    _check_times(times, lines, where)
    values = numbers[:, 1:] * np.repeat([scale[0], scale[1]], 3)
    _check_units(values, [header[j] for j in columns], where)
    return times, values


def _columns(header: Sequence[str], where: Path) -> tuple[list[int], list[float]]:
    require(header, ["time_s"], where)
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
                f"got {came}."
            )
        unit = fitting[0]
        columns += [header.index(f"{kind}_{axis}_{unit}") for axis in "xyz"]
        scale.append(units[unit])
    return columns, scale


def number(text: str, column: str, where: Path, line: int) -> float:
    """Return the number in one cell.

    Raises
        DataError  no number, NaN or infinite: names file, line and column
    """
    try:
        value = float(text)
    except ValueError:
        problem = "no value" if not text else f"{text!r} is no number"
        raise DataError(f"{where}, line {line}: {problem} in {column}.") from None
    if not math.isfinite(value):
        raise DataError(f"{where}, line {line}: {column} is {text}.")
    return value


def _check_times(times: Floats, lines: NDArray[np.int_], where: Path) -> None:
    if len(times) < 2:
        raise DataError(f"{where}, line {lines[0]}: one sample is no recording.")
    steps = np.diff(times)
    wrong = np.flatnonzero(steps <= 0)
    if len(wrong):
        k = wrong[0]
        how = "goes back" if steps[k] < 0 else "stands still"
        raise DataError(
            f"{where}, line {lines[k + 1]}: time_s {how}, from {times[k]:g} "
            f"to {times[k + 1]:g}."
        )
    usual = float(np.median(steps))
    if usual >= 1:
        raise DataError(
            f"{where}: time_s rises by {usual:g} a row; if that is milliseconds, "
            "divide by 1,000."
        )
    if usual < 0.5 * steps.mean():
        raise DataError(
            f"{where}: half of the rows follow within {usual:g} s, the mean is "
            f"{steps.mean():.3g} s: these are times of arrival in packets; write the "
            "sensor's own clock, or row number / rate."
        )
    k = int(np.argmax(steps))
    if steps[k] > max(0.25, 5 * usual):
        raise DataError(
            f"{where}, line {lines[k + 1]}: a gap of {steps[k]:.2f} s; make two "
            "recordings of it."
        )


def _check_units(values: Floats, names: Sequence[str], where: Path) -> None:
    size = np.sqrt((values[:, :3] ** 2).sum(axis=1))
    usual = float(np.median(size))  # [g] if the header is right; at rest it is 1
    unit = names[1].removeprefix("acc_x_")
    shown = usual / ACCELERATION[unit]
    if not 0.5 <= usual <= 2.2:
        likely = "the unit is another"
        if 0.5 <= shown / GRAVITY <= 2.2:
            likely = "it looks like m/s2: name the columns acc_x_m_s2, ..."
        elif 0.5 <= shown <= 2.2:
            likely = "it looks like g: name the columns acc_x_g, ..."
        elif 0.5 <= shown / 1000 <= 2.2:
            likely = "it looks like thousandths of g: divide by 1,000"
        elif usual < 0.5:
            likely = "gravity seems to be removed: record the raw acceleration"
        raise DataError(
            f"{where}, column {names[1]}: half of the time |acceleration| is over "
            f"{shown:.3g} {unit}, which is {usual:.3g} g where rest is 1 g; {likely}."
        )
    turn = np.sqrt((values[:, 3:] ** 2).sum(axis=1))
    k = int(np.argmax(turn))
    unit = names[4].removeprefix("gyro_x_")
    if turn[k] > FASTEST:
        likely = "deg/s" if unit == "rad_s" else "another unit"
        raise DataError(
            f"{where}, column {names[4]}: the largest rate is "
            f"{turn[k] / ROTATION[unit]:.4g} {unit}, {turn[k] / 6.2832:.0f} turns a "
            f"second; it looks like {likely}: name the columns so."
        )
    if unit == "deg_s" and size.std() > 0.2 and turn[k] < 0.35:
        raise DataError(
            f"{where}, column {names[4]}: the sensor is shaken, but never turns faster "
            f"than {turn[k] / ROTATION[unit]:.3g} deg/s; it looks like rad/s: name the "
            "columns gyro_x_rad_s, ..."
        )

"""SisFall: a sensor at the waist, 200 Hz, raw counts converted as in its Readme.

Source: Sucerquia, López & Vargas-Bonilla 2017, "SisFall: a fall and movement dataset",
Sensors 17(1):198; the Readme.txt of the data set. The learner has a copy: a folder
or zip that holds files such as SA01/F05_SA01_R04.txt. Columns 1-3 are the ADXL345
(13 bits, +-16 g), 4-6 the ITG3200 (16 bits, +-2000 deg/s); 7-9, a second accelerometer,
are left alone. No falls are marked: the impact is the largest |acceleration|, the span
runs from 1.1 s before it to 1.9 s after. The waist is not the wrist: a detector trained
on one is not tested fairly on the other.
"""

import re
from itertools import pairwise
from pathlib import Path, PurePosixPath

import numpy as np
from numpy.typing import NDArray

from katas.detector.recordings.archive import Archive
from katas.detector.recordings.cache import cached
from katas.detector.recordings.clock import resample
from katas.detector.recordings.fetch import find_sisfall
from katas.detector.recordings.recording import (
    RATE,
    Recording,
    find_impact,
    span_around,
)
from katas.detector.recordings.table import block
from katas.dojo.store.errors import DataError

SOURCE_RATE = 200.0  # [Hz]
G_PER_COUNT = 2 * 16 / 2**13
RAD_S_PER_COUNT = np.deg2rad(2 * 2000 / 2**16)

FILE = re.compile(r"([DF]\d\d)_(S[AE]\d\d)_(R\d\d)\.txt")

ACTIVITIES = {
    "D01": "walking slowly",
    "D02": "walking quickly",
    "D03": "jogging slowly",
    "D04": "jogging quickly",
    "D05": "stairs slowly",
    "D06": "stairs quickly",
    "D07": "sitting down and getting up slowly",
    "D08": "sitting down and getting up quickly",
    "D09": "low chair slowly",
    "D10": "low chair quickly",
    "D11": "collapsing into a chair",
    "D12": "lying down and sitting up slowly",
    "D13": "lying down and sitting up quickly",
    "D14": "turning over",
    "D15": "bending at the knees",
    "D16": "bending without the knees",
    "D17": "getting into a car",
    "D18": "stumbling",
    "D19": "jumping",
    "F01": "slip, forward",
    "F02": "slip, backward",
    "F03": "slip, sideways",
    "F04": "trip, forward",
    "F05": "trip while jogging, forward",
    "F06": "faint while walking, straight down",
    "F07": "faint while walking, hands on a table",
    "F08": "getting up, forward",
    "F09": "getting up, sideways",
    "F10": "sitting down, forward",
    "F11": "sitting down, backward",
    "F12": "sitting down, sideways",
    "F13": "faint on a chair, forward",
    "F14": "faint on a chair, backward",
    "F15": "faint on a chair, sideways",
}


def to_signal(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return float64 [time, 6] at 50 Hz in [g] and [rad/s] from counts at 200 Hz.

    Shapes: counts [time, at least 6]. Every fourth sample is kept, after a low-pass
    filter: without it, the 45 Hz of a hard landing would come back as 5 Hz of walking.
    """
    scale = np.repeat([G_PER_COUNT, RAD_S_PER_COUNT], 3)
    times = np.arange(len(counts)) / SOURCE_RATE
    return resample(times, counts[:, :6].astype(float) * scale, RATE)


def recordings(path: str | Path | None = None) -> list[Recording]:
    """Return the recordings of a SisFall copy, sorted by name: 50 Hz, [g] and [rad/s].

    path  the zip or folder; None: the one named to `kata data sisfall`, or one in the
          data folder. Parsed once, then kept in .dojo/data.
    Raises
        DataError  no copy, no SisFall file in it, or a line that is not nine counts.
    """
    if path is None:
        path = find_sisfall()
    with Archive(path) as archive:
        return cached("sisfall", archive, lambda: _parse(archive), __file__)


ROW = re.compile(r"\s*(-?\d+\s*,\s*){8}-?\d+\s*;?\s*")


def _counts(archive: Archive, name: str) -> NDArray[np.int64]:
    text = archive.read(name).decode("latin-1")
    counts = block(text.replace(";", ""), 9, np.int64)
    if counts is None:
        for line, row in enumerate(text.splitlines(), start=1):
            if row.strip() and not ROW.fullmatch(row):
                raise DataError(
                    f"{name} in {archive.path}, line {line}: expected nine whole "
                    f"numbers, got {row[:60]!r}."
                )
        raise DataError(f"{name} in {archive.path} holds no counts.")
    return counts


def _parse(archive: Archive) -> list[Recording]:
    results = []
    for name in archive.names():
        match = FILE.fullmatch(PurePosixPath(name).name)
        if not match:
            continue
        code, subject, trial = match.groups()
        if code not in ACTIVITIES:
            raise DataError(f"{name} in {archive.path}: there is no activity {code}.")
        signal = to_signal(_counts(archive, name))
        span = impact = None
        if code.startswith("F"):
            impact = find_impact(signal, RATE)
            span = span_around(impact, len(signal) / RATE)
        results.append(
            Recording(
                name=f"{code}/{subject}_{trial}",
                subject=subject,
                activity=ACTIVITIES[code],
                rate=RATE,
                signal=signal,
                span=span,
                impact=impact,
            )
        )
    if not results:
        raise DataError(
            f"{archive.path} holds no SisFall file: expected names such as "
            "SA01/F05_SA01_R04.txt."
        )
    results.sort(key=lambda each: each.name)
    for one, other in pairwise(results):
        if one.name == other.name:
            raise DataError(f"{archive.path} holds {one.name} twice: keep one copy.")
    return results

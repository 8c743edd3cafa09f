"""WEDA-FALL: a wrist watch on 25 people, 350 falls and 619 daily activities, repaired.

Source: https://github.com/joaojtmarques/WEDA-FALL, commit 392c0bf, whose README
describes the people, the falls F01-F08 and the activities D01-D11. The archive has four
defects; each repair below is exact where the archive lets it be checked:

1. In `50Hz/` every file of every fall of U01-U13 is a byte copy of `40Hz/`, so the rate
   gives the label away. `40Hz` holds the rows whose index % 5 is not 4, and `10Hz` the
   others: `interleave` puts them together, and reproduces all unharmed files.
2. Times are those of arrival, about five rows a packet: `even_clock` spreads them.
3. Two packets arrived in the wrong order: a stable sort by time puts them back.
4. Acceleration and gyroscope differ in length: both are read off one clock.

Units there: m/s2, and rad/s by their range. Acceleration is clipped at 4 g.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from katas.detector.recordings.archive import Archive
from katas.detector.recordings.cache import cached
from katas.detector.recordings.clock import resample
from katas.detector.recordings.fetch import find_weda
from katas.detector.recordings.recording import GRAVITY, RATE, Recording, find_impact
from katas.detector.recordings.table import block
from katas.dojo.store.errors import DataError

Floats = NDArray[np.float64]

PARTS = ("40Hz", "10Hz")  # the two folders that together hold every row once
WATCH_RATE = 49.4  # [Hz], rows against time of arrival: 9 in 10 streams within 0.07
PACKET = 5  # rows that arrive together, most of the time

ACTIVITIES = {
    "D01": "walking",
    "D02": "jogging",
    "D03": "stairs",
    "D04": "sitting down and getting up",
    "D05": "collapsing into a chair",
    "D06": "tying shoes",
    "D07": "stumbling",
    "D08": "jumping",
    "D09": "hitting a table",
    "D10": "clapping",
    "D11": "opening a door",
    "F01": "slip, forward",
    "F02": "slip, sideways",
    "F03": "slip, backward",
    "F04": "trip, forward",
    "F05": "sitting down, backward",
    "F06": "faint on a chair, forward",
    "F07": "faint on a chair, backward",
    "F08": "faint on a chair, sideways",
}


def interleave(most: Floats, fifth: Floats) -> Floats:
    """Return the 50 Hz rows out of those of `40Hz` and those of `10Hz` (repair 1).

    Shapes: most [4 n (+ rest), columns], fifth [n, columns].
    Raises
        DataError  no sequence of rows could have been parted into these two.
    """
    rows = len(most) + len(fifth)
    if len(fifth) != rows // 5:
        raise DataError(f"{len(most)} rows at 40 Hz do not go with {len(fifth)}.")
    whole = np.empty((rows, most.shape[1]))
    late = np.arange(rows) % 5 == 4
    whole[late], whole[~late] = fifth, most
    return whole


def in_order(rows: Floats) -> Floats:
    """Return rows [time, 1 + channels] sorted by time, equal times as they came."""
    return rows[np.argsort(rows[:, 0], kind="stable")]


def even_clock(arrival: Floats, gap: float = 0.3) -> Floats:
    """Return evenly spread times [s] from the first to the last time of arrival.

    Where nothing arrived for `gap` seconds *and* rows are missing in the sum, the time
    of the missing rows stays free: in five of 1,938 streams about 19 rows are lost so.

    Shapes: arrival [time], sorted; returns [time].
    Raises
        DataError  there are fewer than two different times
    """
    if len(arrival) < 2 or arrival[-1] <= arrival[0]:
        raise DataError("a stream of WEDA-FALL has fewer than two times of arrival.")
    index = np.arange(len(arrival), dtype=float)
    # The first packet's rows were taken before they arrived, so it counts whole.
    expected = (arrival[-1] - arrival[0]) * WATCH_RATE + PACKET
    missing = round(expected) - len(arrival)
    waits = np.diff(arrival)
    if waits.max() > gap and missing > 10:
        index[np.argmax(waits) + 1 :] += missing
    return arrival[0] + index * (arrival[-1] - arrival[0]) / index[-1]


def to_signal(acceleration: Floats, rotation: Floats) -> Floats:
    """Return float64 [time, 6] at 50 Hz in [g] and [rad/s] from two raw streams.

    Shapes: both [rows, 4]: arrival [s], then x, y, z in [m/s2] and in [rad/s]; the
    numbers of rows may differ. The signal ends where the shorter stream ends.
    """
    both = []
    for rows in (in_order(acceleration), in_order(rotation)):
        both.append(resample(even_clock(rows[:, 0]), rows[:, 1:]))
    end = min(len(each) for each in both)
    return np.hstack([both[0][:end] / GRAVITY, both[1][:end]])


def recordings(path: str | Path | None = None) -> list[Recording]:
    """Return the 969 recordings, sorted by name: 50 Hz, [g] and [rad/s].

    path  the archive, or a folder that it was unpacked into; None: where
          `kata data weda` puts it. Parsed once, then kept in .dojo/data.
    Raises
        DataError  the archive is missing, damaged, or not WEDA-FALL.
    """
    if path is None:
        path = find_weda()
    with Archive(path) as archive:
        return cached("weda", archive, lambda: _parse(archive), __file__)


def _rows(archive: Archive, name: str) -> Floats:
    text = archive.read(name).decode("ascii", "replace")
    header, _, body = text.partition("\n")
    rows = block(body, header.count(",") + 1)
    if rows is None or rows.shape[1] != 4 or not np.isfinite(rows).all():
        raise DataError(f"{name} in {archive.path} is not rows of four numbers.")
    return rows


def read_spans(archive: Archive) -> dict[str, tuple[float, float]]:
    """Return {"F01/U01_R01": (start, end)}, in [s], of fall_timestamps.csv.

    The file starts with a byte-order mark, which is no part of its first column's name.
    """
    name = "dataset/fall_timestamps.csv"
    text = archive.read(name).decode("utf-8-sig", "replace")
    lines = [line.split(",") for line in text.split()[1:]]
    try:
        return {trial: (float(start), float(end)) for trial, start, end in lines}
    except ValueError:
        raise DataError(
            f"{name} in {archive.path} is not rows of a trial and two times."
        ) from None


def _parse(archive: Archive) -> list[Recording]:
    ends = "_gyro.csv"
    trials = [n for n in archive.names() if n.startswith("dataset/40Hz/")]
    trials = [n[len("dataset/40Hz/") : -len(ends)] for n in trials if n.endswith(ends)]
    if not trials:
        raise DataError(f"{archive.path} is not WEDA-FALL: it has no dataset/40Hz.")
    spans = read_spans(archive)
    results = []
    for trial in trials:
        code, _, person = trial.partition("/")
        if code not in ACTIVITIES:
            raise DataError(f"{archive.path}: there is no activity {code} ({trial}).")
        streams = (
            interleave(*(_rows(archive, f"dataset/{f}/{trial}_{s}.csv") for f in PARTS))
            for s in ("accel", "gyro")
        )
        signal = to_signal(*streams)
        span = spans.get(trial)
        results.append(
            Recording(
                name=f"{code}/{person}",
                subject=person[:3],
                activity=ACTIVITIES[code],
                rate=RATE,
                signal=signal,
                span=span,
                impact=find_impact(signal, RATE, span) if span else None,
            )
        )
    return results

"""A learner's own recordings: a folder with recordings.csv and one CSV a recording.

recordings.csv has the columns file, subject, activity, is_fall, start_s, end_s. is_fall
is 1 or 0, yes or no, true or false. start_s and end_s mark the fall on the clock of
that file's time_s; both empty: the impact is the largest |acceleration|, and the span
runs from 1.1 s before it to 1.9 s after.

Each recording's header names channels and units: time_s, then acc_x_g or acc_x_m_s2
(and y, z), then gyro_x_rad_s or gyro_x_deg_s (and y, z), in any order. Any rate from 8
to 2,000 Hz: what is not 50 Hz is resampled, after a low-pass filter if it is faster.
Files that recordings.csv does not name are left alone.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np

from katas.detector.recordings.archive import Archive, inner_path
from katas.detector.recordings.clock import resample
from katas.detector.recordings.recording import (
    RATE,
    Recording,
    find_impact,
    span_around,
)
from katas.detector.recordings.table import exact, number, read_table, require
from katas.detector.recordings.track import Floats, read_track
from katas.dojo.store.errors import DataError

COLUMNS = ("file", "subject", "activity", "is_fall", "start_s", "end_s")
YES_NO = {"1": True, "yes": True, "true": True, "0": False, "no": False, "false": False}
INDEX = "recordings.csv"

Entry = dict[str, str]  # one row of recordings.csv, by column


@dataclass(frozen=True)
class Measured:
    """A recording, and what its sensor did before it was resampled."""

    recording: Recording
    rate: float  # [Hz]
    reach: float  # [g], the largest |acceleration| along one axis
    clipped: bool  # three samples in a row at the largest value


@dataclass(frozen=True)
class Survey:
    """All that is right in a folder, and all that is not."""

    measured: list[Measured]
    problems: list[str]


def recordings(path: str | Path) -> list[Recording]:
    """Return the recordings of a folder (or zip), in the order of recordings.csv.

    Shapes: a list of Recording at 50 Hz, [g] and [rad/s], named after their files.
    Nothing is written; either all recordings are returned or an error is raised.

    Raises
        DataError  names the file, the line and what is wrong there: a missing column,
                   a file listed twice, one person under two names, a file outside
                   the folder, and all that track.read_track refuses.
    """

    def stop(error: DataError) -> None:
        raise error

    return [each.recording for each in _read(path, stop)]


def survey(path: str | Path) -> Survey:
    """Read a whole folder (or zip), whatever is wrong with some of its recordings.

    Raises
        DataError  there is no folder, or no recordings.csv that can be read
    """
    problems: list[str] = []
    measured = list(_read(path, lambda error: problems.append(str(error))))
    return Survey(measured, problems)


def _read(path: str | Path, refuse: Callable[[DataError], None]) -> Iterator[Measured]:
    """The recordings one by one; refuse is called with what is wrong with one."""
    with Archive(path) as archive:
        index, entries = _entries(archive)
        check = Entries(archive, index)
        seen: dict[bytes, str] = {}
        for line, entry in entries:
            try:
                check.add(line, entry)
                name = entry["file"]
                content = archive.read(str(index.parent / name))
                mark = hashlib.sha256(content).digest()
                if mark in seen:
                    raise DataError(
                        f"{archive.path / index}, line {line}: {name} is byte for byte "
                        f"{seen[mark]}; a copy would stand on both sides of a split."
                    )
                seen[mark] = name
                one = _measured(archive.path / index, line, entry, content)
            except DataError as error:
                refuse(error)
            else:
                yield one


def _entries(archive: Archive) -> tuple[PurePosixPath, list[tuple[int, Entry]]]:
    """The path of recordings.csv, which may lie in a folder, and its rows."""
    inside = [name for name in archive.names() if PurePosixPath(name).name == INDEX]
    if len(inside) != 1 and INDEX not in inside:
        problem = f"There is no {archive.path / INDEX}"
        if inside:
            problem = f"{archive.path} holds {len(inside)} of them; name one folder"
        near = [
            name
            for name in archive.names()
            if name.casefold().startswith("recordings.") and name != INDEX
        ]
        advice = f" Rename {near[0]} to {INDEX}, in CSV." if near and not inside else ""
        raise DataError(
            f"{problem}; it lists the recordings, with the columns "
            f"{','.join(COLUMNS)}.{advice}"
        )
    index = PurePosixPath(INDEX if INDEX in inside else inside[0])
    where = archive.path / index
    table = read_table(archive.read(str(index)), where, COLUMNS[4:], first="file")
    require(table.header, COLUMNS, where)
    return index, [
        (line, dict(zip(table.header, cells, strict=True)))
        for line, cells in table.rows
    ]


class Entries:
    """The rows of recordings.csv so far, against which the next one is checked."""

    def __init__(self, archive: Archive, index: PurePosixPath) -> None:
        self.where = archive.path / index
        self.folder = index.parent
        self.names = set(archive.names())
        self.files: dict[str, int] = {}
        self.people: dict[str, tuple[str, int]] = {}

    def add(self, line: int, entry: Entry) -> None:
        """Check one row; write its file's path the one way.

        Raises
            DataError  which line is wrong, and how
        """
        at = f"{self.where}, line {line}"
        for column in COLUMNS[:4]:
            if not entry[column]:
                raise DataError(f"{at}: no value in {column}.")
        written, name = entry["file"], inner_path(entry["file"])
        if name is None:
            raise DataError(f"{at}: {written} lies outside the folder.")
        if str(self.folder / name) not in self.names:
            near = [
                each
                for each in self.names
                if name.casefold() in (each.casefold(), PurePosixPath(each).stem)
            ]
            advice = f"; there is {min(near)}" if near else ""
            raise DataError(
                f"{at}: there is no file {written} in {self.where.parent}{advice}."
            )
        if name in self.files:
            raise DataError(
                f"{at}: {name} is listed already in line {self.files[name]}."
            )
        entry["file"], self.files[name] = name, line
        person = entry["subject"]
        key = "".join(person.casefold().split())
        known = self.people.setdefault(key, (person, line))
        if known[0] != person:
            raise DataError(
                f"{at}: subject {person!r} and {known[0]!r} of line {known[1]} look "
                "like one person; write both the same, or a split would part them."
            )
        if entry["is_fall"].lower() not in YES_NO:
            raise DataError(
                f"{at}: is_fall is {entry['is_fall']!r}; expected 1 or 0, yes or no."
            )


def _measured(where: Path, line: int, entry: Entry, content: bytes) -> Measured:
    times, values = read_track(content, where.parent / entry["file"])
    reach = float(np.abs(values[:, :3]).max())
    return Measured(
        _recording(where, line, entry, times, values),
        rate=1 / float(np.median(np.diff(times))),
        reach=reach,
        clipped=_clipped(np.abs(values[:, :3]), reach),
    )


def _clipped(size: Floats, reach: float) -> bool:
    """Tell whether an axis stays at the largest value for three samples."""
    top = size > 0.999 * reach
    return reach > 1.5 and bool((top[:-2] & top[1:-1] & top[2:]).any())


def _recording(
    where: Path, line: int, entry: Entry, times: Floats, values: Floats
) -> Recording:
    at = f"{where}, line {line}"
    signal = resample(times, values, RATE)
    seconds = len(signal) / RATE
    is_fall = YES_NO[entry["is_fall"].lower()]
    marks = [entry["start_s"], entry["end_s"]]
    span = impact = None
    if any(marks):
        if not is_fall:
            raise DataError(f"{at}: is_fall is no, yet a fall is marked.")
        if not all(marks):
            raise DataError(f"{at}: give both start_s and end_s, or neither.")
        start, end = (
            number(text, column, where, line)
            for text, column in zip(marks, ("start_s", "end_s"), strict=True)
        )
        if not times[0] <= start < end <= times[-1] + 1 / RATE:
            raise DataError(
                f"{at}: the fall is marked from {exact(start)} to {exact(end)}, but "
                f"time_s of {entry['file']} runs from {exact(times[0])} to "
                f"{exact(times[-1])}."
            )
        span = (start - times[0], min(end - times[0], seconds))
        impact = find_impact(signal, RATE, span)
    elif is_fall:
        impact = find_impact(signal, RATE)
        span = span_around(impact, seconds)
    return Recording(
        name=entry["file"].removesuffix(".csv"),
        subject=entry["subject"],
        activity=entry["activity"],
        rate=RATE,
        signal=signal,
        span=span,
        impact=impact,
    )

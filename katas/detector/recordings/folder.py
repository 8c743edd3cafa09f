"""A learner's own recordings: a folder with recordings.csv and one CSV a recording.

recordings.csv has the columns file, subject, activity, is_fall, start_s, end_s. is_fall
is 1 or 0, yes or no, true or false. start_s and end_s mark the fall on the clock of
that file's time_s; both empty: the impact is the largest |acceleration|, and the span
runs from 1.1 s before it to 1.9 s after.

Each recording's header names channels and units: time_s, then acc_x_g or acc_x_m_s2
(and y, z), then gyro_x_rad_s or gyro_x_deg_s (and y, z), in any order. Any rate: what
is not 50 Hz is resampled, after a low-pass filter if it is faster. Files that
recordings.csv does not name are left alone.
"""

import hashlib
from pathlib import Path, PurePosixPath

from katas.detector.recordings.archive import Archive
from katas.detector.recordings.clock import resample
from katas.detector.recordings.recording import (
    RATE,
    Recording,
    find_impact,
    span_around,
)
from katas.detector.recordings.table import require, rows
from katas.detector.recordings.track import number, read_track
from katas.dojo.store.errors import DataError

COLUMNS = ("file", "subject", "activity", "is_fall", "start_s", "end_s")
YES_NO = {"1": True, "yes": True, "true": True, "0": False, "no": False, "false": False}
INDEX = "recordings.csv"


def recordings(path: str | Path) -> list[Recording]:
    """Return the recordings of a folder (or zip), in the order of recordings.csv.

    Shapes: a list of Recording at 50 Hz, [g] and [rad/s], named after their files.
    Nothing is written; either all recordings are returned or an error is raised.

    Raises
        DataError  names the file, the line and what is wrong there: a missing column,
                   a file listed twice, one person under two names, a file outside
                   the folder, and all that track.read_track refuses.
    """
    with Archive(path) as archive:
        entries = _entries(archive)
        seen, results = {}, []
        for line, entry in entries:
            name = entry["file"]
            content = archive.read(name)
            mark = hashlib.sha256(content).digest()
            if mark in seen:
                raise DataError(
                    f"{archive.path / INDEX}, line {line}: {name} is byte for byte "
                    f"{seen[mark]}; a copy would stand on both sides of a split."
                )
            seen[mark] = name
            results.append(_recording(archive, line, entry, content))
        return results


def _entries(archive: Archive) -> list[tuple[int, dict[str, str]]]:
    where = archive.path / INDEX
    if INDEX not in archive.names():
        raise DataError(
            f"There is no {where}; it lists the recordings, with the columns "
            f"{','.join(COLUMNS)}."
        )
    header, body = rows(archive.read(INDEX), where)
    require(header, COLUMNS, where)
    entries = [(line, dict(zip(header, cells, strict=True))) for line, cells in body]
    files: dict[str, int] = {}
    people: dict[str, tuple[str, int]] = {}
    for line, entry in entries:
        at = f"{where}, line {line}"
        for column in COLUMNS[:4]:
            if not entry[column]:
                raise DataError(f"{at}: no value in {column}.")
        name = entry["file"] = entry["file"].replace("\\", "/")
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
            raise DataError(f"{at}: {name} lies outside the folder.")
        if name not in archive.names():
            raise DataError(f"{at}: there is no file {name} in {archive.path}.")
        if name in files:
            raise DataError(f"{at}: {name} is listed already in line {files[name]}.")
        files[name] = line
        person = entry["subject"]
        known = people.setdefault("".join(person.casefold().split()), (person, line))
        if known[0] != person:
            raise DataError(
                f"{at}: subject {person!r} and {known[0]!r} of line {known[1]} look "
                "like one person; write both the same, or a split would part them."
            )
        if entry["is_fall"].lower() not in YES_NO:
            raise DataError(
                f"{at}: is_fall is {entry['is_fall']!r}; expected 1 or 0, yes or no."
            )
    return entries


def _recording(
    archive: Archive, line: int, entry: dict[str, str], content: bytes
) -> Recording:
    at = f"{archive.path / INDEX}, line {line}"
    times, values = read_track(content, archive.path / entry["file"])
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
            number(text, column, archive.path / INDEX, line)
            for text, column in zip(marks, ("start_s", "end_s"), strict=True)
        )
        if not times[0] <= start < end <= times[-1] + 1 / RATE:
            raise DataError(
                f"{at}: the fall is marked from {start:g} to {end:g}, but time_s of "
                f"{entry['file']} runs from {times[0]:g} to {times[-1]:g}."
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

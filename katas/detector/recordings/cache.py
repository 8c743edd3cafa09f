"""Keep parsed recordings in .dojo/data, so that an archive is parsed once."""

import contextlib
import hashlib
import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from katas.detector.recordings.archive import Archive
from katas.detector.recordings.recording import Recording
from katas.dojo.store import paths
from katas.dojo.store.errors import CourseError
from katas.dojo.store.files import write_atomic

CODE = (
    "recording.py",
    "clock.py",
    "table.py",
    "cache.py",
)  # every reader's result depends on these


def cached(
    name: str, archive: Archive, parse: Callable[[], list[Recording]], code: str | Path
) -> list[Recording]:
    """Return parse(), or what it returned for the same archive and the same code.

    name     the reader's name, the first part of the kept file's name
    archive  Archive: the key is the names and checksums of its files
    parse    returns a list of Recording
    code     the reader's __file__: another reader makes another file
    A kept file that is missing, damaged or cannot be written costs only time.
    """
    digest = hashlib.sha256(archive.fingerprint().encode())
    for each in (code, *(Path(__file__).parent / part for part in CODE)):
        digest.update(Path(each).read_bytes())
    folder = paths.state_folder() / "data"
    path = folder / f"{name}-{digest.hexdigest()[:16]}.npz"
    results = _read(path)
    if results is None:
        results = parse()
        _write(path, results)
        for old in set(folder.glob(f"{name}-*.npz")) - {path}:
            with contextlib.suppress(OSError):
                old.unlink()
    return results


def _write(path: Path, recordings: Sequence[Recording]) -> None:
    nothing = (np.nan, np.nan)
    buffer = io.BytesIO()
    np.savez(
        buffer,
        signal=np.concatenate([each.signal for each in recordings]),
        length=[len(each.signal) for each in recordings],
        rate=[each.rate for each in recordings],
        text=[(each.name, each.subject, each.activity) for each in recordings],
        fall=[
            (*(each.span or nothing), np.nan if each.impact is None else each.impact)
            for each in recordings
        ],
    )
    with contextlib.suppress(CourseError):
        write_atomic(path, buffer.getvalue())


def _read(path: Path) -> list[Recording] | None:
    try:
        with np.load(path) as file:
            table = {key: file[key] for key in file.files}
        ends = np.cumsum(table["length"])
        results = []
        for row, (end, fall) in enumerate(zip(ends, table["fall"], strict=True)):
            marked = not np.isnan(fall).any()
            results.append(
                Recording(
                    *(str(word) for word in table["text"][row]),
                    rate=float(table["rate"][row]),
                    signal=table["signal"][end - table["length"][row] : end],
                    span=(float(fall[0]), float(fall[1])) if marked else None,
                    impact=float(fall[2]) if marked else None,
                )
            )
    except (OSError, ValueError, KeyError, zipfile.BadZipFile, EOFError):
        return None
    return results

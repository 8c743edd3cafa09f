"""Replace the text between two marker lines; every other byte stays."""

from pathlib import Path

from katas.dojo.store.files import write_atomic
from katas.dojo.store.paths import shown


def fill(path: Path, start: str, end: str, text: str, fresh: str = "") -> str:
    """Write `text` between the markers of the file at `path`; return what was done.

    Args
        start, end  the marker lines
        fresh       what a new file begins with, before the markers
    """
    if not path.exists():
        write_atomic(path, f"{fresh}{start}\n{text}\n{end}\n")
        return f"{shown(path)} written"
    raw = path.read_bytes()
    first, last = raw.find(start.encode()), raw.find(end.encode())
    if first < 0 or last < first:
        return f"{shown(path)} left as it is: it lacks the lines {start} and {end}"
    newline = b"\r\n" if b"\r\n" in raw else b"\n"
    middle = text.encode("utf-8").replace(b"\n", newline)
    new = raw[: first + len(start.encode())] + newline + middle + newline + raw[last:]
    if new != raw:
        write_atomic(path, new)
    return f"{shown(path)} up to date"


def append(path: Path, start: str, end: str) -> None:
    """Put the two marker lines at the end of a file that has neither."""
    raw = path.read_bytes() if path.exists() else None
    if raw is None or start.encode() in raw or end.encode() in raw:
        return
    newline = b"\r\n" if b"\r\n" in raw else b"\n"
    gap = b"" if raw.endswith(newline) else newline
    tail = newline.join([b"", start.encode(), end.encode(), b""])
    write_atomic(path, raw + gap + tail)

"""Read one CSV text strictly: every error names the file, the line and what to do."""

import csv
import io
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from katas.dojo.store.errors import DataError


def decode(content: bytes, where: Path) -> str:
    """Return the text of a CSV file that is UTF-8, with or without byte-order mark.

    Raises
        DataError  empty, UTF-16, or other bytes that are not UTF-8: which line.
    """
    if not content.strip():
        raise DataError(f"{where} is empty.")
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in content[:200]:
        raise DataError(
            f"{where}, line 1: the text is UTF-16; save the file as UTF-8 "
            '("CSV UTF-8" in a spreadsheet).'
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise DataError(
            f"{where}, line {line}: byte {content[error.start]:#04x} is not UTF-8; "
            "save the file as UTF-8."
        ) from None


def rows(content: bytes, where: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Return (header, rows): names without spaces round them, rows (line, cells).

    Lines without any text are left out; a row has as many cells as the header.

    Raises
        DataError  as `decode`; no row below the header; a row that is longer or shorter
                   than the header; two columns of one name; ";" or tab for a comma.
    """
    text = decode(content, where)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    table = []
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                table.append((reader.line_num, [cell.strip() for cell in cells]))
    except csv.Error as error:
        raise DataError(f"{where}, line {reader.line_num}: {error}.") from None
    if not table:
        raise DataError(f"{where} is empty.")
    (first, header), *body = table
    if len(header) == 1:
        for mark, name in ((";", "semicolons"), ("\t", "tabs")):
            if mark in header[0]:
                raise DataError(
                    f"{where}, line {first}: the columns are parted by {name}; part "
                    "them by commas, and write decimals with a point."
                )
    for name in header:
        if header.count(name) > 1:
            raise DataError(f"{where}, line {first}: column {name!r} occurs twice.")
    if not body:
        raise DataError(f"{where}, line {first}: nothing stands below the header.")
    for line, cells in body:
        if len(cells) != len(header):
            raise DataError(
                f"{where}, line {line}: {len(cells)} cells, but the header has "
                f"{len(header)}."
            )
    return header, body


def require(header: Sequence[str], names: Sequence[str], where: Path) -> None:
    """Check that all of `names` are columns.

    Raises
        DataError  names the missing columns and those that came.
    """
    missing = [name for name in names if name not in header]
    if missing:
        raise DataError(
            f"{where}, line 1: no column {', '.join(missing)}; the columns are "
            f"{', '.join(header)}."
        )


def block(text: str, columns: int, dtype: type[Any] = float) -> NDArray[Any] | None:
    """Return the numbers of a plain table, [rows, columns], or None if it is none.

    text  lines of numbers parted by commas, every line as long as the first
    """
    lines = text.strip().replace("\r", "")
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # where a text is no number NumPy only warns
        try:
            numbers = np.fromstring(lines.replace("\n", ","), dtype=dtype, sep=",")
        except (ValueError, DeprecationWarning):
            return None
    if not len(numbers) or len(numbers) != columns * (lines.count("\n") + 1):
        return None
    return numbers.reshape(-1, columns)

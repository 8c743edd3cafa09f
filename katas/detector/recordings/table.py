"""Read one CSV text strictly: every error names the file, the line and what to do.

Columns may be separated by commas, semicolons or tabs; with the latter two, decimals
may have a comma. A first line `sep=;`, comment lines that begin with #, empty lines and
empty columns are left out.
"""

import csv
import io
import math
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from katas.dojo.store.errors import DataError

MOST_ROWS = 2_000_000  # 5 hours at 100 Hz
SEPARATOR_LINE = re.compile(r'\s*"?sep=(.)"?[,;\t]*\s*', re.IGNORECASE)
POINT = re.compile(r"[+-]?\d+\.\d+([eE][+-]?\d+)?")
COMMA = re.compile(r"[+-]?\d+,\d+([eE][+-]?\d+)?")


@dataclass(frozen=True)
class Table:
    """The names of the columns, and the rows one by one.

    rows  (line in the file, cells), as many cells as names, without spaces round them
    """

    header: list[str]
    rows: Iterator[tuple[int, list[str]]]


def decode(content: bytes, where: Path) -> str:
    """Return the text of a CSV file in UTF-8 or UTF-16, without byte-order mark.

    Raises
        DataError  empty, or bytes that are not UTF-8: which line.
    """
    if not content.strip():
        raise DataError(f"{where} is empty.")
    encoding = "utf-8-sig"
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    elif b"\0" in content[:2]:
        encoding = "utf-16-be" if content[:1] == b"\0" else "utf-16-le"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding != "utf-8-sig":
            raise DataError(
                f"{where} is UTF-16 and damaged; save it as UTF-8."
            ) from None
        line = content[: error.start].count(b"\n") + 1
        raise DataError(
            f"{where}, line {line}: byte {content[error.start]:#04x} is not UTF-8; "
            'save the file as UTF-8 ("CSV UTF-8" in a spreadsheet).'
        ) from None


def read_table(
    content: bytes, where: Path, optional: Sequence[str] = (), first: str = ""
) -> Table:
    """Return the table in a CSV file; its rows are read as they are taken.

    Args
        optional  columns that a row may end before
        first     a column that only the header names, to find the header by
    Raises (also while rows are taken)
        DataError  as `decode`; no row below the header; two columns of one name; a row
                   that does not fit the header; more than MOST_ROWS rows.
    """
    text = decode(content, where)
    separator, lines = _lines(text, where)
    reader = csv.reader(lines, delimiter=separator, strict=True, skipinitialspace=True)
    cells = _cells(reader, where)
    top = next(cells, None)
    if top is None:
        raise DataError(f"{where} is empty.")
    line, header = top
    names = [name for name in header if name]
    for name in names:
        if names.count(name) > 1:
            raise DataError(f"{where}, line {line}: column {name!r} occurs twice.")
    if first and first not in names:
        below = next((k for k, row in cells if first in row), None)
        if below:
            raise DataError(
                f"{where}, line {below}: the header stands here; delete the lines "
                "above it."
            )
    decimal_comma = separator != "," and re.search(r"\d,\d", text) is not None
    rows = _rows(cells, line, header, where, optional, separator, decimal_comma)
    return Table(names, rows)


def _lines(text: str, where: Path) -> tuple[str, Iterator[str]]:
    """The character between the columns; the lines, those left out being empty."""
    lines = io.StringIO(text, newline="")
    separator = ""
    kept = []
    for line in lines:  # up to the header
        if line.strip() and not line.lstrip().startswith("#"):
            match = SEPARATOR_LINE.fullmatch(line)
            if match is None:
                bare = re.sub(r'"[^"]*"', "", line)  # what stands outside quotes
                separator = separator or max(",;\t", key=bare.count)
                kept.append(line)
                break
            separator = match[1]
        kept.append("\n")

    def all_lines() -> Iterator[str]:
        yield from kept
        for line in lines:
            yield "\n" if line.lstrip().startswith("#") else line

    return separator or ",", all_lines()


def _cells(reader: Any, where: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold any text."""
    try:
        for cells in reader:
            cells = [cell.strip() for cell in cells]
            if any(cells):
                yield reader.line_num, cells
    except csv.Error as error:
        raise DataError(f"{where}, line {reader.line_num}: {error}.") from None


def _rows(
    cells: Iterator[tuple[int, list[str]]],
    header_line: int,
    header: list[str],
    where: Path,
    optional: Sequence[str],
    separator: str,
    decimal_comma: bool,
) -> Iterator[tuple[int, list[str]]]:
    named = [k for k, name in enumerate(header) if name]
    width = len(header)
    count = 0
    for line, row in cells:
        count += 1
        if count > MOST_ROWS:
            raise DataError(
                f"{where}, line {line}: more than {MOST_ROWS:,} rows; split the file "
                "into several recordings."
            )
        if len(row) != width or len(named) != width:
            row = _fitted(row, header, optional, separator, f"{where}, line {line}")
        if decimal_comma:
            row = [_with_point(cell, f"{where}, line {line}") for cell in row]
        yield line, row
    if not count:
        raise DataError(
            f"{where}, line {header_line}: nothing stands below the header."
        )


def _fitted(
    row: list[str], header: list[str], optional: Sequence[str], separator: str, at: str
) -> list[str]:
    """The cells below names; the others must be empty, but for row numbers in front."""
    short = len(row) < len(header)
    if short and all(name in ("", *optional) for name in header[len(row) :]):
        row = row + [""] * (len(header) - len(row))
    elif len(row) != len(header):
        advice = ""
        whole = all(re.fullmatch(r"[+-]?\d+", cell) for cell in row)
        if len(row) > len(header) and separator == "," and whole:
            advice = "; it looks like decimal commas: write decimals with a point"
        raise DataError(
            f"{at}: {len(row)} cells, but the header has {len(header)}{advice}."
        )
    for k, (name, cell) in enumerate(zip(header, row, strict=False)):
        if cell and not name and k:
            raise DataError(f"{at}: {cell!r} stands in a column without a name.")
    return [cell for name, cell in zip(header, row, strict=False) if name]


def _with_point(cell: str, at: str) -> str:
    if POINT.fullmatch(cell):
        raise DataError(
            f"{at}: {cell} has a decimal point where other numbers have a comma; write "
            "all with a point."
        )
    return cell.replace(",", ".") if COMMA.fullmatch(cell) else cell


def require(header: Sequence[str], names: Sequence[str], where: Path) -> None:
    """Check that all of `names` are columns.

    Raises
        DataError  names the missing columns and those that came.
    """
    missing = [name for name in names if name not in header]
    if missing:
        raise DataError(
            f"{where}, line 1: no column {', '.join(missing)}; the columns are "
            f"{listed(header)}."
        )


def listed(names: Sequence[str], most: int = 8) -> str:
    """The first names, and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def number(text: str, column: str, where: Path, line: int) -> float:
    """Return the number in one cell.

    Raises
        DataError  no number, NaN or infinite: names file, line and column
    """
    try:
        value = float(text)
    except ValueError:
        problem = "no value" if not text else f"{text!r} is no number"
        advice = "; write decimals with a point" if COMMA.fullmatch(text) else ""
        if re.search(r"\d[:/-]\d", text):
            advice = "; write seconds as one number"
        raise DataError(
            f"{where}, line {line}: {problem} in {column}{advice}."
        ) from None
    if not math.isfinite(value):
        raise DataError(f"{where}, line {line}: {column} is {text}.")
    return value


def exact(value: float) -> str:
    """Return a number with all its digits, never as 1.7e+09."""
    return np.format_float_positional(value, trim="-")


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

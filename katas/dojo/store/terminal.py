"""The terminal: one console, marks that its encoding can write, durations in words."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # rich takes a while to import, and not every command prints
    from rich.console import Console
    from rich.progress import Progress
    from rich.status import Status
    from rich.text import Text

MARKS = {"ok": "✓", "failed": "✗", "current": "▸", "note": "·"}
ESCAPE = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)?|.?)", re.S)
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
ASCII = {"ok": "+", "failed": "x", "current": ">", "note": "-"}


@cache
def console() -> Console:
    """Standard output: no colour when piped or with NO_COLOR, 80 columns when piped."""
    from rich.console import Console

    return Console(highlight=False, markup=False, emoji=False)


@cache
def marks() -> dict[str, str]:
    """{ok, failed, current, note: mark} that this terminal's encoding can write."""
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    try:
        "".join(MARKS.values()).encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return ASCII
    return MARKS


def print_text(text: str | Text = "", style: str | None = None) -> None:
    """Print one paragraph, folded at the terminal's width between words."""
    console().print(_plain(text), style=style)


def print_line(text: str | Text, style: str | None = None) -> None:
    """Print one line that is never folded, as it holds a path or a command."""
    console().print(_plain(text), style=style, soft_wrap=True)


def _plain(text: str | Text) -> str | Text:
    return plain(text) if isinstance(text, str) else text


def print_pairs(pairs: Sequence[tuple[str, object]], style: str | None = None) -> None:
    """Print lines of `label  text`, the texts aligned."""
    width = max((len(label) for label, _ in pairs), default=0)
    for label, text in pairs:
        print_line(f"{label:<{width}}  {text}", style)


def status(text: str) -> Status:
    """A spinner with a text, for a block; nothing where output is piped."""
    from rich.text import Text  # a plain string would be read as markup

    return console().status(Text(text))


def progress() -> Progress:
    """A progress bar that vanishes when done; nothing where output is piped."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        TextColumn("{task.completed:.0f} of {task.total:.0f}"),
        TimeElapsedColumn(),
        console=console(),
        transient=True,
        disable=not console().is_terminal,
    )


def plain(text: str) -> str:
    """The text without what would control the terminal: escape sequences, bells, marks
    that reverse the direction of writing."""
    text = ESCAPE.sub("", text).encode("utf-8", "replace").decode("utf-8")
    return "".join(c for c in text if c in "\n\t" or not CONTROL.match(c))


def format_duration(seconds: float) -> str:
    """`34 min`, or `4 h 10 min` from two hours on."""
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes} min" if hours > 1 else f"{60 * hours + minutes} min"


def format_count(number: int, noun: str) -> str:
    """`1 run`, `3 runs`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"

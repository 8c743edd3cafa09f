"""The progress list in notes/README.md: the course's days, ticked where green."""

from datetime import datetime
from itertools import groupby
from pathlib import Path

from katas.dojo.course import index, records, standing
from katas.dojo.course.index import Day
from katas.dojo.store import markers, paths
from katas.dojo.store.terminal import format_duration

START = "<!-- progress: written by the course -->"
END = "<!-- end of progress -->"
FRESH = "# Notes\n\n"


def file() -> Path:
    return paths.root() / "notes" / "README.md"


def text() -> str:
    """The list in Markdown, from the course's index and the state."""
    lines: list[str] = []
    for phase, days in groupby(index.days(), key=lambda day: day.phase):
        lines += [f"## {phase}", ""] if not lines else ["", f"## {phase}", ""]
        lines += [_line(day) for day in days]
    return "\n".join(["", *lines, ""])


def _line(day: Day) -> str:
    record = records.record(day)
    name = f"[{day.title}]({day.note.name})" if day.note.exists() else day.title
    if not record.green_at:
        return f"- [ ] {day.number:02d} {name}"
    when = datetime.fromtimestamp(record.green_at).strftime("%Y-%m-%d")
    line = f"{day.number:02d} {name}, {when}, {format_duration(record.seconds)}"
    green = day.built and standing.is_green(day)
    return f"- [x] {line}" if green else f"- [ ] {line}; changed since"


def tick() -> str:
    """Bring the list up to date; return what was done, as text to show."""
    return markers.fill(file(), START, END, text(), FRESH)

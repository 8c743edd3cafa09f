"""The progress list in notes/README.md: the course's days, ticked where green."""

from datetime import datetime
from itertools import groupby

from katas.dojo.course import index, standing
from katas.dojo.store import markers, paths, state
from katas.dojo.store.terminal import format_duration

START = "<!-- progress: written by the course -->"
END = "<!-- end of progress -->"
FRESH = "# Notes\n\n"


def file():
    return paths.root() / "notes" / "README.md"


def text():
    """The list in Markdown, from the course's index and the state."""
    lines = []
    for phase, days in groupby(index.days(), key=lambda day: day.phase):
        lines += [f"## {phase}", ""] if not lines else ["", f"## {phase}", ""]
        lines += [_line(day) for day in days]
    return "\n".join(["", *lines, ""])


def _line(day):
    mine = state.record(day)
    name = f"[{day.title}]({day.note.name})" if day.note.exists() else day.title
    if not mine.get("green_at"):
        return f"- [ ] {day.number:02d} {name}"
    when = datetime.fromtimestamp(mine["green_at"]).strftime("%Y-%m-%d")
    line = f"{day.number:02d} {name}, {when}, {format_duration(mine.get('seconds', 0))}"
    green = day.built and standing.is_green(day)
    return f"- [x] {line}" if green else f"- [ ] {line}; changed since"


def tick():
    """Bring the list up to date; say what was done."""
    return markers.fill(file(), START, END, text(), FRESH)

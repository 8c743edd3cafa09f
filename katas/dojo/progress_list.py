"""The progress list in notes/README.md: the course's days, ticked where green."""

from datetime import datetime
from itertools import groupby

from katas.dojo import course, marked, state
from katas.dojo.screen import lasting

FILE = course.ROOT / "notes" / "README.md"
START = "<!-- progress: written by the course -->"
END = "<!-- end of progress -->"
FRESH = "# Notes\n\n"


def text():
    """The list in Markdown, from the course's index and the state."""
    lines = []
    for phase, days in groupby(course.days(), key=lambda day: day.phase):
        lines += [f"## {phase}", ""] if not lines else ["", f"## {phase}", ""]
        lines += [_line(day) for day in days]
    return "\n".join(["", *lines, ""])


def _line(day):
    mine = state.record(day)
    name = f"[{day.title}]({day.note.name})" if day.note.exists() else day.title
    if not mine.get("green_at"):
        return f"- [ ] {day.number:02d} {name}"
    when = datetime.fromtimestamp(mine["green_at"]).strftime("%Y-%m-%d")
    line = f"{day.number:02d} {name}, {when}, {lasting(mine.get('seconds', 0))}"
    green = day.built and state.is_green(day)
    return f"- [x] {line}" if green else f"- [ ] {line}; changed since"


def tick():
    """Bring the list up to date; say what was done."""
    return marked.fill(FILE, START, END, text(), FRESH)

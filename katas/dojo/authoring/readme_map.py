"""Write the map of the days into the README."""

from itertools import groupby
from pathlib import Path

from katas.dojo.course import index
from katas.dojo.course.index import Day
from katas.dojo.store import markers, paths

START = "<!-- map: python -m katas.dojo.authoring map -->"
END = "<!-- end of map -->"
KINDS = {"repair": "repair", "specify": "write the tests", "blank": ""}
HEAD = ["| day | title | minutes | |", "|---|---|---|---|"]


def file() -> Path:
    """The page that holds the map."""
    return paths.root() / "README.md"


def write() -> str:
    """Bring the map up to date; return a line about what was done."""
    return markers.fill(file(), START, END, text())


def text() -> str:
    """The days as Markdown tables, one per phase; days not built yet are marked."""
    lines = []
    for phase, days in groupby(index.days(), key=lambda day: day.phase):
        lines += ["", f"**{phase}**", "", *HEAD, *map(_row, days)]
    return "\n".join([*lines, ""])


def _row(day: Day) -> str:
    title = f"[{day.title}](katas/{day.name}/README.md)" if day.built else day.title
    needs = f"needs {', '.join(map(str, day.needs))}" if day.needs else ""
    remarks = [KINDS[day.kind], needs, "" if day.built else "planned"]
    remark = ", ".join(filter(None, remarks))
    return f"| {day.number:02d} | {title} | {day.minutes} | {remark} |"

"""Write the map of the days into the README: `python -m katas.dojo.authoring.readme_map`."""

from itertools import groupby

from katas.dojo.course import index
from katas.dojo.store import markers, paths

START = "<!-- map: python -m katas.dojo.authoring.readme_map -->"
END = "<!-- end of map -->"
KINDS = {"repair": "repair", "specify": "write the tests", "blank": ""}


def file():
    return paths.root() / "README.md"


def text():
    """The days as Markdown tables, a table a phase; days not built yet say so."""
    lines = []
    for phase, days in groupby(index.days(), key=lambda day: day.phase):
        lines += [
            "",
            f"**{phase}**",
            "",
            "| day | title | minutes | |",
            "|---|---|---|---|",
        ]
        lines += [_row(day) for day in days]
    return "\n".join([*lines, ""])


def _row(day):
    title = f"[{day.title}](katas/{day.name}/README.md)" if day.built else day.title
    needs = f"needs {', '.join(map(str, day.needs))}" if day.needs else ""
    remarks = [KINDS[day.kind], needs, "" if day.built else "to come"]
    said = ", ".join(r for r in remarks if r)
    return f"| {day.number:02d} | {title} | {day.minutes} | {said} |"


if __name__ == "__main__":
    print(markers.fill(file(), START, END, text()))

"""The pages of `kata finish`: Markdown for the notes, one HTML file to publish."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from pathlib import Path
from string import Template

from katas.dojo.course.index import Day
from katas.dojo.notebook import diagram
from katas.dojo.notebook.diagram import Part
from katas.dojo.store.terminal import format_duration

TEMPLATE = Path(__file__).with_name("page.html")
FIGURES = "The detector's figures"
DETECTOR = "The detector's parts"


@dataclass(frozen=True)
class Entry:
    """A green day as the pages show it."""

    day: Day
    seconds: float
    facts: list[str]  # date, time, runs, hints, quiz
    owner: str  # whose functions drew the picture
    picture: Path | None
    learnings: list[str]


def markdown(
    entries: Sequence[Entry], header: Sequence[str], rows: Sequence[Sequence[str]]
) -> str:
    """The section of notes/README.md: figures, days, pictures."""
    lines = ["", f"## {DETECTOR}", "", f"![{diagram.ALT}](pictures/detector.svg)"]
    lines += ["", "## The course in figures", ""]
    if rows:
        lines += [_row(header), _row(["---"] * len(header)), *map(_row, rows), ""]
    lines += [_row(["day", "title", "what it took"]), _row(["---"] * 3)]
    for each in entries:
        day = each.day
        lines.append(_row([f"{day.number:02d}", day.title, ", ".join(each.facts)]))
    for each in (entry for entry in entries if entry.picture):
        day = each.day
        link = f"![{_alt(each)}](pictures/{day.picture.name})"
        lines += ["", f"### Day {day.number:02d}. {day.title}", "", link]
    return "\n".join([*lines, ""])


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def html(
    entries: Sequence[Entry],
    days: int,
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    detector: Sequence[Sequence[Part]],
) -> str:
    """The whole page as one text: pictures inside, nothing is fetched from elsewhere.

    Args
        days          how many days the course has
        header, rows  the table of the detector's figures; no rows for no table
        detector      its parts: the path of the data, then what measures it
    """
    sections = []
    for phase, group in groupby(entries, key=lambda each: each.day.phase):
        articles = "\n".join(map(_article, group))
        sections.append(f"<section>\n<h2>{escape(phase)}</h2>\n{articles}\n</section>")
    seconds = sum(each.seconds for each in entries)
    count = f"{len(entries)} of {days} days green"
    return Template(TEMPLATE.read_text("utf-8")).substitute(
        title="From a tensor to a fall detector",
        summary=f"{count}, {format_duration(seconds)} at work. Every test was run again when"
        " this page was written.",
        figures=_figures(header, rows) if rows else "",
        detector=_detector(*detector),
        days="\n".join(sections),
    )


def _detector(path: Sequence[Part], beside: Sequence[Part]) -> str:
    lists = [f"<ol>{_parts(path)}</ol>", f"<ul>{_parts(beside)}</ul>"]
    whole = "\n".join(lists)
    return f'<section class="detector">\n<h2>{DETECTOR}</h2>\n{whole}\n</section>'


def _parts(parts: Sequence[Part]) -> str:
    return "".join(
        f'<li class="{part.owner}">{escape(part.name)} <span>{part.label}</span></li>'
        for part in parts
    )


def _article(each: Entry) -> str:
    day = each.day
    parts = [f'<article id="{day.name}">']
    parts.append(f"<h3><span>{day.number:02d}</span> {escape(day.title)}</h3>")
    parts.append(f'<p class="facts">{escape(", ".join(each.facts))}</p>')
    if each.picture:
        data = base64.b64encode(each.picture.read_bytes()).decode()
        source = f"data:image/png;base64,{data}"
        parts.append(f'<img src="{source}" alt="{escape(_alt(each))}">')
    if each.learnings:
        points = "".join(f"<li>{escape(point)}</li>" for point in each.learnings)
        parts.append(f"<ul>{points}</ul>")
    return "\n".join([*parts, "</article>"])


def _figures(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in header)
    body = "\n".join(
        f'<tr><th scope="row">{escape(first)}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in rest)
        + "</tr>"
        for first, *rest in rows
    )
    return (
        f'<section>\n<h2 id="figures">{FIGURES}</h2>\n'
        '<div class="wide" role="region" aria-labelledby="figures" tabindex="0">\n'
        f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>\n"
        "</div>\n</section>"
    )


def _alt(each: Entry) -> str:
    day = each.day
    return (
        f"Picture of day {day.number:02d}, {day.title}, drawn by {each.owner} functions"
    )

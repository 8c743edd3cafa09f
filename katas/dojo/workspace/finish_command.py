"""`kata finish`: verify every day, then write the pages to publish."""

import re
from datetime import datetime
from pathlib import Path

from katas.detector.artifacts import tables
from katas.detector.pipeline import boxes
from katas.dojo.course import index, records, standing
from katas.dojo.course.index import Day
from katas.dojo.notebook import page, progress_list
from katas.dojo.notebook.page import Entry
from katas.dojo.runner import verify
from katas.dojo.store import markers, paths
from katas.dojo.store.files import write_atomic
from katas.dojo.store.paths import shown
from katas.dojo.store.terminal import (
    format_count,
    format_duration,
    print_pairs,
    print_text,
)
from katas.dojo.workspace import detector_command

START = "<!-- finish: written by the course -->"
END = "<!-- end of finish -->"


def write(anyway: bool = False) -> bool:
    """Verify all days and write notes/README.md and notes/course.html.

    Returns True when every day of the course is green. Without `anyway` nothing is
    written while a day is open.
    """
    verdicts = verify.verify_all(index.built_days())
    open_days = [verdict.day.number for verdict in verdicts if not verdict.green]
    open_days += [day.number for day in index.days() if not day.built]
    if open_days:
        numbers = ", ".join(map(str, open_days))
        print_text()
        count = format_count(len(open_days), "day")
        print_text(f"{count} not green: {numbers}", "bold")
        if not anyway:
            print_text("kata finish --anyway writes the pages without them")
            return False
    _write_pages([entry(verdict.day) for verdict in verdicts if verdict.green])
    return not open_days


def _write_pages(entries: list[Entry]) -> None:
    """Write the section of the notes and the HTML page; print where they are."""
    metrics = tables.newest()
    header, rows = tables.table(metrics) if metrics else ([], [])
    notes = progress_list.file()
    progress_list.tick()
    markers.append(notes, START, END)
    markers.fill(notes, START, END, page.markdown(entries, header, rows))
    html = paths.root() / "notes" / "course.html"
    parts = [detector_command.parts(row) for row in (boxes.PATH, boxes.BESIDE)]
    detector_command.write()
    write_atomic(html, page.html(entries, len(index.days()), header, rows, parts))
    lines = [("notes", shown(notes)), ("page", shown(html))]
    if not rows:
        lines.append(("figures", "none: no metrics.json in notes/ or .dojo/"))
    print_text()
    print_pairs(lines)


def entry(day: Day) -> Entry:
    """A green day as the pages show it."""
    record = records.record(day)
    quiz, adopted = record.quiz_first, standing.is_adopted(day)
    facts = [datetime.fromtimestamp(record.green_at or 0).strftime("%Y-%m-%d")]
    if record.attempts:
        facts.append(format_duration(record.seconds))
        facts.append(format_count(record.attempts, "run"))
        facts.append(format_count(record.hints_shown, "hint"))
    if adopted:
        facts.append("the reference, adopted")
    elif quiz:
        facts.append(f"quiz {sum(quiz.values())} of {len(quiz)} at first try")
    return Entry(
        day=day,
        seconds=record.seconds,
        facts=facts,
        owner="the reference's" if adopted else "my own",
        picture=day.picture if day.picture.exists() else None,
        learnings=learnings(day.note),
    )


def learnings(note: Path) -> list[str]:
    """The points that the learner wrote under `## Key learnings`."""
    if not note.exists():
        return []
    text = note.read_text("utf-8", errors="replace")
    section = re.search(r"^## Key learnings\s*$(.*?)(?=^## |\Z)", text, re.M | re.S)
    points = re.split(r"^\s*[-*]\s+", section[1] if section else "", flags=re.M)
    points = [" ".join(point.split()) for point in points]
    return [point for point in points if point and point != "-"]

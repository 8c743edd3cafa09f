"""`kata finish`: verify every day, then write the pages to publish."""

import re
from datetime import datetime

from katas.detector.artifacts import tables
from katas.dojo.course import index, standing
from katas.dojo.notebook import page, progress_list
from katas.dojo.runner import verify
from katas.dojo.store import markers, paths, state
from katas.dojo.store.files import write_atomic
from katas.dojo.store.paths import shown
from katas.dojo.store.terminal import (
    format_count,
    format_duration,
    print_pairs,
    print_text,
)

START = "<!-- finish: written by the course -->"
END = "<!-- end of finish -->"


def write(anyway=False):
    """Verify all days and write notes/README.md and notes/course.html.

    Returns True when every day of the course is green. Without `anyway` nothing is
    written while a day is open.
    """
    verdicts = verify.verify_all(index.built_days())
    missing = [day for day in index.days() if not day.built]
    open_days = sorted([v.day.number for v in verdicts if not v.green])
    open_days += [day.number for day in missing]
    if open_days:
        numbers = ", ".join(map(str, open_days))
        print_text()
        print_text(
            f"{format_count(len(open_days), 'day')} not green: {numbers}", "bold"
        )
        if not anyway:
            print_text("kata finish --anyway writes the pages as things stand")
            return False
    entries = [entry(v.day) for v in verdicts if v.green]
    found = tables.newest()
    header, rows = tables.table(found) if found else ([], [])
    progress_list.tick()
    markers.append(progress_list.file(), START, END)
    text = page.markdown(entries, header, rows)
    markers.fill(progress_list.file(), START, END, text)
    html = paths.root() / "notes" / "course.html"
    write_atomic(html, page.html(entries, len(index.days()), header, rows))
    lines = [("notes", shown(progress_list.file())), ("page", shown(html))]
    if not rows:
        lines.append(("figures", "none: no metrics.json in notes/ or .dojo/"))
    print_text()
    print_pairs(lines)
    return not open_days


def entry(day):
    """What the pages say of one day."""
    mine = state.record(day)
    quiz = mine.get("quiz_first", {})
    facts = [datetime.fromtimestamp(mine["green_at"]).strftime("%Y-%m-%d")]
    if mine.get("attempts"):
        facts += [
            format_duration(mine.get("seconds", 0)),
            format_count(mine["attempts"], "run"),
        ]
        facts.append(format_count(sum(mine.get("hints", {}).values()), "hint"))
    if standing.is_adopted(day):
        facts.append("the reference, adopted")
    elif quiz:
        facts.append(f"quiz {sum(quiz.values())} of {len(quiz)} at first try")
    return {
        "day": day,
        "seconds": mine.get("seconds", 0),
        "facts": facts,
        "whose": "the reference's" if standing.is_adopted(day) else "my own",
        "picture": day.picture if day.picture.exists() else None,
        "learnings": learnings(day.note),
    }


def learnings(note):
    """The points that the learner wrote under `## Key learnings`."""
    if not note.exists():
        return []
    text = note.read_text("utf-8", errors="replace")
    section = re.search(r"^## Key learnings\s*$(.*?)(?=^## |\Z)", text, re.M | re.S)
    points = re.split(r"^\s*[-*]\s+", section[1] if section else "", flags=re.M)
    points = [" ".join(point.split()) for point in points]
    return [point for point in points if point and point != "-"]

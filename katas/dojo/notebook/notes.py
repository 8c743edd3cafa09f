"""The note of a day: the tool writes between two markers, the learner everywhere else."""

from datetime import datetime

from katas.dojo.course import records, standing
from katas.dojo.course.index import Day
from katas.dojo.store import markers
from katas.dojo.store.files import write_atomic

START = "<!-- results: written by the course -->"
END = "<!-- end of results -->"
TEMPLATE = """# Day {number:02d}. {title}

## Key learnings

-

## Questions asked

-

## Test results

{start}
{end}

## Reflection

-
"""


def create(day: Day) -> bool:
    """Write the template where the day has no note yet; return True if it did."""
    if day.note.exists():
        return False
    text = TEMPLATE.format(number=day.number, title=day.title, start=START, end=END)
    write_atomic(day.note, text)
    return True


def results(day: Day) -> str:
    """The lines between the markers, from the state."""
    record = records.record(day)
    hints = record.hints_shown
    quiz = record.quiz_first
    lines = []
    if record.green_at:
        when = datetime.fromtimestamp(record.green_at).strftime("%Y-%m-%d %H:%M")
        lines.append(f"- green: {when}")
    lines += [
        f"- minutes at work: {round(record.seconds / 60)}",
        f"- runs: {record.attempts}",
        f"- hints used: {hints}",
    ]
    if standing.is_adopted(day):
        lines.append("- the reference, adopted")
    elif quiz:
        lines.append(f"- quiz at first try: {sum(quiz.values())} of {len(quiz)}")
    if day.picture.exists():
        lines += ["", f"![{day.title}](pictures/{day.picture.name})"]
    return "\n".join(lines)


def fill(day: Day) -> str:
    """Renew the results; every byte outside the markers stays as it is.

    A note whose markers the learner took away is left alone. Returns what was
    done, as text to show.
    """
    create(day)
    return markers.fill(day.note, START, END, results(day))

"""The board: phases, days, their status and minutes, and what to type next."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from rich.text import Text

from katas.dojo.course import index, records, standing
from katas.dojo.course.index import Day
from katas.dojo.course.records import DayRecord
from katas.dojo.runner import explain
from katas.dojo.store import terminal
from katas.dojo.store.paths import shown
from katas.dojo.store.terminal import format_count, format_duration, print_text
from katas.dojo.workspace import review_schedule

TITLE_WIDTH, STATUS_WIDTH = 44, 18


class Status(StrEnum):
    """How far a day is, as the board shows it."""

    PLANNED = "planned"  # not in this checkout yet
    NOT_STARTED = "not started"
    IN_PROGRESS = "in progress"
    GREEN = "green"
    ADOPTED = "adopted"  # green, with the reference's text
    CHANGED = "changed"  # green once; the files or their tests have changed since


PASSING = (Status.GREEN, Status.ADOPTED)
STYLES = {Status.GREEN: "green", Status.ADOPTED: "cyan", Status.CHANGED: "magenta"}


@dataclass(frozen=True)
class Row:
    """A line of the board."""

    day: Day
    status: Status
    record: DayRecord
    is_today: bool = False

    @property
    def passing(self) -> bool:
        return self.status in PASSING

    @property
    def seconds(self) -> float:
        return self.record.seconds


def status(day: Day) -> Status:
    """The status of a day, recomputed from its files and its record."""
    if not day.built:
        return Status.PLANNED
    record = records.record(day)
    if record.fingerprint and standing.is_green(day):
        return Status.ADOPTED if standing.is_adopted(day) else Status.GREEN
    if record.green_at:
        return Status.CHANGED
    return Status.IN_PROGRESS if record.attempts else Status.NOT_STARTED


def show(full: bool = False) -> None:
    """Print the board; on a short terminal only today's phase is unfolded."""
    today = standing.today() if index.built_days() else None
    rows = [Row(d, status(d), records.record(d), d == today) for d in index.days()]
    passing = sum(row.passing for row in rows)
    total = format_duration(sum(row.seconds for row in rows))
    head = f"{passing} of {len(rows)} green, {total}"
    print_text(Text(f"Fall-detector katas{head:>60}", style="bold"))
    fold = not full and _is_too_long(rows)
    for phase, group in groupby(rows, key=lambda row: row.day.phase):
        members = list(group)
        if fold and not any(row.is_today for row in members):
            print_text(_folded(phase, members))
            continue
        print_text()
        print_text(Text(phase, style="bold"))
        for row in members:
            print_text(row_text(row))
        if fold:
            print_text()
    print_text()
    if today is None:
        return print_text("No day is in this checkout yet: kata update")
    return terminal.print_pairs(_next(today, rows))


def _is_too_long(rows: Sequence[Row]) -> bool:
    """True where the terminal is shorter than the unfolded board."""
    console = terminal.console()
    lines = len(rows) + 2 * len({row.day.phase for row in rows}) + 8
    return console.is_terminal and console.height < lines


def _folded(phase: str, rows: Sequence[Row]) -> Text:
    """A phase in one line."""
    passing = sum(row.passing for row in rows)
    span = f"{rows[0].day.number:02d}-{rows[-1].day.number:02d}"
    count = f"{passing} of {len(rows)} green"
    style = "green" if passing == len(rows) else ""
    return Text(f"  {span}  {phase:<{TITLE_WIDTH - 2}}{count}", style=style)


def row_text(row: Row) -> Text:
    """A day in one line: mark, number, title, status, minutes."""
    marks = terminal.marks()
    mark = marks["ok"] if row.passing else marks["current"] if row.is_today else " "
    label = str(row.status)
    if row.status == Status.IN_PROGRESS and row.record.caught:
        label = "caught {} of {}".format(*row.record.caught)
    minutes = f"({row.day.minutes} min)"
    if row.record.attempts:
        minutes = format_duration(row.seconds)
    text = Text(f"  {mark} {row.day.number:02d}  {row.day.title:<{TITLE_WIDTH}}")
    text.append(f"{label:<{STATUS_WIDTH}}", style=STYLES.get(row.status))
    text.append(f"{minutes:>9}")
    if row.is_today:
        text.stylize("bold")
    elif row.status == Status.PLANNED:
        text.stylize("dim")
    return text


def _next(today: Day, rows: Sequence[Row]) -> list[tuple[str, str]]:
    """(label, text) of what is open, and the command for it."""
    current = next(row for row in rows if row.day == today)
    title = f"day {today.number:02d}, {today.title}"
    lines = [("today", f"{title}: {shown(today.lesson)}")]
    if current.passing:
        finished = all(row.passing or row.status == Status.PLANNED for row in rows)
        lines.append(("next", "kata finish" if finished else "kata today --clear"))
    else:
        if test := current.record.failing_test:
            runs = format_count(current.record.runs_on_failing_test, "run")
            lines.append(("failing", f"{explain.readable_name(test)} ({runs})"))
        lines.append(("next", f"ptw, and edit {shown(today.file)}"))
    if changed := [r.day.number for r in rows if r.status == Status.CHANGED]:
        numbers = " ".join(map(str, changed))
        lines.append(("changed", f"since green: kata verify {numbers}"))
    others = [r.day for r in rows if r.status == Status.GREEN and not r.is_today]
    if day := review_schedule.suggested(others):
        ago = (
            time.time() - (records.record(day).green_at or 0)
        ) / review_schedule.SECONDS
        age = format_count(round(ago), "day")
        lines.append(("repeat", f"kata again {day.number}   (green {age} ago)"))
    return lines

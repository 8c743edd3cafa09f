"""The short commands: today, reset, adopt, again, back, verify."""

from collections.abc import Callable, Iterable
from datetime import datetime

from katas.dojo.course import index, records, standing
from katas.dojo.course.index import Day
from katas.dojo.store import files, state
from katas.dojo.store.errors import CourseError
from katas.dojo.store.paths import shown
from katas.dojo.store.terminal import (
    format_count,
    format_duration,
    print_pairs,
    print_text,
)
from katas.dojo.workspace import files_command
from katas.dojo.workspace.files_command import Copies


def today(key: str | None, clear: bool) -> None:
    """Choose today's day, or clear the choice; then print which day it is."""
    if clear or key:
        with state.changing() as memory:
            memory.pop("today", None)
            if key and not clear:
                memory["today"] = files_command.built(key).number
    if not index.built_days():
        raise CourseError("No day is in this checkout yet: kata update")
    day = standing.today()
    print_pairs(
        [
            ("today", f"day {day.number:02d}, {day.title}"),
            ("lesson", shown(day.lesson)),
            ("edit", shown(day.file)),
            ("run", f"ptw, or pytest katas/{day.name}"),
        ]
    )
    if "today" in state.load():
        note = "chosen; kata today --clear goes back to the first day not green"
        print_text(note, "dim")


def latest() -> Day:
    """The day that ran last; today's before any run."""
    ran = [day for day in index.built_days() if records.record(day).last_run]
    return max(
        ran, key=lambda d: records.record(d).last_run or 0, default=standing.today()
    )


def change(day: Day, changed: Callable[[Day], Copies], outcome: str) -> None:
    """Change the day's files and list the kept copies."""
    copies = changed(day)
    if not copies:
        return print_text(f"Day {day.number:02d} {outcome} already.")
    print_text(f"Day {day.number:02d} {outcome}.")
    _print_copies(day, copies)
    return print_pairs([("next", f"pytest katas/{day.name}")])


def again(day: Day) -> None:
    """Blank a green day for another round; print what the last one took."""
    record = records.record(day)
    copies = files_command.again(day)
    runs = format_count(record.attempts, "run")
    print_text(f"Day {day.number:02d} is blank; its clock starts with your first run.")
    print_text(f"Last time: {format_duration(record.seconds)}, {runs}.")
    _print_copies(day, copies)
    if needing := [d.number for d in index.built_days() if day.number in d.needs]:
        numbers = ", ".join(map(str, needing))
        warning = f"Until it is green again, day {numbers} builds on a blank."
        print_text(warning, "yellow")
    print_pairs(
        [
            ("next", f"pytest katas/{day.name}"),
            ("then", f"kata diff {day.number} --earlier"),
        ]
    )


def back(day: Day, copy: str | None) -> None:
    """Restore the copies of the last command, or the named one."""
    copies = files_command.back(day, copy)
    outcome = "is restored" if copies else "holds those texts already"
    print_text(f"Day {day.number:02d} {outcome}.")
    _print_copies(day, copies)


def list_copies(day: Day) -> None:
    """Print a line for each kept copy: date, length, the command that restores it."""
    for copy in (copy for file in day.owned for copy in files.kept_copies(file)):
        date = datetime.fromtimestamp(copy.stat().st_mtime)
        lines = f"{len(copy.read_bytes().splitlines()):>4} lines"
        command = f"kata back {day.number} {copy.name}"
        print_text(f"{date:%Y-%m-%d %H:%M}  {lines}  {command}")


def _print_copies(day: Day, copies: Copies) -> None:
    pairs = [("kept", shown(copy)) for copy in copies.values() if copy]
    if pairs:
        print_pairs([*pairs, ("undo", f"kata back {day.number}")])


def verify(keys: Iterable[str]) -> bool:
    """Verify the named days, or all that were green once; True when all are green."""
    from katas.dojo.runner import verify  # late: the other commands run no tests

    days = [files_command.built(key) for key in keys] or verify.days_once_green()
    if not days:
        print_text("No day was green yet.")
        return True
    green = sum(verdict.green for verdict in verify.verify_all(days))
    print_text()
    print_text(f"{green} of {len(days)} green", "bold")
    return green == len(days)

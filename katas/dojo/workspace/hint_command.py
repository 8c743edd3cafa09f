"""`kata hint`: the next hint for what fails now, mild first."""

from collections.abc import Sequence

from rich.padding import Padding

from katas.dojo.course import listed_tests, records, standing
from katas.dojo.course.index import Day
from katas.dojo.course.records import DayRecord
from katas.dojo.runner import explain, hints
from katas.dojo.store import terminal
from katas.dojo.store.errors import CourseError
from katas.dojo.store.paths import shown
from katas.dojo.store.terminal import print_text


def show(day: Day) -> None:
    """Print one more hint for the blank of the last run's failing test; count it."""
    record = records.record(day)
    _refuse_without_failure(day, record)
    failing = record.failing_test or ""
    print_text(explain.readable_name(failing), "bold")
    blank, lesson = record.blank or "", shown(day.lesson)
    quiz = listed_tests.of(day).get("test_quiz.py", ())
    if not blank and failing not in quiz:
        command = f"pytest katas/{day.name}"
        return print_text(f"No hint is about this: {command} explains it.")
    steps = hints.load(day).get(blank)
    if not steps:
        topic = f"{blank}, which has no hints" if blank else "a prediction"
        return print_text(f"This is about {topic}: read {lesson}, section Foundation.")
    if record.hints.get(blank, 0) >= len(steps):
        for number in range(1, len(steps) + 1):
            _print(number, steps, blank)
        print_text()
        print_text(f"There are no more hints. The lesson: {lesson}")
        return print_text(f"The reference: kata diff {day.number} --anyway")
    number = record.hints.get(blank, 0) + 1
    _print(number, steps, blank)
    try:
        with records.changing(day) as record:
            record.hints[blank] = number
    except CourseError as error:  # the hint was given all the same
        print_text(f"This hint was not counted. {error}", "yellow")


def _refuse_without_failure(day: Day, record: DayRecord) -> None:
    """Raise a CourseError that names the command to type where no test fails."""
    command = f"pytest katas/{day.name}"
    if not record.attempts:
        raise CourseError(
            f"Day {day.number:02d} was not run yet, so nothing fails: {command}"
        )
    if not record.failing_test:
        green = standing.is_green(day)
        why = f"is green: kata diff {day.number}" if green else f"changed: {command}"
        raise CourseError(f"No hint is needed: day {day.number:02d} {why}")


def _print(number: int, steps: Sequence[str], blank: str) -> None:
    """Print hint `number` of the steps."""
    print_text(f"hint {number} of {len(steps)}, for {blank}", "dim")
    for line in steps[number - 1].split("\n"):
        terminal.console().print(Padding(line, (0, 0, 0, 2)))

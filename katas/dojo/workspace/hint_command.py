"""`kata hint`: the next hint for what fails now, mild first."""

from rich.padding import Padding

from katas.dojo.course import standing
from katas.dojo.runner import explain, hints
from katas.dojo.store import state, terminal
from katas.dojo.store.errors import CourseError
from katas.dojo.store.paths import shown
from katas.dojo.store.terminal import print_text


def show(day):
    """Print one more hint for the blank that the last run fell on, and count it."""
    mine, command = state.record(day), f"pytest katas/{day.name}"
    if not mine.get("attempts"):
        raise CourseError(
            f"Day {day.number:02d} was not run yet, so nothing fails: {command}"
        )
    if not mine.get("sentence"):
        done = standing.is_green(day)
        said = f"is green: kata diff {day.number}" if done else f"changed: {command}"
        raise CourseError(f"No hint is needed: day {day.number:02d} {said}")
    print_text(explain.readable_name(mine["sentence"]), "bold")
    blank, lesson = mine.get("blank"), shown(day.lesson)
    known = hints.load(day).get(blank, [])
    if not known:
        what = "a prediction" if not blank else f"{blank}, which has no hints"
        return print_text(f"This is about {what}: read {lesson}, section Foundation.")
    if mine.get("hints", {}).get(blank, 0) >= len(known):
        for number, text in enumerate(known, 1):
            _print(number, len(known), blank, text)
        print_text()
        print_text(f"That was all. The lesson: {lesson}", None)
        return print_text(f"The reference: kata diff {day.number} --anyway")
    with state.of(day) as mine:
        count = mine.setdefault("hints", {})
        count[blank] = number = count.get(blank, 0) + 1
    return _print(number, len(known), blank, known[number - 1])


def _print(number, steps, blank, text):
    print_text(f"hint {number} of {steps}, for {blank}", "dim")
    for part in text.split("\n"):
        terminal.console().print(Padding(part, (0, 0, 0, 2)))

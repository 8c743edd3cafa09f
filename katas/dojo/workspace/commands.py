"""What the smaller commands say."""

from datetime import datetime

from katas.dojo.course import index, standing
from katas.dojo.store import files, state, terminal
from katas.dojo.store.errors import CourseError
from katas.dojo.store.paths import shown
from katas.dojo.store.terminal import print_pairs, print_text
from katas.dojo.workspace import files_command


def today(key, clear):
    """Choose today's day, let it choose itself again, or say which it is."""
    if clear or key:
        with state.changing() as memory:
            memory.pop("today", None)
            if not clear:
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
        print_text(
            "chosen; kata today --clear goes back to the first day not green", "dim"
        )


def latest():
    """The day that ran last, today's before any run."""
    ran = [day for day in index.built_days() if state.record(day).get("last_run")]
    return max(ran, key=lambda d: state.record(d)["last_run"], default=standing.today())


def changed(day, change, what):
    """Make a change to the day's files and name the kept copies."""
    copies = change(day)
    if not copies:
        return print_text(f"Day {day.number:02d} {what} already.")
    print_text(f"Day {day.number:02d} {what}.")
    _name(day, copies)
    return print_pairs([("next", f"pytest katas/{day.name}")])


def again(day):
    past = state.record(day)
    copies = files_command.again(day)
    runs = terminal.format_count(past.get("attempts", 0), "run")
    print_text(f"Day {day.number:02d} is blank; its clock starts with your first run.")
    print_text(
        f"Last time: {terminal.format_duration(past.get('seconds', 0))}, {runs}."
    )
    _name(day, copies)
    if needing := [d.number for d in index.built_days() if day.number in d.needs]:
        numbers = ", ".join(map(str, needing))
        print_text(
            f"Until it is green again, day {numbers} builds on a blank.", "yellow"
        )
    print_pairs(
        [
            ("next", f"pytest katas/{day.name}"),
            ("then", f"kata diff {day.number} --earlier"),
        ]
    )


def back(day, copy, listing):
    """Bring copies back, or list them."""
    if not listing:
        copies = files_command.back(day, copy)
        said = "is as it was" if copies else "holds those texts already"
        print_text(f"Day {day.number:02d} {said}.")
        return _name(day, copies)
    for file in day.owned:
        for each in files.kept_copies(file):
            when = datetime.fromtimestamp(each.stat().st_mtime)
            lines = f"{len(each.read_bytes().splitlines()):>4} lines"
            command = f"kata back {day.number} {each.name}"
            print_text(f"{when:%Y-%m-%d %H:%M}  {lines}  {command}")
    return None


def _name(day, copies):
    pairs = [("kept", shown(copy)) for copy in copies.values() if copy]
    if pairs:
        print_pairs([*pairs, ("undo", f"kata back {day.number}")])


def verify_all(keys):
    """Verify the named days, or all that were green once; True when all are."""
    from katas.dojo.runner import verify

    days = [files_command.built(key) for key in keys or ()] or verify.days_once_green()
    if not days:
        print_text("No day was green yet.")
        return True
    green = sum(verdict.green for verdict in verify.verify_all(days))
    print_text()
    print_text(f"{green} of {len(days)} green", "bold")
    return green == len(days)

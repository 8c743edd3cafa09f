"""What the smaller commands say."""

from datetime import datetime

from katas.dojo import course, desk, keep, screen, state
from katas.dojo.course import CourseError
from katas.dojo.keep import shown
from katas.dojo.screen import say, tell


def today(key, clear):
    """Choose today's day, let it choose itself again, or say which it is."""
    memory = state.load()
    if clear:
        memory.pop("today", None)
        state.save(memory)
    elif key:
        memory["today"] = desk.built(key).number
        state.save(memory)
    if not course.built_days():
        raise CourseError("No day is in this checkout yet: kata update")
    day = state.today()
    tell(
        [
            ("today", f"day {day.number:02d}, {day.title}"),
            ("lesson", shown(day.lesson)),
            ("edit", shown(day.file)),
            ("run", f"ptw, or pytest katas/{day.name}"),
        ]
    )
    if "today" in memory:
        say("chosen; kata today --clear goes back to the first day not green", "dim")


def latest():
    """The day that ran last, today's before any run."""
    ran = [day for day in course.built_days() if state.record(day).get("last_run")]
    return max(ran, key=lambda d: state.record(d)["last_run"], default=state.today())


def changed(day, change, what):
    """Make a change to the day's files and name the kept copies."""
    copies = change(day)
    if not copies:
        return say(f"Day {day.number:02d} {what} already.")
    say(f"Day {day.number:02d} {what}.")
    _name(day, copies)
    return tell([("next", f"pytest katas/{day.name}")])


def again(day):
    past = state.record(day)
    copies = desk.again(day)
    runs = screen.counted(past.get("attempts", 0), "run")
    say(f"Day {day.number:02d} is blank; its clock starts with your first run.")
    say(f"Last time: {screen.lasting(past.get('seconds', 0))}, {runs}.")
    _name(day, copies)
    if needing := [d.number for d in course.built_days() if day.number in d.needs]:
        numbers = ", ".join(map(str, needing))
        say(f"Until it is green again, day {numbers} builds on a blank.", "yellow")
    tell(
        [
            ("next", f"pytest katas/{day.name}"),
            ("then", f"kata diff {day.number} --earlier"),
        ]
    )


def back(day, copy, listing):
    """Bring copies back, or list them."""
    if not listing:
        copies = desk.back(day, copy)
        said = "is as it was" if copies else "holds those texts already"
        say(f"Day {day.number:02d} {said}.")
        return _name(day, copies)
    for file in day.owned:
        for each in keep.kept(file):
            when = datetime.fromtimestamp(each.stat().st_mtime)
            lines = f"{len(each.read_bytes().splitlines()):>4} lines"
            command = f"kata back {day.number} {each.name}"
            say(f"{when:%Y-%m-%d %H:%M}  {lines}  {command}")
    return None


def _name(day, copies):
    pairs = [("kept", shown(copy)) for copy in copies.values() if copy]
    if pairs:
        tell([*pairs, ("undo", f"kata back {day.number}")])


def verify_all(keys):
    """Verify the named days, or all that were green once; True when all are."""
    from katas.dojo import verify

    days = [desk.built(key) for key in keys or ()] or verify.claimed()
    if not days:
        say("No day was green yet.")
        return True
    green = sum(verdict.green for verdict in verify.every(days))
    say()
    say(f"{green} of {len(days)} green", "bold")
    return green == len(days)

"""The board: phases, days, how each stands, its minutes, and what to type next."""

import time
from itertools import groupby

from rich.text import Text

from katas.dojo.course import index, standing
from katas.dojo.runner import explain
from katas.dojo.store import state, terminal
from katas.dojo.store.paths import shown
from katas.dojo.store.terminal import format_count, format_duration, print_text
from katas.dojo.workspace import review_schedule

STYLES = {"green": "green", "adopted": "cyan", "changed": "magenta"}
TITLE, STATE = 44, 18


def status(day):
    """How a day stands, recomputed from its files: one of

    to come, not begun, at work, green, adopted (green, with the reference's text),
    changed (green once; the files or their tests have changed since)
    """
    if not day.built:
        return "to come"
    mine = state.record(day)
    if mine.get("fingerprint") and standing.is_green(day):
        return "adopted" if standing.is_adopted(day) else "green"
    if mine.get("green_at"):
        return "changed"
    return "at work" if mine.get("attempts") else "not begun"


def show(full=False):
    """Print the board; where the terminal is short, phases away from today fold."""
    days = {day: status(day) for day in index.days()}
    today = standing.today() if index.built_days() else None
    rows = len(days) + 2 * len({day.phase for day in days}) + 8
    console = terminal.console()
    fold = not full and console.is_terminal and console.height < rows
    green = [d for d, how in days.items() if how in ("green", "adopted")]
    seconds = sum(state.record(day).get("seconds", 0) for day in days)
    head = f"{len(green)} of {len(days)} green, {format_duration(seconds)}"
    print_text(Text(f"Fall-detector katas{head:>60}", style="bold"))
    for phase, group in groupby(days, key=lambda day: day.phase):
        members = list(group)
        here = today in members
        if fold and not here:
            _folded(phase, members, green)
            continue
        print_text()
        print_text(Text(phase, style="bold"))
        for day in members:
            print_text(_row(day, days[day], day == today))
        if fold:
            print_text()
    print_text()
    _next(today, days)


def _folded(phase, members, green):
    done = sum(day in green for day in members)
    span = f"{members[0].number:02d}-{members[-1].number:02d}"
    style = "green" if done == len(members) else None
    count = f"{done} of {len(members)} green"
    print_text(Text(f"  {span}  {phase:<{TITLE - 2}}{count}", style=style))


def _row(day, how, today):
    marks, mine = terminal.marks(), state.record(day)
    mark = marks["current"] if today else " "
    if how in ("green", "adopted"):
        mark = marks["ok"]
    seconds = mine.get("seconds", 0)
    time_ = format_duration(seconds) if mine.get("attempts") else f"({day.minutes} min)"
    row = Text(f"  {mark} {day.number:02d}  {day.title:<{TITLE}}")
    if how == "at work" and mine.get("caught"):
        how = "caught {} of {}".format(*mine["caught"])
    row.append(f"{how:<{STATE}}", style=STYLES.get(how))
    row.append(f"{time_:>9}")
    if today:
        row.stylize("bold")
    elif how == "to come":
        row.stylize("dim")
    return row


def _next(today, days):
    """What stands open, and the command for it."""
    if today is None:
        return print_text("No day is in this checkout yet: kata update")
    how, mine = days[today], state.record(today)
    lines = [("today", f"day {today.number:02d}, {today.title}: {shown(today.lesson)}")]
    if how in ("green", "adopted"):
        done = all(h in ("green", "adopted", "to come") for h in days.values())
        lines.append(("next", "kata finish" if done else "kata today --clear"))
    else:
        if mine.get("sentence"):
            runs = format_count(mine.get("runs_on_sentence", 1), "run")
            lines.append(
                ("false", f"{explain.readable_name(mine['sentence'])} ({runs})")
            )
        lines.append(("next", f"ptw, and edit {shown(today.file)}"))
    changed = [day.number for day, h in days.items() if h == "changed"]
    if changed:
        numbers = " ".join(map(str, changed))
        lines.append(("changed", f"since green: kata verify {numbers}"))
    rest = [day for day, h in days.items() if h == "green" and day != today]
    if again := review_schedule.suggested(rest):
        ago = round(
            (time.time() - state.record(again)["green_at"]) / review_schedule.SECONDS
        )
        line = f"kata again {again.number}   (green {format_count(ago, 'day')} ago)"
        lines.append(("repeat", line))
    terminal.print_pairs(lines)
    return None

"""`kata diff`: your bodies beside the reference's, with lines, parameters and time."""

import json
import tempfile
from pathlib import Path

from rich.table import Table
from rich.text import Text

from katas.dojo.course import stubs
from katas.dojo.runner import verify
from katas.dojo.store import paths, state, terminal
from katas.dojo.store.errors import CourseError
from katas.dojo.store.terminal import format_count, format_duration, print_text
from katas.dojo.workspace import board
from katas.dojo.workspace.bodies import bodies, length

WIDE = 120  # columns from which two listings fit side by side


def show(day, anyway=False, earlier=False, timed=True):
    """Print yours beside the reference, or beside your round before (`earlier`)."""
    if not anyway and board.status(day) not in ("green", "adopted", "changed"):
        raise CourseError(
            f"Day {day.number:02d} is not green yet; the reference waits until then:"
            f" kata hint, or kata diff {day.number} --anyway"
        )
    name, other = _earlier(day) if earlier else ("reference", day.solution)
    theirs = other.read_text("utf-8-sig")
    try:
        yours = day.file.read_text("utf-8-sig")
        mine = bodies(yours)
    except (SyntaxError, ValueError, OSError) as error:
        raise CourseError(f"{paths.shown(day.file)} can't be read: {error}") from None
    wanted = list(stubs.blanks(day.solution.read_text("utf-8")))
    if day.kind == "repair":
        stub = bodies(stubs.stub_text(day))
        wanted = [n for n, text in bodies(theirs).items() if text != stub.get(n)]
    reference = bodies(theirs, wanted)
    pairs = {n: (mine.get(n), reference.get(n, "")) for n in wanted}
    for blank, (left, right) in pairs.items():
        _listing(blank, left, right, name)
    known = {*bodies(stubs.stub_text(day)), *bodies(day.solution.read_text("utf-8"))}
    for helper in (n for n in mine if n not in known):
        _listing(f"{helper}, yours alone", mine[helper], None, name)
    costs = measured(day) if timed and not earlier else ({}, {})
    _table(pairs, costs, name)
    _rounds(day)


def _earlier(day):
    """The kept copy of the round before this one."""
    for past in reversed(state.record(day).get("rounds", [])):
        for file, copy in past.get("kept", []):
            if file == paths.shown(day.file) and (paths.root() / copy).exists():
                return "earlier", paths.root() / copy
    raise CourseError(f"Day {day.number:02d} has one round: kata again {day.number}")


def _listing(title, left, right, name):
    """One blank: two listings, side by side where the terminal is wide enough."""
    console = terminal.console()
    print_text()
    if left == right:
        print_text(Text.assemble((title, "bold"), f"  the same as the {name}"))
        return terminal.print_line(_code(left))
    print_text(Text(title, style="bold"))
    if right is None:
        return terminal.print_line(_code(left))
    left = "(not in your file)" if left is None else left
    if console.width >= WIDE:
        table = Table(box=None, padding=(0, 2, 0, 0), expand=True)
        table.add_column("  yours", ratio=1, header_style="cyan")
        table.add_column(f"  {name}", ratio=1, header_style="magenta")
        table.add_row(_code(left), _code(right))
        return console.print(table)
    print_text("  yours", "cyan")
    terminal.print_line(_code(left))
    print_text(f"  {name}", "magenta")
    return terminal.print_line(_code(right))


def _code(text):
    return Text("\n".join(f"    {line}".rstrip() for line in text.splitlines()))


def measured(day):
    """({blank: cost} of yours, of the reference), from running the quick tests."""
    with terminal.console().status("timing yours and the reference"):
        return _measured(day, "katas"), _measured(day, "solutions")


def _measured(day, target):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "costs.json"
        extra = ("--against", target, "-m", "not slow")
        verify.run_pytest(
            day, "katas.dojo.workspace.timing_plugin", file, extra, limit=120
        )
        return json.loads(file.read_text("utf-8")) if file.exists() else {}


def _table(pairs, costs, name):
    """Lines, time, traces and parameters, yours before the other's."""
    known = [cost for side in costs for cost in side.values()]
    keys = {"seconds": "fastest call", "traces": "traces", "parameters": "parameters"}
    keys = {k: v for k, v in keys.items() if any(cost.get(k) for cost in known)}
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column(f"yours / {name}", no_wrap=True)
    for title in ("lines", *keys.values()):
        table.add_column(title, justify="right", no_wrap=True)
    for blank, (left, right) in pairs.items():
        cells = [f"{length(left or '')} / {length(right)}"]
        for key in keys:
            cells.append(_cell(key, *(c.get(blank, {}).get(key) for c in costs)))
        table.add_row(blank, *cells)
    print_text()
    terminal.console().print(table)


def _cell(key, *values):
    """Two numbers as text, `-` for one that is not known."""
    unit = " ms" if key == "seconds" else ""
    form = "{:,.2f}" if unit else "{:,}"
    known = [1e3 * v if v and unit else v for v in values]
    if all(v is None for v in known):
        return "-"
    return " / ".join("-" if v is None else form.format(v) for v in known) + unit


def _rounds(day):
    """What each round of the day took, where there was more than one."""
    mine = state.record(day)
    past = mine.get("rounds", [])
    if not past:
        return
    print_text()
    print_text("rounds", "bold")
    for number, each in enumerate([*past, mine], 1):
        hints = sum(each.get("hints", {}).values())
        green = "green" if each.get("green_at") else "open"
        runs = format_count(each.get("attempts", 0), "run")
        time = format_duration(each.get("seconds", 0))
        print_text(
            f"  {number}  {time:>10}  {runs}, {format_count(hints, 'hint')}, {green}"
        )
    print_text(f"  kata diff {day.number} --earlier shows the last round's code", "dim")

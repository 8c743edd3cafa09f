"""`kata diff`: your bodies beside the reference's, with lines, parameters and time."""

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.table import Table
from rich.text import Text

from katas.dojo.course import records, stubs
from katas.dojo.course.index import Day
from katas.dojo.runner import verify
from katas.dojo.store import paths, terminal
from katas.dojo.store.errors import CourseError
from katas.dojo.store.terminal import (
    format_count,
    format_duration,
    print_line,
    print_text,
)
from katas.dojo.workspace import board
from katas.dojo.workspace.board import Status
from katas.dojo.workspace.diff import costs
from katas.dojo.workspace.diff.bodies import bodies, length
from katas.dojo.workspace.diff.costs import Cost

WIDE = 120  # columns from which two listings fit side by side
COMPARABLE = (Status.GREEN, Status.ADOPTED, Status.CHANGED)
MEASURES = {"seconds": "fastest call", "traces": "traces", "parameters": "parameters"}
MILLISECONDS = 1e3


@dataclass(frozen=True)
class Other:
    """The file that the learner's is compared with."""

    name: str
    file: Path


@dataclass(frozen=True)
class Pair:
    """The two bodies of one blank; `yours` is None where your file lacks it."""

    blank: str
    yours: str | None
    theirs: str


def show(
    day: Day, anyway: bool = False, earlier: bool = False, timed: bool = True
) -> None:
    """Print yours beside the reference, or beside your last round (`earlier`)."""
    if not anyway and board.status(day) not in COMPARABLE:
        raise CourseError(
            f"Day {day.number:02d} is not green yet; the reference waits until then:"
            f" kata hint, or kata diff {day.number} --anyway"
        )
    other = _last_round(day) if earlier else Other("reference", day.solution)
    mine = _bodies_of_learner(day)
    theirs = bodies(other.file.read_text("utf-8-sig"))
    pairs = [Pair(n, mine.get(n), theirs.get(n, "")) for n in _compared(day, theirs)]
    for pair in pairs:
        _print_pair(pair, other.name)
    for helper in _helpers(day, mine):
        _print_title(f"{helper}, only in yours")
        print_line(_code(mine[helper]))
    timed = timed and not earlier
    _print_table(pairs, other.name, measured(day) if timed else ({}, {}))
    _print_rounds(day)


def _last_round(day: Day) -> Other:
    """The kept copy of the round before this one."""
    for past in reversed(records.record(day).rounds):
        for file, copy in past.kept:
            if file == paths.shown(day.file) and (paths.root() / copy).exists():
                return Other("earlier", paths.root() / copy)
    raise CourseError(f"Day {day.number:02d} has one round: kata again {day.number}")


def _bodies_of_learner(day: Day) -> dict[str, str]:
    try:
        return bodies(day.file.read_text("utf-8-sig"))
    except (SyntaxError, ValueError, OSError) as error:
        raise CourseError(f"{paths.shown(day.file)} can't be read: {error}") from None


def _compared(day: Day, theirs: Mapping[str, str]) -> list[str]:
    """The names to compare: the blanks; on a repair day what differs from the stub."""
    if day.kind == "repair":
        stub = bodies(stubs.stub_text(day))
        return [name for name, text in theirs.items() if text != stub.get(name)]
    return list(stubs.blanks(day.solution.read_text("utf-8")))


def _helpers(day: Day, mine: Iterable[str]) -> list[str]:
    """The functions that the learner added."""
    sources = stubs.stub_text(day), day.solution.read_text("utf-8")
    known = {name for source in sources for name in bodies(source)}
    return [name for name in mine if name not in known]


def _print_title(title: str, note: str = "") -> None:
    print_text()
    print_text(Text.assemble((title, "bold"), note))


def _print_pair(pair: Pair, name: str) -> None:
    """One blank: two listings, side by side where the terminal is wide enough."""
    if pair.yours == pair.theirs:
        _print_title(pair.blank, f"  the same as the {name}")
        return print_line(_code(pair.theirs))
    _print_title(pair.blank)
    yours = "(not in your file)" if pair.yours is None else pair.yours
    if terminal.console().width >= WIDE:
        table = Table(box=None, padding=(0, 2, 0, 0), expand=True)
        table.add_column("  yours", ratio=1, header_style="cyan")
        table.add_column(f"  {name}", ratio=1, header_style="magenta")
        table.add_row(_code(yours), _code(pair.theirs))
        return terminal.console().print(table)
    print_text("  yours", "cyan")
    print_line(_code(yours))
    print_text(f"  {name}", "magenta")
    return print_line(_code(pair.theirs))


def _code(text: str) -> Text:
    lines = terminal.plain(text).splitlines()
    return Text("\n".join(f"    {line}".rstrip() for line in lines))


def measured(day: Day) -> tuple[dict[str, Cost], dict[str, Cost]]:
    """{blank: Cost} of yours and of the reference, from running the quick tests."""
    with terminal.status("timing yours and the reference"):
        return _measured(day, "katas"), _measured(day, "solutions")


def _measured(day: Day, target: str) -> dict[str, Cost]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "costs.json"
        extra = ("--against", target, "-m", "not slow")
        verify.run_pytest(
            day, "katas.dojo.workspace.diff.timing_plugin", file, extra, limit=120
        )
        return costs.read(file)


def _print_table(
    pairs: Sequence[Pair], name: str, sides: Sequence[Mapping[str, Cost]]
) -> None:
    """Lines, time, traces and parameters, yours before the other's."""
    known = [cost for side in sides for cost in side.values()]
    measures = [m for m in MEASURES if any(getattr(cost, m) for cost in known)]
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column(f"yours / {name}", no_wrap=True)
    for title in ("lines", *(MEASURES[measure] for measure in measures)):
        table.add_column(title, justify="right", no_wrap=True)
    for pair in pairs:
        both = [side.get(pair.blank, Cost()) for side in sides]
        cells = [f"{length(pair.yours or '')} / {length(pair.theirs)}"]
        cells += [_cell(m, *(getattr(cost, m) for cost in both)) for m in measures]
        table.add_row(pair.blank, *cells)
    print_text()
    terminal.console().print(table)


def _cell(measure: str, *values: float | None) -> str:
    """Two numbers as text, `-` for an unknown one."""
    if all(value is None for value in values):
        return "-"
    if measure == "seconds":
        texts = [f"{MILLISECONDS * v:,.2f}" if v is not None else "-" for v in values]
        return " / ".join(texts) + " ms"
    return " / ".join("-" if v is None else f"{v:,}" for v in values)


def _print_rounds(day: Day) -> None:
    """What each round of the day took, where there was more than one."""
    record = records.record(day)
    past = record.rounds
    if not past:
        return
    print_text()
    print_text("rounds", "bold")
    for number, each in enumerate([*past, record], 1):
        runs = format_count(each.attempts, "run")
        hints = format_count(each.hints_shown, "hint")
        outcome = "green" if each.green_at else "open"
        time = format_duration(each.seconds)
        print_text(f"  {number}  {time:>10}  {runs}, {hints}, {outcome}")
    print_text(f"  kata diff {day.number} --earlier shows the last round's code", "dim")

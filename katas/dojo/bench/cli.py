"""The course's speed: `python -m katas.dojo.bench loop | detector [--json]`.

loop      from save to result under pytest-watch, warm against cold, day by day; memory
detector  the fall detector's training, latency and size: Keras, LiteRT, int8, stream

A further measurement is a command here and a module of its own.
"""

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from katas.dojo.course import index

if TYPE_CHECKING:
    from katas.dojo.bench.loop import Row

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
Json = Annotated[bool, typer.Option("--json", help="JSON on the last line")]


@app.command()
def loop(
    days: Annotated[str, typer.Option(help="only these, such as 1,18")] = "",
    repeat: Annotated[int, typer.Option(help="saves for each figure")] = 3,
    as_json: Json = False,
) -> None:
    """From save to result, warm against cold."""
    try:
        from katas.dojo.bench import loop as bench  # not importable on Windows
    except ImportError as error:
        sys.exit(f"The loop is measured on a pseudo-terminal (Linux, macOS): {error}")
    chosen = [index.day(n) for n in days.split(",") if n] or index.built_days()
    minutes = len(chosen) * 2 * repeat * 14 / 60
    print(f"{len(chosen)} days, {repeat} saves each: about {minutes:.0f} min")
    print((bench.__doc__ or "").split("\n\n", 1)[1])
    print(f"{'save to result':18}{'warm':>9}{'cold':>9}{'ratio':>8}", flush=True)
    results = bench.measure(chosen, repeat, _print_to_stderr)
    for name, rows in results.days.items():
        for kind, row in rows.items():
            _print_row(f"{name} {kind}", row)
    _print_row("median", results.median)
    _print_row("first of a ptw", results.first)
    print(f"{'memory of a worker':18}{results.worker_mb:>6} MB")
    if as_json:
        print(json.dumps(results.to_json()))


@app.command()
def detector(as_json: Json = False) -> None:
    """The detector's training, latency and size."""
    from katas.dojo.bench import detector as bench  # late: it imports NumPy

    figures = bench.measure()
    for name, value in figures.items():
        text = f"{value:,.3g}" if isinstance(value, float) and value < 100 else ""
        print(f"{name:26}{text or f'{value:,.0f}':>12}")
    if as_json:
        print(json.dumps(figures))


def _print_row(name: str, row: "Row") -> None:
    warm, cold = f"{row.warm_s:.2f} s", f"{row.cold_s:.2f} s"
    print(f"{name:18}{warm:>9}{cold:>9}{row.ratio:>7.1f}x")


def _print_to_stderr(text: str) -> None:
    print(text, file=sys.stderr, flush=True)

"""What the course's speed is: `python -m katas.dojo.bench loop | detector [--json]`.

loop      save to verdict under pytest-watch, warm against cold, day by day; memory
detector  the fall detector's training, latency and size: Keras, LiteRT, int8, stream
"""

import argparse
import json
import sys

from katas.dojo.course import index


def loop(options):
    """Print the table of the loop; return it as a dict."""
    try:
        from katas.dojo.bench import loop as measured
    except ImportError as error:
        sys.exit(f"The loop is measured on a pseudo-terminal (Linux, macOS): {error}")
    days = [index.day(n) for n in options.days.split(",") if n] or index.built_days()
    minutes = len(days) * 2 * options.repeat * 14 / 60
    print(f"{len(days)} days, {options.repeat} saves each: about {minutes:.0f} min")
    print(measured.__doc__.split("\n\n", 1)[1])
    print(f"{'save to verdict':18}{'warm':>9}{'cold':>9}{'ratio':>8}", flush=True)
    found = measured.loop(days, options.repeat, _to_stderr)
    for name, day in found["days"].items():
        for kind in measured.KINDS:
            _line(f"{name} {kind}", day[kind])
    _line("median", found["median"])
    _line("first of a ptw", found["first"])
    print(f"{'memory of a spare':18}{found['spare_mb']:>6} MB")
    return found


def detector(options):
    """Print the table of the detector; return it as a dict."""
    from katas.dojo.bench import detector

    return detector.table()


def _line(name, row):
    warm, cold = f"{row['warm_s']:.2f} s", f"{row['cold_s']:.2f} s"
    print(f"{name:18}{warm:>9}{cold:>9}{row['ratio']:>7.1f}x")


def _to_stderr(text):
    print(text, file=sys.stderr, flush=True)


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m katas.dojo.bench")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    one = commands.add_parser("loop", help="save to verdict, warm against cold")
    one.add_argument("--days", default="", help="only these, such as 1,18")
    one.add_argument("--repeat", type=int, default=3, help="saves for each figure")
    one.set_defaults(measure=loop)
    other = commands.add_parser("detector", help="training, latency and size")
    other.set_defaults(measure=detector)
    # A further measure: its own add_parser here, its own module.
    for each in commands.choices.values():
        each.add_argument("--json", action="store_true", help="JSON on the last line")
    options = parser.parse_args(arguments)
    found = options.measure(options)
    if options.json:
        print(json.dumps(found))

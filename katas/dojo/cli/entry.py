"""The entry point `kata`: the board at once, every other command through typer."""

import contextlib
import sys

from katas.dojo.store.errors import CourseError


def run(arguments):
    """Run one command; return the exit code. A learner's mistake is one sentence."""
    try:
        code = _command(arguments) if arguments else _board()
    except CourseError as error:
        return _complain(error)
    except OSError as error:
        place = f" {error.filename}" if error.filename else ""
        return _complain(f"{error.strerror or error}{place}: kata doctor")
    except KeyboardInterrupt:
        code = 130
    if code == 130:
        print("interrupted", file=sys.stderr)
    return code


def _board():
    from katas.dojo.workspace import board

    return board.show() or 0


def _command(arguments):
    """What typer makes of the arguments (importing it costs as much as the board)."""
    import typer

    from katas.dojo.cli.app import app

    usage = typer.BadParameter.__mro__[1]  # UsageError; typer has moved it about
    try:
        return app(arguments, standalone_mode=False, prog_name="kata") or 0
    except usage as error:
        return _complain(f"{error.format_message().rstrip('.')}: kata --help")
    except typer.Abort:
        return 130


def _complain(text):
    print(text, file=sys.stderr)
    return 2


def main(arguments=None):
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(errors="replace")
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))

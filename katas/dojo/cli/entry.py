"""The entry point `kata`: the board directly, every other command through typer."""

import io
import sys
from collections.abc import Sequence
from typing import cast

from katas.dojo.store import paths
from katas.dojo.store.errors import CourseError

INTERRUPTED = 130


def run(args: Sequence[str]) -> int:
    """Run one command; return its exit code. A learner's mistake is one line."""
    try:
        code = _command(args) if args else _board()
    except CourseError as error:
        return _fail(str(error))
    except OSError as error:
        place = f" {error.filename}" if error.filename else ""
        return _fail(f"{error.strerror or error}{place}: kata doctor")
    except KeyboardInterrupt:
        code = INTERRUPTED
    if code == INTERRUPTED:
        print("interrupted", file=sys.stderr)
    return code


def _board() -> int:
    from katas.dojo.workspace import board  # late: no other command needs it

    board.show()
    return 0


def _command(args: Sequence[str]) -> int:
    """Run a command through typer, whose import takes as long as the whole board."""
    import typer

    from katas.dojo.cli.app import app

    # UsageError; its public place differs between typer's versions
    usage_error = cast("type[typer.BadParameter]", typer.BadParameter.__mro__[1])
    try:
        return app(args, standalone_mode=False, prog_name="kata") or 0
    except usage_error as error:
        return _fail(f"{error.format_message().rstrip('.')}: kata --help")
    except typer.Abort:
        return INTERRUPTED


def _fail(message: str) -> int:
    print(message, file=sys.stderr)
    return 2


def main() -> None:
    """Run the command that the command line names."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    paths.use_own_tooling()
    sys.exit(run(sys.argv[1:]))

"""Arguments that commands share, and a message for a mistyped command."""

import difflib
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from katas.dojo.store.errors import CourseError

Day = Annotated[str, typer.Argument(metavar="DAY", help="a day's number: 7")]
OptionalDay = Annotated[str | None, typer.Argument(metavar="[DAY]", help="its number")]
Days = Annotated[list[str] | None, typer.Argument(metavar="[DAY]...")]
Name = Annotated[str | None, typer.Argument(show_default=False)]


class Commands(TyperGroup):
    """The commands in the order of their file, with a hint for an unknown one."""

    def list_commands(self, ctx: typer.Context) -> list[str]:
        return list(self.commands)

    def resolve_command(
        self, ctx: typer.Context, args: list[str]
    ) -> tuple[str | None, Any, list[str]]:
        name = args[0]
        if name in self.commands:
            return super().resolve_command(ctx, args)
        if name.isdigit():
            raise CourseError(
                f"Expected a command before {name}: kata today {name} opens that day,"
                f" kata diff {name} compares it."
            )
        similar = difflib.get_close_matches(name, self.commands, 1)
        suggestion = f"kata {similar[0]}" if similar else "kata --help"
        raise CourseError(f"Expected a command, got {name!r}: {suggestion}")

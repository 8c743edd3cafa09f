"""What may be typed after `kata`, and a sentence for what may not."""

import difflib
from typing import Annotated

import typer
from typer.core import TyperGroup

from katas.dojo.store.errors import CourseError

Day = Annotated[str, typer.Argument(metavar="DAY", help="a day's number: 7")]
MaybeDay = Annotated[str | None, typer.Argument(metavar="[DAY]", help="its number")]
Days = Annotated[list[str] | None, typer.Argument(metavar="[DAY]...")]
Word = Annotated[str | None, typer.Argument(show_default=False)]


def flag(name, text):
    """An option without a value."""
    return Annotated[bool, typer.Option(name, help=text)]


def option(name, metavar, text):
    """An option with a value."""
    given = typer.Option(name, metavar=metavar, help=text, show_default=False)
    return Annotated[str | None, given]


class Commands(TyperGroup):
    """The commands in the order of the file; a word that is none gets a sentence."""

    def list_commands(self, ctx):
        return list(self.commands)

    def resolve_command(self, ctx, args):
        word = args[0]
        if word in self.commands:
            return super().resolve_command(ctx, args)
        if word.isdigit():
            raise CourseError(
                f"Expected a command before {word}: kata today {word} opens that day,"
                f" kata diff {word} compares it."
            )
        near = difflib.get_close_matches(word, self.commands, 1)
        nearest = f"kata {near[0]}" if near else "kata --help"
        raise CourseError(f"Expected a command, got {word!r}: {nearest}")

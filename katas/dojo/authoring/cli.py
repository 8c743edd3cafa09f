"""The authors' commands: `python -m katas.dojo.authoring COMMAND`."""

import sys
from typing import Annotated

import typer

from katas.dojo.authoring import (
    architecture,
    detector_lines,
    lesson_pictures,
    loop_picture,
    readme_map,
    stub_files,
)
from katas.dojo.course import index, listed_tests
from katas.dojo.store.errors import CourseError
from katas.dojo.store.files import write_atomic
from katas.dojo.store.paths import shown

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
Days = Annotated[list[str], typer.Argument(metavar="DAY...", help="numbers or files")]
AnyDays = Annotated[list[str] | None, typer.Argument(metavar="[DAY]...")]
Check = Annotated[bool, typer.Option("--check", help="write nothing; fail if stale")]


@app.command()
def stubs(days: Days, check: Check = False) -> None:
    """Derive the stubs of days from their solutions; what stood there is kept."""
    chosen = sorted({index.day(key) for key in days}, key=lambda day: day.number)
    if not check:
        for file in stub_files.write(chosen):
            print(shown(file))
    elif stale := stub_files.stale(chosen):
        for day, file in stale:
            print(f"{shown(file)}: python -m katas.dojo.authoring stubs {day.number}")
        raise typer.Exit(1)


@app.command()
def tests() -> None:
    """List the tests of every day in katas/tests.json; a day is green by this list."""
    write_atomic(listed_tests.file(), listed_tests.text())
    print(shown(listed_tests.file()))


@app.command("map")
def map_() -> None:
    """Write the map of the days into the README."""
    print(readme_map.write())


@app.command("architecture")
def draw_packages() -> None:
    """Draw the packages and their imports into .github/ARCHITECTURE.md."""
    print(architecture.write())


@app.command("detector-lines")
def lines_of_the_detector() -> None:
    """Write into the lessons which line of the detector calls their functions."""
    print(*detector_lines.write(), sep="\n")


@app.command("loop-picture")
def draw_loop() -> None:
    """Draw the README's picture of the loop from real runs of day 01."""
    print(shown(loop_picture.draw()))


@app.command()
def pictures(days: AnyDays = None) -> None:
    """Draw the lessons' pictures from the reference; all of them without a day."""
    chosen = [index.day(key) for key in days or ()] or index.built_days()
    for file in lesson_pictures.draw(chosen):
        print(shown(file))


def main() -> None:
    """Run a command; an author's mistake is one line on stderr."""
    try:
        app(prog_name="python -m katas.dojo.authoring")
    except CourseError as error:
        sys.exit(str(error))

"""The commands of `kata`. Each imports its module late, so that none loads the others'."""

from typing import Annotated

import typer

from katas.dojo.cli.arguments import Commands, Day, Days, Name, OptionalDay
from katas.dojo.course import standing

app = typer.Typer(
    cls=Commands,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def board(
    ctx: typer.Context,
    full: Annotated[bool, typer.Option("--all", help="unfold every phase")] = False,
) -> None:
    """The board: phases, days, status, and what to type next."""
    if ctx.invoked_subcommand is None:
        from katas.dojo.workspace import board

        board.show(full)


@app.command()
def today(
    day: OptionalDay = None,
    clear: Annotated[
        bool, typer.Option("--clear", help="back to the first open day")
    ] = False,
) -> None:
    """Show which day is today's, or choose it."""
    from katas.dojo.workspace import commands

    commands.today(day, clear)


@app.command()
def hint(day: OptionalDay = None) -> None:
    """The next hint for what fails now, mild first."""
    from katas.dojo.workspace import files_command, hint_command

    hint_command.show(files_command.built(day) if day else standing.today())


@app.command()
def diff(
    day: Day,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="even if not green yet")
    ] = False,
    earlier: Annotated[
        bool, typer.Option("--earlier", help="beside your last round")
    ] = False,
    untimed: Annotated[
        bool, typer.Option("--untimed", help="leave the times out")
    ] = False,
) -> None:
    """Yours beside the reference, with lines, time, parameters."""
    from katas.dojo.workspace import diff_command, files_command

    diff_command.show(files_command.built(day), anyway, earlier, not untimed)


@app.command()
def done(
    day: OptionalDay = None,
    no_commit: Annotated[
        bool, typer.Option("--no-commit", help="leave git alone")
    ] = False,
) -> None:
    """Verify a day, fill its note, tick the list, commit."""
    from katas.dojo.workspace import commands, done_command, files_command

    chosen = files_command.built(day) if day else commands.latest()
    raise typer.Exit(0 if done_command.finish_day(chosen, not no_commit) else 1)


@app.command()
def reset(day: Day) -> None:
    """Blank a day again; yours is kept."""
    from katas.dojo.workspace import commands, files_command

    commands.change(files_command.built(day), files_command.reset, "is blank")


@app.command()
def adopt(day: Day) -> None:
    """Take the reference for a day; yours is kept."""
    from katas.dojo.workspace import commands, files_command

    commands.change(
        files_command.built(day), files_command.adopt, "holds the reference"
    )


@app.command()
def again(day: Day) -> None:
    """Repeat a green day, with a clock of its own."""
    from katas.dojo.workspace import commands, files_command

    commands.again(files_command.built(day))


@app.command()
def back(
    day: Day,
    copy: Name = None,
    list_copies: Annotated[
        bool, typer.Option("--list", help="list the copies")
    ] = False,
) -> None:
    """Bring a kept copy back; the present text is kept too."""
    from katas.dojo.workspace import commands, files_command

    chosen = files_command.built(day)
    commands.list_copies(chosen) if list_copies else commands.back(chosen, copy)


@app.command()
def verify(days: Days = None) -> None:
    """Run every day that was green again."""
    from katas.dojo.workspace import commands

    raise typer.Exit(0 if commands.verify(days or []) else 1)


@app.command()
def data(name: Name = "status", folder: Name = None) -> None:
    """Bring real recordings, or check your own: weda, own FOLDER.

    kata data weda, kata data sisfall FOLDER, kata data own FOLDER, kata data status.

    A folder (or zip) of your own holds recordings.csv and one CSV a recording.

    recordings.csv: file,subject,activity,is_fall,start_s,end_s. is_fall is 1 or 0;
    start_s and end_s mark a fall on its file's clock, or stay empty.

    Each recording: time_s, acc_x_g (or acc_x_m_s2), y, z with gravity, and
    gyro_x_rad_s (or gyro_x_deg_s), y, z, in any order, 8 to 2,000 rows a second.
    """
    from katas.dojo.workspace import data_command

    data_command.run(name or "status", folder)


@app.command()
def detector() -> None:
    """The detector as a picture: its parts, by day, and whose each is."""
    from katas.dojo.workspace import detector_command

    detector_command.show()


@app.command()
def doctor() -> None:
    """Find problems of this machine, each with the line that fixes it."""
    from katas.dojo.doctor import command

    raise typer.Exit(1 if command.show() else 0)


@app.command()
def update(
    source: Name = None,
    branch: Name = None,
    undo: Annotated[
        bool, typer.Option("--undo", help="take the last update back")
    ] = False,
) -> None:
    """Bring a newer course; your files stay yours."""
    from katas.dojo.update import command

    command.undo() if undo else command.update(source, branch)


@app.command()
def finish(
    anyway: Annotated[
        bool, typer.Option("--anyway", help="even with open days")
    ] = False,
) -> None:
    """Verify every day; write the page notes/course.html."""
    from katas.dojo.workspace import finish_command

    raise typer.Exit(0 if finish_command.write(anyway) else 1)


@app.command()
def grade(
    folder: Name = None,
    summary: Annotated[
        str | None, typer.Option(metavar="FILE", help="append a Markdown table to it")
    ] = None,
    csv: Annotated[
        str | None, typer.Option(metavar="FILE", help="write one line per day")
    ] = None,
) -> None:
    """For a class: a learner's folder on this course's own tests."""
    from katas.dojo.classroom import grade

    raise typer.Exit(0 if grade.show(folder, summary, csv) else 1)


@app.command("new-day")
def new_day(topic: str, title: Name = None) -> None:
    """For authors: begin a day from a small one that runs."""
    from katas.dojo.authoring import new_day

    new_day.begin(topic, title)

"""The commands behind `kata`, thin: each one's work is a module of its own, imported
when it is asked for."""

import typer

from katas.dojo.cli.arguments import Commands, Day, Days, MaybeDay, Word, flag, option
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
def board(ctx: typer.Context, full: flag("--all", "unfold every phase") = False):
    """The board: phases, days, how each stands, and what to type next."""
    if ctx.invoked_subcommand is None:
        from katas.dojo.workspace import board

        board.show(full)


@app.command()
def today(day: MaybeDay = None, clear: flag("--clear", "choose none") = False):
    """Say which day is today's, or choose it."""
    from katas.dojo.workspace import commands

    commands.today(day, clear)


@app.command()
def hint(day: MaybeDay = None):
    """The next hint for what fails now, mild first."""
    from katas.dojo.workspace import files_command, hint_command

    hint_command.show(files_command.built(day) if day else standing.today())


@app.command()
def diff(
    day: Day,
    anyway: flag("--anyway", "before the day is green, too") = False,
    earlier: flag("--earlier", "beside your last round") = False,
    untimed: flag("--untimed", "leave the times out") = False,
):
    """Yours beside the reference, with lines, time, parameters."""
    from katas.dojo.workspace import diff_command, files_command

    diff_command.show(files_command.built(day), anyway, earlier, not untimed)


@app.command()
def done(day: MaybeDay = None, dry: flag("--no-commit", "leave git alone") = False):
    """Verify a day, fill its note, tick the list, commit."""
    from katas.dojo.workspace import commands, files_command
    from katas.dojo.workspace.done_command import finish_day

    chosen = files_command.built(day) if day else commands.latest()
    raise typer.Exit(0 if finish_day(chosen, not dry) else 1)


@app.command()
def reset(day: Day):
    """Blank a day again; yours is kept."""
    from katas.dojo.workspace import commands, files_command

    commands.changed(files_command.built(day), files_command.reset, "is blank")


@app.command()
def adopt(day: Day):
    """Take the reference for a day; yours is kept."""
    from katas.dojo.workspace import commands, files_command

    commands.changed(
        files_command.built(day), files_command.adopt, "holds the reference"
    )


@app.command()
def again(day: Day):
    """Do a green day once more, with a clock of its own."""
    from katas.dojo.workspace import commands, files_command

    commands.again(files_command.built(day))


@app.command()
def back(day: Day, copy: Word = None, listed: flag("--list", "name them") = False):
    """Bring a kept copy back; what stands there now is kept too."""
    from katas.dojo.workspace import commands, files_command

    commands.back(files_command.built(day), copy, listed)


@app.command()
def verify(days: Days = None):
    """Run every day that was green again."""
    from katas.dojo.workspace import commands

    raise typer.Exit(0 if commands.verify_all(days) else 1)


@app.command()
def data(name: Word = "status", folder: Word = None):
    """Bring real recordings: weda, sisfall FOLDER; or status."""
    from katas.dojo.workspace import data_command

    data_command.recordings(name, folder)


@app.command()
def doctor():
    """What is wrong on this machine, and the line that mends it."""
    from katas.dojo.doctor import command

    raise typer.Exit(1 if command.show() else 0)


@app.command()
def update(
    source: Word = None,
    branch: Word = None,
    undo: flag("--undo", "take the last update back") = False,
):
    """Bring a newer course; your files stay yours."""
    from katas.dojo.update import command

    command.undo() if undo else command.bring(source, branch)


@app.command()
def finish(anyway: flag("--anyway", "with days that are open") = False):
    """Verify every day; write the page notes/course.html."""
    from katas.dojo.workspace import finish_command

    raise typer.Exit(0 if finish_command.write(anyway) else 1)


@app.command()
def grade(
    folder: Word = None,
    summary: option("--summary", "FILE", "add a Markdown table to it") = None,
    table: option("--csv", "FILE", "write a line a day") = None,
):
    """For a class: a learner's folder on this course's own tests."""
    from katas.dojo.classroom import grade

    raise typer.Exit(0 if grade.show(folder, summary, table) else 1)


@app.command("new-day")
def new_day(topic: str, title: Word = None):
    """For authors: begin a day from a small one that runs."""
    from katas.dojo.authoring import new_day

    new_day.begin(topic, title)

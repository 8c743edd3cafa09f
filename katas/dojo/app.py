"""The commands behind `kata`, thin: each one's work is a module of its own, imported
when it is asked for."""

import typer

from katas.dojo.typed import Commands, Day, Days, MaybeDay, Word, flag, option

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
        from katas.dojo import board

        board.show(full)


@app.command()
def today(day: MaybeDay = None, clear: flag("--clear", "choose none") = False):
    """Say which day is today's, or choose it."""
    from katas.dojo import commands

    commands.today(day, clear)


@app.command()
def hint(day: MaybeDay = None):
    """The next hint for what fails now, mild first."""
    from katas.dojo import desk, hinting, state

    hinting.show(desk.built(day) if day else state.today())


@app.command()
def diff(
    day: Day,
    anyway: flag("--anyway", "before the day is green, too") = False,
    earlier: flag("--earlier", "beside your last round") = False,
    untimed: flag("--untimed", "leave the times out") = False,
):
    """Yours beside the reference, with lines, time, parameters."""
    from katas.dojo import compare, desk

    compare.show(desk.built(day), anyway, earlier, not untimed)


@app.command()
def done(day: MaybeDay = None, dry: flag("--no-commit", "leave git alone") = False):
    """Verify a day, fill its note, tick the list, commit."""
    from katas.dojo import commands, desk
    from katas.dojo.done import finish_day

    chosen = desk.built(day) if day else commands.latest()
    raise typer.Exit(0 if finish_day(chosen, not dry) else 1)


@app.command()
def reset(day: Day):
    """Blank a day again; yours is kept."""
    from katas.dojo import commands, desk

    commands.changed(desk.built(day), desk.reset, "is blank")


@app.command()
def adopt(day: Day):
    """Take the reference for a day; yours is kept."""
    from katas.dojo import commands, desk

    commands.changed(desk.built(day), desk.adopt, "holds the reference")


@app.command()
def again(day: Day):
    """Do a green day once more, with a clock of its own."""
    from katas.dojo import commands, desk

    commands.again(desk.built(day))


@app.command()
def back(day: Day, copy: Word = None, listed: flag("--list", "name them") = False):
    """Bring a kept copy back; what stands there now is kept too."""
    from katas.dojo import commands, desk

    commands.back(desk.built(day), copy, listed)


@app.command()
def verify(days: Days = None):
    """Run every day that was green again."""
    from katas.dojo import commands

    raise typer.Exit(0 if commands.verify_all(days) else 1)


@app.command()
def data(name: Word = "status", folder: Word = None):
    """Bring real recordings: weda, sisfall FOLDER; or status."""
    from katas.dojo import bring

    bring.recordings(name, folder)


@app.command()
def doctor():
    """What is wrong on this machine, and the line that mends it."""
    from katas.dojo import doctor

    raise typer.Exit(1 if doctor.show() else 0)


@app.command()
def update(
    source: Word = None,
    branch: Word = None,
    undo: flag("--undo", "take the last update back") = False,
):
    """Bring a newer course; your files stay yours."""
    from katas.dojo import update

    update.undo() if undo else update.bring(source, branch)


@app.command()
def finish(anyway: flag("--anyway", "with days that are open") = False):
    """Verify every day; write the page notes/course.html."""
    from katas.dojo import finish

    raise typer.Exit(0 if finish.write(anyway) else 1)


@app.command()
def grade(
    folder: Word = None,
    summary: option("--summary", "FILE", "add a Markdown table to it") = None,
    table: option("--csv", "FILE", "write a line a day") = None,
):
    """For a class: a learner's folder on this course's own tests."""
    from katas.dojo import grade

    raise typer.Exit(0 if grade.show(folder, summary, table) else 1)


@app.command("new-day")
def new_day(topic: str, title: Word = None):
    """For authors: begin a day from a small one that runs."""
    from katas.dojo import new_day

    new_day.begin(topic, title)

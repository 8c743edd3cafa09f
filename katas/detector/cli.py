"""The command line of the three programs: train, ablate, ship.

`python -m katas.detector train` and `python -m katas.day31.train_detector` are the
same; so are `ablate` and day 32's `ablation`, `ship` and day 33's `ship`.
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from katas.detector.options import (
    PROTOCOLS,
    STRATEGIES,
    AblationOptions,
    ShippingOptions,
    TrainingOptions,
)
from katas.dojo.store.errors import CourseError, DataError

PROGRAM = "python -m katas.detector"
COMMANDS = ("train", "ablate", "ship")

Options = TrainingOptions | AblationOptions | ShippingOptions

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Train the fall detector, take it apart, pack it for a watch.",
)


def one_of(choices: Sequence[str]) -> Callable[[str | None], str | None]:
    """An option's callback: one of these words, or nothing."""

    def check(value: str | None) -> str | None:
        if value is not None and value not in choices:
            expected = ", ".join(choices)
            raise typer.BadParameter(f"expected one of {expected}; got {value!r}")
        return value

    return check


ProtocolOption = Annotated[
    str | None,
    typer.Option(metavar="|".join(PROTOCOLS), callback=one_of(PROTOCOLS),
                 help="default: 5fold", show_default=False),
]  # fmt: skip
SeedsOption = Annotated[
    int, typer.Option(metavar="N", min=1, help="seeds 0 ... N - 1; default: 1",
                      show_default=False),
]  # fmt: skip
EpochsOption = Annotated[
    int | None,
    typer.Option(metavar="N", help="in place of the configuration's",
                 show_default=False),
]  # fmt: skip
ConfigOption = Annotated[
    Path | None,
    typer.Option(metavar="FILE.toml", show_default=False,
                 help="fields of Config; [design] for those of Design"),
]  # fmt: skip
EPILOG = "Killed? The same command resumes after the last finished "


@app.command("train", epilog=f"{EPILOG}fold.")
def train_command(
    data: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="sim (default), weda, sisfall, or a folder",
                     show_default=False),
    ] = None,
    train_on: Annotated[
        str | None,
        typer.Option(metavar="A", help="train on all of A, a name or a folder",
                     show_default=False),
    ] = None,
    test_on: Annotated[
        str | None,
        typer.Option(metavar="B", show_default=False,
                     help="and test on all of B (--data A will do for A)"),
    ] = None,
    protocol: ProtocolOption = None,
    split: Annotated[
        str,
        typer.Option(metavar="subjects|windows",
                     callback=one_of(("subjects", "windows")),
                     help="windows: at random, to see what the leak is worth"),
    ] = "subjects",
    seeds: SeedsOption = 1,
    epochs: EpochsOption = None,
    config: ConfigOption = None,
    keep: Annotated[
        str,
        typer.Option(metavar="last|best", callback=one_of(("last", "best")),
                     help="which epoch's weights; best: on a fifth of the training"
                     " subjects"),
    ] = "last",
    false_alarms: Annotated[
        float,
        typer.Option(metavar="N", help="an hour at most, on subjects who do not train"),
    ] = 10.0,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="default: .dojo/runs/DATA-PROTOCOL",
                     show_default=False),
    ] = None,
    strategy: Annotated[
        str,
        typer.Option(metavar="|".join(STRATEGIES), callback=one_of(STRATEGIES),
                     help="tf.distribute: mirrored over GPUs, or over two logical CPUs;"
                     " multiworker: over the processes that TF_CONFIG names"),
    ] = "none",
) -> TrainingOptions:  # fmt: skip
    """Train the fall detector and evaluate it on subjects it has never seen."""
    if test_on and not train_on:
        train_on, data = data, None
    if bool(train_on) != bool(test_on):
        raise typer.BadParameter("--train-on and --test-on go together")
    if train_on and (data or protocol or split == "windows"):
        raise typer.BadParameter(
            "--train-on A --test-on B is a protocol of its own:"
            " leave out --data, --protocol and --split"
        )
    if not false_alarms > 0:
        raise typer.BadParameter("--false-alarms is above 0 an hour")
    return TrainingOptions(
        data=data or (None if train_on else "sim"),
        train_on=train_on,
        test_on=test_on,
        protocol=protocol or "5fold",
        split=split,
        seeds=seeds,
        epochs=epochs,
        config=config,
        keep=keep,
        false_alarms=false_alarms,
        out=out,
        strategy=strategy,
    )


@app.command("ablate", epilog=f"{EPILOG}training.")
def ablate_command(
    data: Annotated[
        str, typer.Option(metavar="NAME", help="sim, weda, sisfall, or a folder")
    ] = "sim",
    protocol: ProtocolOption = None,
    seeds: SeedsOption = 1,
    epochs: EpochsOption = None,
    config: ConfigOption = None,
    only: Annotated[
        str | None,
        typer.Option(metavar="NAMES", show_default=False,
                     help='such as "no SE,depthwise"; default: all'),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="default: .dojo/runs/ablation-DATA",
                     show_default=False),
    ] = None,
) -> AblationOptions:  # fmt: skip
    """Take one thing away at a time, and measure what it was worth."""
    return AblationOptions(
        data=data,
        protocol=protocol or "5fold",
        seeds=seeds,
        epochs=epochs,
        config=config,
        only=only,
        out=out,
    )


@app.command("ship")
def ship_command(
    run: Annotated[
        Path, typer.Argument(metavar="RUN", help="the --out folder of a training run")
    ],
) -> ShippingOptions:
    """Pack the model of a training run into LiteRT files and test them."""
    return ShippingOptions(run)


def parse(arguments: Sequence[str]) -> Options | None:
    """Return the options of a command line; None where it was `--help`.

    Raises
        SystemExit  with code 2, after one line on the error stream
    """
    usage: Any = typer.BadParameter.__mro__[1]  # UsageError; typer has moved it about
    try:
        options = app(list(arguments), standalone_mode=False, prog_name=PROGRAM)
    except usage as error:
        known = [word for word in arguments[:1] if word in COMMANDS]
        text = error.format_message().rstrip(".")
        print(f"error: {text}:", " ".join([PROGRAM, *known, "--help"]), file=sys.stderr)
        sys.exit(2)
    return options if isinstance(options, Options) else None


def run(options: Options) -> None:
    """Run the program that the options belong to."""
    # Late imports: each program loads only what it needs of TensorFlow and LiteRT.
    from katas.detector import parts

    if isinstance(options, TrainingOptions):
        from katas.detector import run

        run.train(options, parts.load(parts.Parts))
    elif isinstance(options, AblationOptions):
        from katas.detector import ablation

        ablation.ablate(options, parts.load(parts.AblationParts))
    else:
        from katas.detector.shipping import ship

        ship.ship(options, parts.load(parts.ShippingParts))


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command line; what goes wrong is one sentence and a nonzero exit code."""
    options = parse(sys.argv[1:] if arguments is None else arguments)
    if options is None:
        return
    try:
        run(options)
    except (CourseError, DataError) as error:
        sys.exit(f"{error}")
    except NotImplementedError as error:
        day = f"{error}".split(":")[0].removeprefix("day ").strip()
        sys.exit(
            f"still blank: {error}. Fill it, or take its reference: kata adopt {day}"
        )
    except KeyboardInterrupt:
        sys.exit(f"stopped: the same command {resumption(options)}")


def resumption(options: Options) -> str:
    """Where a stopped program goes on when it is started again."""
    if isinstance(options, AblationOptions):
        return "resumes after the last finished training"
    if isinstance(options, ShippingOptions):
        return "starts over"
    last = None
    for seed in range(options.seeds):
        folds = options.folder / "folds"
        if finished := len(list(folds.glob(f"seed{seed}-fold*.npz"))):
            last = f"fold {finished}" + (
                f" of seed {seed}" if options.seeds > 1 else ""
            )
    return f"resumes after {last}" if last else "starts over: no fold was finished"


def train() -> None:
    """Day 31's command line: `python -m katas.day31.train_detector OPTIONS`."""
    main(["train", *sys.argv[1:]])


def ablate() -> None:
    """Day 32's command line: `python -m katas.day32.ablation OPTIONS`."""
    main(["ablate", *sys.argv[1:]])


def ship() -> None:
    """Day 33's command line: `python -m katas.day33.ship RUN`."""
    main(["ship", *sys.argv[1:]])

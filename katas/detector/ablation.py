"""The command line of day 31: an ablation on real or simulated recordings.

python -m katas.day31.ablation --data weda --seeds 3 --out .dojo/runs/ablation
Killed? The same command goes on behind the last finished training.
"""

import argparse
import json
import re
import sys
from pathlib import Path

import numpy as np

from katas.detector import allocator, cli, protocol, recordings, sources
from katas.detector.ablation_jobs import cost, fitted, kept, network_of
from katas.detector.artifacts import files
from katas.detector.job import code
from katas.detector.run import Parts, Run
from katas.dojo.store import paths
from katas.dojo.store.errors import CourseError
from katas.dojo.store.files import write_atomic

EVENTS = ("event_sensitivity", "false_alarms_per_hour")


def main(*parts, line=None):
    """Run the command line with a day-31 file's functions; exit with a sentence."""
    asked = arguments(line)
    try:
        found = ablate(asked, *parts)
    except (CourseError, recordings.DataError) as error:
        sys.exit(f"{error}")
    except NotImplementedError as error:
        sys.exit(f"still blank: {error}. Fill it, or take its reference: kata adopt")
    except KeyboardInterrupt:
        sys.exit("stopped: the same command goes on behind the last finished training")
    print(*found, sep="\n")


def arguments(line=None):
    """Return what was asked for."""
    parser = argparse.ArgumentParser(
        description="Take one thing away at a time, and see what it was worth.",
        epilog="Killed? The same command goes on behind the last finished training.",
    )
    add = parser.add_argument
    add("--data", metavar="NAME", default="sim", help="sim, weda, sisfall, or a folder")
    add("--protocol", choices=cli.PROTOCOLS, default="5fold")
    add("--seeds", type=int, default=1, metavar="N", help="seeds 0 ... N - 1")
    add("--epochs", type=int, metavar="N", help="in place of the configuration's")
    add("--config", metavar="FILE.toml", help="of the base: as day 30's")
    add("--only", metavar="NAMES", help='such as "no SE,depthwise"; default: all')
    add("--out", metavar="DIR", type=Path, help="default: .dojo/runs/ablation-DATA")
    return parser.parse_args(line)


def ablate(asked, Setup, variants, train, run, table, read=sources.load):
    """Train what is missing, and return the lines of the table."""
    import tensorflow as tf

    from katas.day27.recordings import label_windows, windows
    from katas.day30.train_detector import Config, choose_threshold, report

    allocator.keep_freed()
    tf.get_logger().setLevel("ERROR")  # it warns of traces that more models need
    base = Setup(cli.configuration(Config, asked.config, asked.epochs))
    setups = chosen(variants(base), asked.only)
    recordings = read(asked.data)
    rows = windows(recordings)
    folds = protocol.folds(rows, asked.protocol)
    name = "ablation-" + re.sub(r"[^\w.-]+", "-", asked.data)
    out = asked.out or paths.root() / ".dojo" / "runs" / name
    jobs = {}

    def one(setup, train_rows, test, seed):
        trained = network_of(setup)
        if trained not in jobs:
            name = next(n for n, s in setups.items() if network_of(s) == trained)
            functions = Config, fitted(train, trained), choose_threshold, report
            jobs[trained] = Run(
                Parts(*functions, windows, label_windows),
                trained.config,
                recordings,
                rows,
                folds,
                [],
                out / re.sub(r"\W+", "-", name),
                source=f"{asked.data} {trained.loss} {trained.balance} {code()}",
            )
            jobs[trained].claim()
        return kept(jobs[trained], protocol.Fold(train_rows, test), seed)

    alarms = run(setups, folds, list(range(asked.seeds)), len(rows.label), one)
    costs = {
        name: cost(jobs[network_of(setup)].out, rows.x[:200])
        for name, setup in setups.items()
    }
    tested = np.unique(np.concatenate([fold.test for fold in folds]))
    mine = {name: np.asarray(said)[:, tested] for name, said in alarms.items()}
    found = table(mine, rows.label[tested], rows.subject[tested], costs)
    for row in found:
        said = [protocol.event_scores(protocol.events(rows, seed, recordings, tested))
                for seed in np.asarray(alarms[row["setup"]])]  # fmt: skip
        row |= {key: float(np.mean([one[key] for one in said])) for key in EVENTS}
    lines = markdown(found, asked, len(set(rows.subject[tested])), len(folds))
    write_atomic(out / "ablation.json", json.dumps(files.plain(found), indent=1))
    write_atomic(out / "ablation.md", "\n".join(lines) + "\n")
    return lines


def chosen(setups, only):
    """The first setup, and those that --only names."""
    first, *rest = setups
    names = [name.strip() for name in only.split(",")] if only else rest
    if odd := [name for name in names if name not in setups]:
        raise CourseError(
            f"--only: unknown {', '.join(odd)}; there are {', '.join(rest)}."
        )
    return {name: setups[name] for name in dict.fromkeys([first, *names])}


def markdown(found, asked, people, folds):
    """The table's lines, and what they stand on."""
    lines = [
        "| setup | F1 (over seeds) | less the whole | interval | parameters"
        " | latency [us] | falls detected | false alarms [1/h] |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in found:
        cells = [
            row["setup"],
            f"{row['f1']:.3f} ({row['seeds']:.3f})",
            f"{row['difference']:+.3f}",
            f"{row['low']:+.3f} to {row['high']:+.3f}",
            f"{row['parameters']:,}",
            f"{row['latency_us']:.0f}",
            *(f"{row[key]:.3f}" for key in EVENTS),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    level = 1 - 0.05 / max(1, len(found) - 1)
    return [
        *lines,
        "",
        f"{asked.data}, {folds} folds, {asked.seeds} seeds, {people} people."
        f" Intervals: bootstrap over people, the same for both, level {level:.4f}.",
        files.SCRIPTED,
    ]

"""The command line of day 30: python -m katas.day30.train_detector --help."""

import argparse
import dataclasses
import sys
import tomllib
from pathlib import Path

from katas.dojo.store.errors import CourseError

PROTOCOLS = ("5fold", "loso", "holdout")
STRATEGIES = ("none", "mirrored", "multiworker")
PARTS = ("Config", "train", "choose_threshold", "report", "windows", "label_windows")


def arguments(line=None):
    """Return what was asked for; argparse explains what it does not know."""
    parser = argparse.ArgumentParser(
        description="Train the fall detector and judge it on people it never met.",
        epilog="Killed? The same command goes on behind the last finished fold.",
    )
    add = parser.add_argument
    add("--data", metavar="NAME", help="sim (default), weda, sisfall, or a folder")
    add("--train-on", metavar="A", help="train on all of A, a name or a folder")
    add("--test-on", metavar="B", help="and test on all of B (--data A will do for A)")
    add("--protocol", choices=PROTOCOLS, help="default: 5fold")
    add("--split", choices=("subjects", "windows"), default="subjects",
        help="windows: at random, to see what the leak is worth")  # fmt: skip
    add("--seeds", type=int, default=1, metavar="N", help="seeds 0 ... N - 1")
    add("--epochs", type=int, metavar="N", help="in place of the configuration's")
    add("--config", metavar="FILE.toml", help="fields of Config; [design] for Design's")
    add("--keep", choices=("last", "best"), default="last",
        help="which epoch's weights; best: on a fifth of the training people")  # fmt: skip
    add("--false-alarms", type=float, default=10.0, metavar="N",
        help="an hour at most, on people who do not train; default: 10")  # fmt: skip
    add("--out", metavar="DIR", type=Path, help="default: .dojo/runs/DATA-PROTOCOL")
    add("--strategy", choices=STRATEGIES, default="none",
        help="tf.distribute: mirrored over GPUs, or over two logical CPUs;"
        " multiworker: over the processes that TF_CONFIG names")  # fmt: skip
    asked = parser.parse_args(line)
    if asked.test_on and not asked.train_on:
        asked.train_on, asked.data = asked.data, None
    if bool(asked.train_on) != bool(asked.test_on):
        parser.error("--train-on and --test-on go together")
    if asked.train_on and (asked.data or asked.protocol or asked.split == "windows"):
        parser.error("--train-on A --test-on B is a protocol of its own:"
                     " leave out --data, --protocol and --split")  # fmt: skip
    if asked.seeds < 1:
        parser.error("--seeds is at least 1")
    if not asked.false_alarms > 0:
        parser.error("--false-alarms is above 0 an hour")
    asked.data = asked.data or (None if asked.train_on else "sim")
    asked.protocol = asked.protocol or "5fold"
    return asked


def configuration(Config, file=None, epochs=None):
    """Return a Config, changed by a TOML file and by --epochs."""
    given = {}
    if file:
        try:
            given = tomllib.loads(Path(file).read_text("utf-8"))
        except OSError as error:
            raise CourseError(f"--config {file}: {error.strerror}.") from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise CourseError(f"--config {file}: {error}.") from None
    if epochs is not None:
        given["epochs"] = epochs
    base = Config()
    design = given.pop("design", {})
    known = {field.name: field for field in dataclasses.fields(Config)}
    parts = {field.name: field for field in dataclasses.fields(base.design)}
    odd = [key for key in given if key not in known]
    odd += [f"design.{key}" for key in design if key not in parts]
    if odd:
        raise CourseError(
            f"--config {file}: unknown {', '.join(odd)}; a Config has"
            f" {', '.join(known)}, its design {', '.join(parts)}."
        )
    try:
        design = {key: _frozen(value) for key, value in design.items()}
        changed = dataclasses.replace(base.design, **design)
        return dataclasses.replace(base, design=changed, **given)
    except (TypeError, ValueError) as error:
        raise CourseError(f"configuration: {error}") from None


def _frozen(value):
    """Lists as tuples, all the way down; false as None where a part is left out."""
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def strategy(name):
    """Return the tf.distribute strategy; before TensorFlow has started its devices."""
    import os

    import tensorflow as tf

    if name == "none":
        return tf.distribute.get_strategy()
    if name == "multiworker":
        if "TF_CONFIG" not in os.environ:
            raise CourseError(
                "--strategy multiworker needs TF_CONFIG, which names the workers and"
                " this one's place among them (day 25); on one machine: mirrored."
            )
        try:
            return tf.distribute.MultiWorkerMirroredStrategy()
        except (ValueError, KeyError, TypeError, RuntimeError) as error:
            raise CourseError(f"TF_CONFIG names no cluster: {error}") from None
    graphics = tf.config.list_logical_devices("GPU") if _gpus() else []
    if graphics:
        return tf.distribute.MirroredStrategy()
    cpu = tf.config.list_physical_devices("CPU")[0]
    two = [tf.config.LogicalDeviceConfiguration()] * 2
    try:
        tf.config.set_logical_device_configuration(cpu, two)
    except RuntimeError:
        if len(tf.config.list_logical_devices("CPU")) < 2:
            raise CourseError(
                "--strategy mirrored must come before TensorFlow starts its devices:"
                " use it from the command line."
            ) from None
    return tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])


def _gpus():
    import tensorflow as tf

    return tf.config.list_physical_devices("GPU")


def main(*parts, line=None):
    """Run the command line with the functions of a day-30 file; exit with a sentence."""
    from katas.detector import job
    from katas.detector.recordings import DataError
    from katas.detector.run import Parts

    asked = arguments(line)
    try:
        job.run(asked, Parts(*parts))
    except (CourseError, DataError) as error:
        sys.exit(f"{error}")
    except NotImplementedError as error:
        day = f"{error}".split(":")[0].removeprefix("day ").strip()
        sys.exit(
            f"still blank: {error}. Fill it, or take its reference: kata adopt {day}"
        )
    except KeyboardInterrupt:
        sys.exit("stopped: the same command goes on behind the last finished fold")

"""A process of test_training.py: day 31's command line with a small network and data.

python -m tests.replicas OPTIONS...   (those of katas.day31.train_detector)
"""

import importlib
import sys

from katas.detector import cli, parts, run, simulator
from katas.detector.runtime import distributed


def net(scaler, design):
    """In place of day 30's: nothing in it looks at more than one window at a time."""
    import keras

    inputs = keras.Input((128, 6))
    x = keras.layers.GlobalMaxPooling1D()(inputs)
    return keras.Model(inputs, keras.layers.Dense(1, "sigmoid")(x))


def main(line):
    options = cli.parse(["train", *line])
    strategy = distributed.strategy(options.strategy)  # before devices start
    distributed.strategy = lambda name: strategy
    import solutions  # noqa: F401  (katas.day31 is the reference from here on)

    given = parts.load(parts.Parts)
    importlib.import_module("katas.day31.train_detector").fall_net = net
    people = simulator.recordings(people=3, seed=1, falls=2, activities=2)
    run.train(options, given, lambda name: people)


if __name__ == "__main__":
    main(sys.argv[1:])

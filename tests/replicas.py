"""A process of test_training.py: day 30's command line with a small network and data.

python -m tests.replicas OPTIONS...   (those of katas.day30.train_detector)
"""

import sys

from katas.detector import cli, job, simulator


def net(scaler, design):
    """In place of day 29's: nothing in it looks at more than one window at a time."""
    import keras

    inputs = keras.Input((128, 6))
    x = keras.layers.GlobalMaxPooling1D()(inputs)
    return keras.Model(inputs, keras.layers.Dense(1, "sigmoid")(x))


def main(line):
    asked = cli.arguments(line)
    strategy = cli.strategy(asked.strategy)  # before devices start
    cli.strategy = lambda name: strategy
    import solutions  # noqa: F401  (katas.day30 is the reference from here on)
    from katas.day30 import train_detector as day
    from katas.detector.run import Parts

    day.fall_net = net
    parts = Parts(*(getattr(day, name) for name in cli.PARTS))
    people = simulator.recordings(people=3, seed=1, falls=2, activities=2)
    job.run(asked, parts, lambda name: people)


if __name__ == "__main__":
    main(sys.argv[1:])

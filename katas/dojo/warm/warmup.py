"""What a spare does before its job: import everything, and use each part once.

Nothing here may show in the session: names of layers and hypothesis's examples must
come out as in a cold run.
"""

import ast
import contextlib
import gc
import importlib
import os
import warnings

from katas.dojo.course import standing
from katas.dojo.runner import tensorflow_import

# What a day's tests import; where.key() notices when one of these files changes.
COURSE = (
    "judge.check",
    "judge.contract",
    "judge.strategies",
    "notebook.notes",
    "runner.hints",
    "runner.progress",
)


def warm_up(hurried):
    """Get this process ready.

    hurried  a function that is true when somebody waits for this process
    """
    light = os.environ.get("KATAS_WARM") == "light"
    steps = (
        [_pytest]
        if light
        else [tensorflow_import.import_with_stand_ins, _pytest, _hypothesis]
    )
    later = [] if light else [_course, _examples, _network, _today]
    for step in steps:
        step()
    for step in later:
        if hurried():
            break
        with warnings.catch_warnings(), contextlib.suppress(Exception):
            warnings.simplefilter("ignore")
            step()
    gc.collect()
    gc.freeze()


def _pytest():
    from importlib.metadata import entry_points

    import pytest  # noqa: F401
    from _pytest.config import default_plugins

    for name in default_plugins:
        importlib.import_module(f"_pytest.{name}")
    for plugin in entry_points(group="pytest11"):
        plugin.load()


def _hypothesis():
    importlib.import_module("hypothesis.extra.numpy")


def _course():
    for name in COURSE:
        importlib.import_module(f"katas.dojo.{name}")
    importlib.import_module("katas.detector.recordings.watch").recordings()


def _examples():
    """Draw a few arrays, without the constants that hypothesis reads from our code:
    they would be drawn in the session, where a cold run does not know them."""
    import numpy as np
    from hypothesis import given, settings
    from hypothesis import strategies as st
    from hypothesis.extra.numpy import arrays
    from hypothesis.internal.conjecture import providers

    sizes = st.tuples(st.integers(1, 3), st.integers(1, 3))
    entries = st.floats(-3, 3, width=32)
    drawn = sizes.flatmap(lambda size: arrays(np.float32, size, elements=entries))

    @settings(max_examples=5, derandomize=True, database=None)
    @given(drawn)
    def look(x):
        pass

    read = providers._get_local_constants
    providers._get_local_constants = lambda: providers._local_constants
    try:
        look()
    finally:
        providers._get_local_constants = read


def _network():
    import keras
    import numpy as np
    import tensorflow as tf
    from keras import layers

    inputs = keras.Input((8, 2))
    x = layers.Conv1D(3, 3, padding="same", activation="relu")(inputs)
    gate = layers.GlobalAveragePooling1D(keepdims=True)(x)
    x = layers.Flatten()(layers.Multiply()([x, gate]))
    model = keras.Model(inputs, layers.Dense(1, "sigmoid")(x))
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    x = np.zeros((4, 8, 2), "float32")
    model.fit(x, np.zeros((4, 1)), verbose=0)
    model.predict(x, verbose=0)
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(model(x))
    tape.gradient(loss, model.trainable_variables)
    keras.backend.clear_session()  # layers are counted from the start again


def _today():
    """Import what today's files name: scikit-learn alone takes a second."""

    day = standing.today()
    for file in (*day.folder.glob("test_*.py"), day.file):
        for name in _packages(file.read_text("utf-8")):
            with contextlib.suppress(ImportError):
                importlib.import_module(name)


def _packages(source):
    """The modules that a file imports, but for those of a day: the session reads what
    the learner wrote."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            inside = [f"{node.module}.{alias.name}" for alias in node.names]
            names = [node.module, *inside]
        else:
            continue
        yield from (name for name in names if not name.startswith("katas.day"))

"""What a worker does before its job: import everything, and use each part once.

Nothing here may show in the session: layers must have the same names, and hypothesis
must draw the same examples, as in a cold run.
"""

import ast
import contextlib
import gc
import importlib
import os
import warnings
from collections.abc import Callable, Iterator

from katas.dojo.course import standing
from katas.dojo.runner import tensorflow_import

# What a day's tests import; a change of these files changes registry.fingerprint().
MODULES = (
    "judge.check",
    "judge.contract",
    "judge.strategies",
    "notebook.notes",
    "runner.hints",
    "runner.progress",
)

PLUGINS = ("hypothesispytest", "timeout", "xdist")  # those that .pytest.ini loads


def warm_up(hurried: Callable[[], bool]) -> None:
    """Get this process ready; skip the optional steps once it is hurried.

    hurried  a function that is true when a client waits for this process
    """
    if os.environ.get("KATAS_WARM") == "light":
        _import_pytest()
    else:
        tensorflow_import.import_with_stand_ins()
        _import_pytest()
        _import_hypothesis()
        for step in (
            _import_course,
            _draw_examples,
            _train_network,
            _import_todays_packages,
        ):
            if hurried():
                break
            with warnings.catch_warnings(), contextlib.suppress(Exception):
                warnings.simplefilter("ignore")
                step()
    gc.collect()
    gc.freeze()


def _import_pytest() -> None:
    from importlib.metadata import entry_points

    import pytest  # noqa: F401
    from _pytest.config import default_plugins

    for name in default_plugins:
        importlib.import_module(f"_pytest.{name}")
    for plugin in entry_points(group="pytest11"):
        if plugin.name in PLUGINS:
            plugin.load()


def _import_hypothesis() -> None:
    importlib.import_module("hypothesis.extra.numpy")


def _import_course() -> None:
    for name in MODULES:
        importlib.import_module(f"katas.dojo.{name}")
    importlib.import_module("katas.detector.recordings.watch").recordings()


def _draw_examples() -> None:
    """Draw a few arrays, without the constants that hypothesis reads from our code:
    the session would draw them, while a cold run would not."""
    import numpy as np
    from hypothesis import given, settings
    from hypothesis import strategies as st
    from hypothesis.extra.numpy import arrays
    from hypothesis.internal.conjecture import providers

    sizes = st.tuples(st.integers(1, 3), st.integers(1, 3))
    entries = st.floats(-3, 3, width=32)
    drawn_arrays = sizes.flatmap(
        lambda size: arrays(np.float32, size, elements=entries)
    )

    @settings(max_examples=5, derandomize=True, database=None)
    @given(drawn_arrays)
    def draw(x: np.ndarray) -> None:
        pass

    original = providers._get_local_constants
    providers._get_local_constants = lambda: providers._local_constants
    try:
        draw()
    finally:
        providers._get_local_constants = original


def _train_network() -> None:
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
    # Keras takes `verbose` for a string, from its default "auto".
    model.fit(x, np.zeros((4, 1)), verbose=0)  # pyright: ignore[reportArgumentType]
    model.predict(x, verbose=0)  # pyright: ignore[reportArgumentType]
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(model(x))
    tape.gradient(loss, model.trainable_variables)
    keras.backend.clear_session()  # layers are counted from the start again


def _import_todays_packages() -> None:
    """Import what today's files import: scikit-learn alone takes a second."""
    day = standing.today()
    for file in (*day.folder.glob("test_*.py"), day.file):
        for name in _imported_names(file.read_text("utf-8")):
            with contextlib.suppress(ImportError):
                importlib.import_module(name)


def _imported_names(source: str) -> Iterator[str]:
    """The modules that a file imports, except those of a day: the session imports what
    the learner has written by then."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            names = [module, *(f"{module}.{alias.name}" for alias in node.names)]
        else:
            continue
        yield from (name for name in names if not name.startswith("katas.day"))

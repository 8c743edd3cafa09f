"""Contain what one test can do to the next: time, random seeds and global state."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from katas.dojo.store import settings

if TYPE_CHECKING:  # `kata` reads this module to show the board, and runs no test
    import pytest

SECONDS = 20.0  # per test, unless its marker `seconds` sets another limit
READING = 20.0  # s for importing one file of tests and what it imports


def seconds_for(item: pytest.Item) -> float:
    """The time limit of a test [s]."""
    marker = item.get_closest_marker("seconds")
    return settings.timeout_factor() * (marker.args[0] if marker else SECONDS)


def reset_random_state() -> None:
    """Make each run of the same code give the same numbers, and so the same signature."""
    import keras

    keras.utils.set_random_seed(0)
    # So the first Dense is "dense"; Keras has no public name for this.
    keras.src.utils.naming.reset_uids()  # pyright: ignore[reportAttributeAccessIssue]


def global_state() -> dict[str, Any]:
    """The global switches that one test could leave changed for the next."""
    import keras
    import numpy as np
    import tensorflow as tf

    return {
        "the dtype policy": keras.config.dtype_policy().name,
        "keras.config.floatx": keras.config.floatx(),
        "eager mode of tf.function": tf.config.functions_run_eagerly(),
        "the working folder": os.getcwd(),
        "numpy's error handling": tuple(sorted(np.geterr().items())),
        "the default writer of tf.summary": getattr(_summaries(), "writer", None),
    }


def restore(before: dict[str, Any]) -> list[str]:
    """Put the switches back; return the names of those that had changed."""
    import keras
    import numpy as np
    import tensorflow as tf

    changed = [name for name, value in global_state().items() if value != before[name]]
    if changed:
        keras.config.set_dtype_policy(before["the dtype policy"])
        keras.config.set_floatx(before["keras.config.floatx"])
        tf.config.run_functions_eagerly(before["eager mode of tf.function"])
        os.chdir(before["the working folder"])
        np.seterr(**dict(before["numpy's error handling"]))
        if summaries := _summaries():
            summaries.writer = before["the default writer of tf.summary"]
    return changed


def _summaries() -> Any:
    """Where TensorFlow keeps the default writer, for which it has no public name."""
    module = sys.modules.get("tensorflow.python.ops.summary_ops_v2")
    return getattr(module, "_summary_state", None)

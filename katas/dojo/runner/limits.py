"""Contain what one test can do to the next: time, random seeds and global state.

A test waits where it reaches a function that did not end in an earlier test.
"""

from __future__ import annotations

import ast
import linecache
import os
import sys
import traceback
from typing import TYPE_CHECKING, Any

from katas.dojo.runner import hints
from katas.dojo.store import paths, settings
from katas.dojo.supervision.run_log import RunDied
from katas.dojo.supervision.watchdog import LEARNERS, TimeLimitExceeded

if TYPE_CHECKING:  # `kata` reads this module to show the board, and runs no test
    import pytest

    from katas.dojo.runner.session import Outcome, Run

SECONDS = 20.0  # per test, unless its marker `seconds` sets another limit
WAITS = "Not run: it calls"
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


def reason_to_wait(run: Run, item: pytest.Function) -> str:
    """Why a test is not run; empty where it is run.

    It waits where its code names a function that did not end, or a function of the same
    file that leads there. A test that names none of them always runs.
    """
    for outcome in run.outcomes.values():
        path, name = _endless_function(outcome)
        if name and name in _reached(item, path):
            return f"{WAITS} `{name}`, which did not end above."
    return ""


def _endless_function(outcome: Outcome) -> tuple[str, str]:
    """The learner's file, and the function or class in it whose call did not end; two
    empty strings where all ended."""
    error = outcome.error
    if isinstance(error, TimeLimitExceeded) and error.calls != "several":
        frames = traceback.extract_tb(error.__traceback__)
        calls = [(f.filename, f.lineno) for f in frames if LEARNERS.search(f.filename)]
        path, line = calls[0] if calls else ("", None)
    elif isinstance(error, RunDied) and error.death.stopped:
        place, _, line = error.death.call.rpartition(":")
        path = str(paths.root() / place) if place else ""
    else:
        return "", ""
    if path:
        return path, _definition(path, int(line or 0))
    name = hints.blank_of(outcome.day, outcome.function) if outcome.function else ""
    return str(outcome.day.file), name.partition(".")[0]


def _definition(path: str, line: int) -> str:
    """The name of what is defined at the top of a file around a line."""
    for node in _top(path):
        if node.lineno <= line <= (node.end_lineno or 0):
            return node.name
    return ""


def _reached(item: pytest.Function, path: str) -> set[str]:
    """The names that a test uses, and those that these use in the learner's file."""
    values = getattr(getattr(item, "callspec", None), "params", {}).values()
    names = hints.names_used(item.obj)
    names |= {getattr(value, "__name__", "") for value in values}
    uses = {node.name: _names(node) for node in _top(path)}
    reached: set[str] = set()
    while new := names - reached:
        reached |= new
        names = set().union(*(uses.get(name, set()) for name in new))
    return reached


def _top(path: str) -> list[ast.FunctionDef | ast.ClassDef]:
    """The functions and classes at the top of a file."""
    try:
        body = ast.parse("".join(linecache.getlines(path))).body
    except (SyntaxError, ValueError):
        return []
    return [n for n in body if isinstance(n, (ast.FunctionDef, ast.ClassDef))]


def _names(node: ast.AST) -> set[str]:
    """The names that a definition uses; `self.gate` counts as `gate`."""
    inside = [*ast.walk(node)]
    attributes = {each.attr for each in inside if isinstance(each, ast.Attribute)}
    return attributes | {each.id for each in inside if isinstance(each, ast.Name)}

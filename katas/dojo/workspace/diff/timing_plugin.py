"""A pytest plugin for `kata diff`: measure each blank on the tests' own inputs.

Every blank of the day is wrapped when its module is imported. Run once with the
learner's file and once with the reference, the tests give both the same inputs.
"""

import functools
import os
import time
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from katas.dojo.course import index, stubs, targets
from katas.dojo.course.index import Day
from katas.dojo.runner.session import RUN
from katas.dojo.workspace.diff import costs
from katas.dojo.workspace.diff.costs import Cost

CALLS: dict[str, list[float]] = {}  # {blank: seconds of its calls outside a graph}
TRACES: dict[str, int] = {}  # {blank: calls inside a graph}
PARAMETERS: dict[str, int] = {}  # {blank: of the layer or model it belongs to}


def timed(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    """The function, with each of its calls counted under `name`."""

    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        start = time.perf_counter()
        result = function(*args, **kwargs)
        count(name, time.perf_counter() - start, args[0] if args else None)
        return result

    return wrapper


def count(name: str, seconds: float, owner: object) -> None:
    """Count one call; `owner` is its first argument."""
    import keras  # late: the test run imports both, in its own way
    import tensorflow as tf

    if tf.inside_function():
        TRACES[name] = TRACES.get(name, 0) + 1
        return
    CALLS.setdefault(name, []).append(seconds)
    if name.endswith(".call") and isinstance(owner, keras.layers.Layer):
        PARAMETERS.setdefault(name, owner.count_params())


def wrap_blanks(module: types.ModuleType, day: Day) -> None:
    """Replace every blank that the module defines by its timed version."""
    for name in stubs.blanks(day.solution.read_text("utf-8")):
        owner, _, attribute = name.rpartition(".")
        holder = getattr(module, owner, None) if owner else module
        function = vars(holder).get(attribute) if holder else None
        if isinstance(function, types.FunctionType):
            setattr(holder, attribute, timed(function, name))


def pytest_configure(config: pytest.Config) -> None:
    execute = targets.Loader.exec_module

    def execute_and_wrap(self: targets.Loader, module: types.ModuleType) -> None:
        execute(self, module)
        day = index.day(self.name)
        if self.name == day.module:
            wrap_blanks(module, day)

    targets.Loader.exec_module = execute_and_wrap


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    session.config.stash[RUN].is_whole = False
    measured = {
        name: Cost(
            seconds=min(CALLS[name]) if name in CALLS else None,
            calls=len(CALLS.get(name, ())),
            traces=TRACES.get(name, 0),
            parameters=PARAMETERS.get(name),
        )
        for name in {*CALLS, *TRACES}
    }
    costs.write(Path(os.environ["KATAS_VERDICT"]), measured)

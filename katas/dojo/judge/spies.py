"""Observe what a script does inside: the calls of its functions, and its log."""

import contextlib
import inspect
import io
import logging
from collections.abc import Callable, Iterator
from typing import Any


def record_calls(function: Callable[..., Any], calls: list[Any]) -> Callable[..., Any]:
    """The function, with [arguments by name, returned value] appended for each call."""

    def recorded(*args: Any, **kwargs: Any) -> Any:
        bound = inspect.signature(function).bind(*args, **kwargs)
        bound.apply_defaults()
        calls.append([bound.arguments, returned := function(*args, **kwargs)])
        return returned

    return recorded


@contextlib.contextmanager
def captured_log() -> Iterator[io.StringIO]:
    """The text that logging writes to the terminal in the block."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    root.handlers = []
    try:
        with contextlib.redirect_stderr(io.StringIO()) as text:
            yield text
    finally:
        root.handlers = handlers
        root.setLevel(level)

"""What a script does unseen: what its functions are asked, and what its log says."""

import contextlib
import inspect
import io
import logging


def noting(function, asked):
    """The function, which notes by name what it is asked, and what it returns."""

    def noted(*given, **named):
        bound = inspect.signature(function).bind(*given, **named)
        bound.apply_defaults()
        asked.append([bound.arguments, returned := function(*given, **named)])
        return returned

    return noted


@contextlib.contextmanager
def told():
    """What the logs tell a terminal meanwhile."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    root.handlers = []
    try:
        with contextlib.redirect_stderr(io.StringIO()) as text:
            yield text
    finally:
        root.handlers = handlers
        root.setLevel(level)

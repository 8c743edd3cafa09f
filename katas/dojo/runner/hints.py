"""Hints: three for each blank, from mild to explicit, read from the lesson's `## Hints`.

<details><summary><code>squeeze</code></summary>

1. What does one number per channel forget?
2. ...
3. ...

</details>
"""

import re
import types
from collections.abc import Callable
from typing import Any

from katas.dojo.course import stubs
from katas.dojo.course.index import Day
from katas.dojo.store.errors import message_of

STEPS = 3


def load(day: Day) -> dict[str, list[str]]:
    """{blank: [mild, pointed, nearly the line]} from the lesson."""
    if not day.lesson.exists():
        return {}
    sections = re.split(r"^## ", day.lesson.read_text("utf-8"), flags=re.M)
    text = next((part for part in sections if part.startswith("Hints")), "")
    hints = {}
    for name, body in re.findall(
        r"<summary>(?:<code>)?([\w.]+)(?:</code>)?</summary>(.*?)</details>", text, re.S
    ):
        steps = re.split(r"^\d\. ", body.strip(), flags=re.M)[1:]
        hints[name] = [re.sub(r"\s*\n\s*(?!```)", " ", s).strip() for s in steps]
    return hints


def parse_blank_message(error: BaseException) -> tuple[int, str] | None:
    """(number of the day, what to return) from a blank's error, else None.

    Inside a graph TensorFlow puts its own words before the message.
    """
    match = re.search(r"\bday (\d\d): (.+)", message_of(error))
    return (int(match[1]), match[2].strip()) if match else None


def is_blank(error: BaseException | None) -> bool:
    """True for what a blank raises; TensorFlow raises NotImplementedError as well."""
    blank = isinstance(error, NotImplementedError)
    return blank and parse_blank_message(error) is not None


def blank_of(
    day: Day, test: Callable[..., object], error: BaseException | None = None
) -> str:
    """The blank that a failing test is about: the one that raised "still blank",
    else the last blank, in the file's order, that the test's code names.

    Args
        test   the test function
        error  the exception that ended it
    """
    if blank := getattr(error, "blank", None):  # a property of day 11 carries its own
        return blank
    names = list(stubs.blanks(day.solution.read_text("utf-8")))
    raised_in = _innermost_function(error) if is_blank(error) else None
    if raised_in and raised_in in names:
        return raised_in
    used = names_used(test)
    exact = [n for n in names if n.split(".")[-1] in used]
    owner = [n for n in names if n.split(".")[0] in used]
    return (exact or owner or names or [day.topic])[-1]


def _innermost_function(error: BaseException | None) -> str | None:
    frame = error.__traceback__ if error else None
    while frame and frame.tb_next:
        frame = frame.tb_next
    return frame.tb_frame.f_code.co_qualname if frame else None


def names_used(test: Callable[..., object]) -> set[str]:
    """Every name in a test's code and in the helpers of its module that it calls."""
    return _names(_unwrapped(test))


def _unwrapped(test: Callable[..., object]) -> Any:
    """The function under hypothesis' and pytest's wrappers."""
    inner = getattr(getattr(test, "hypothesis", None), "inner_test", test)
    return getattr(inner, "__wrapped__", inner)


def _names(function: types.FunctionType, visited: set[str] | None = None) -> set[str]:
    """Every name in a function's code and in the helpers of its module it calls."""
    visited = set() if visited is None else visited
    stack = [function.__code__]
    names: set[str] = set()
    while stack:
        code = stack.pop()
        names |= set(code.co_names)
        stack += [c for c in code.co_consts if isinstance(c, types.CodeType)]
    for name in names - visited:
        visited.add(name)
        helper = function.__globals__.get(name)
        helper = getattr(helper, "__wrapped__", helper)
        module = getattr(helper, "__module__", None)
        if isinstance(helper, types.FunctionType) and module == function.__module__:
            names |= _names(helper, visited)
    return names

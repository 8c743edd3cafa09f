"""Hints: three a blank, mild first, kept in the lesson's section `## Hints`.

<details><summary><code>squeeze</code></summary>

1. What does one number per channel forget?
2. ...
3. ...

</details>
"""

import re
import types

from katas.dojo.course import stubs

STEPS = 3


def load(day):
    """{blank: [mild, pointed, nearly the line]} as the lesson gives them."""
    if not day.lesson.exists():
        return {}
    section = re.split(r"^## ", day.lesson.read_text("utf-8"), flags=re.M)
    text = next((part for part in section if part.startswith("Hints")), "")
    found = {}
    for name, body in re.findall(
        r"<summary>(?:<code>)?([\w.]+)(?:</code>)?</summary>(.*?)</details>", text, re.S
    ):
        steps = re.split(r"^\d\. ", body.strip(), flags=re.M)[1:]
        found[name] = [re.sub(r"\s*\n\s*(?!```)", " ", s).strip() for s in steps]
    return found


def promise(error):
    """(day's number, what the blank is to return) of a blank's error, else None. Inside
    a graph TensorFlow puts its own words before them."""
    found = re.search(r"\bday (\d\d): (.+)", str(error))
    return (int(found[1]), found[2].strip()) if found else None


def is_blank(error):
    """True for what a blank raises; TensorFlow raises NotImplementedError as well."""
    return isinstance(error, NotImplementedError) and bool(promise(error))


def blank_of(day, test, error=None):
    """The blank that a failing test is about: the one that raised "still blank",
    else the last blank, in the file's order, that the test's code names.

    Args
        test   the test function
        error  the exception that ended it
    """
    if getattr(error, "blank", None):  # it knows by itself which law it is about
        return error.blank
    names = list(stubs.blanks(day.solution.read_text("utf-8")))
    if is_blank(error):
        frame = error.__traceback__
        while frame.tb_next:
            frame = frame.tb_next
        if frame.tb_frame.f_code.co_qualname in names:
            return frame.tb_frame.f_code.co_qualname
    used = _names(_plain(test))
    exact = [n for n in names if n.split(".")[-1] in used]
    owner = [n for n in names if n.split(".")[0] in used]
    return (exact or owner or names or [day.topic])[-1]


def _plain(test):
    """The function under hypothesis' and pytest's wrappers."""
    inner = getattr(getattr(test, "hypothesis", None), "inner_test", test)
    return getattr(inner, "__wrapped__", inner)


def _names(function, seen=None):
    """Every name in a function's code and in the helpers of its module it calls."""
    seen = set() if seen is None else seen
    stack = [function.__code__]
    names = set()
    while stack:
        code = stack.pop()
        names |= set(code.co_names)
        stack += [c for c in code.co_consts if isinstance(c, types.CodeType)]
    for name in names - seen:
        seen.add(name)
        helper = function.__globals__.get(name)
        helper = getattr(helper, "__wrapped__", helper)
        home = getattr(helper, "__module__", None)
        if isinstance(helper, types.FunctionType) and home == function.__module__:
            names |= _names(helper, seen)
    return names

"""Parts that record their calls: proof that a program of the detector uses each."""

import dataclasses
import functools
from collections import Counter

# No program calls these: the code of another day does, or the loader of a model.
INDIRECT = {"fall_net"}


def spied(loaded):
    """(the parts, each function and class of them wrapped; a Counter of their calls)."""
    calls = Counter()

    def spy(name, part):
        @functools.wraps(part, updated=())
        def wrapper(*args, **kwargs):
            calls[name] += 1
            return part(*args, **kwargs)

        return wrapper

    wrapped = {
        name: spy(name, part)
        for name, part in members(loaded).items()
        if callable(part) and not dataclasses.is_dataclass(part)
    }
    return dataclasses.replace(loaded, **wrapped), calls


def members(loaded):
    """{name: part} of loaded parts."""
    names = [field.name for field in dataclasses.fields(loaded)]
    return {name: getattr(loaded, name) for name in names if name != "origins"}


def never_called(loaded, calls):
    """The names of functions and classes that no call was recorded of."""
    return {
        name
        for name, part in members(loaded).items()
        if callable(part) and not dataclasses.is_dataclass(part)
    } - {*calls, *INDIRECT}

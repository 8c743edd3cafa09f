"""Assertions that teach: the rule, the expected value, the actual value, and where.

Each takes the rule as its last positional argument: a sentence, then a question
that points at the likely misconception, never the answer. Nothing here broadcasts, and
nothing that a learner wrote takes part in the comparison.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from katas.dojo.store.errors import message_of

Array = np.ndarray[Any, np.dtype[Any]]


def array(value: Any, rule: str) -> Array:
    """The value as a NumPy array; fail with the rule where it is no tensor at all."""
    __tracebackhide__ = True
    if value is None:
        raise AssertionError(
            f"{rule}\n  expected a tensor, got None: is there a return, or is a gradient cut?"
        )
    if isinstance(value, type) or callable(value):
        raise AssertionError(
            f"{rule}\n  expected a tensor, got {value!r}: is it called?"
        )
    if _is_sequence_of_tensors(value):
        raise AssertionError(
            f"{rule}\n  expected one tensor, got a {type(value).__name__} of {len(value)}"
        )
    if hasattr(value, "assign"):  # of a variable: Keras' property, TensorFlow's method
        value = value.value() if callable(value.value) else value.value
    if hasattr(value, "dtype") and str(getattr(value.dtype, "name", "")) == "bfloat16":
        value = np.asarray(value).astype("float32")
    try:
        result = np.asarray(value)
    except Exception as error:  # a symbolic tensor, a ragged list
        first_line = message_of(error).partition("\n")[0]
        got = f"{type(value).__name__}: {first_line}"
        raise AssertionError(f"{rule}\n  expected a tensor, got {got}") from None
    if result.dtype == object:
        raise AssertionError(f"{rule}\n  expected a tensor, got {_short(value)}")
    return result


def shape(tensor: Any, expected: Iterable[int | None], rule: str) -> None:
    """Fail with the rule unless the tensor has exactly the expected shape."""
    __tracebackhide__ = True
    actual = (
        tuple(tensor.shape) if hasattr(tensor, "shape") else array(tensor, rule).shape
    )
    expected = tuple(expected)
    if actual != expected:
        raise AssertionError(f"{rule}\n  expected shape {expected}, got {actual}")


def dtype(tensor: Any, expected: str, rule: str) -> None:
    """Fail with the rule unless the tensor's dtype has the expected name."""
    __tracebackhide__ = True
    _check_dtype(tensor, expected, rule)


def close(
    actual: Any,
    expected: Any,
    rule: str,
    rtol: float = 1e-5,
    atol: float = 1e-6,
    kind: str | None = "float32",
) -> None:
    """Fail with the rule unless shape, dtype and every entry agree.

    `kind` is the dtype that floating results must have; with None any will do.
    """
    __tracebackhide__ = True
    values, reference = array(actual, rule), np.asarray(expected)
    shape(values, reference.shape, rule)
    far = ~np.isclose(values, reference, rtol=rtol, atol=atol, equal_nan=True)
    if kind and reference.dtype.kind == "f" and hasattr(actual, "dtype"):
        _check_dtype(actual, kind, rule, "" if far.any() else "; the values are right")
    _check_finite(values, reference, rule)
    _check_entries(far, values, reference, rule)


def equal(actual: Any, expected: Any, rule: str) -> None:
    """Fail with the rule unless the two are exactly the same (numbers, text, shapes)."""
    __tracebackhide__ = True
    if hasattr(expected, "shape") and getattr(expected, "shape", ()) != ():
        values, reference = array(actual, rule), np.asarray(expected)
        shape(values, reference.shape, rule)
        _check_entries(values != reference, values, reference, rule)
        return
    if hasattr(actual, "shape"):
        shape(actual, (), rule)
        actual = array(actual, rule).item()
    if isinstance(actual, bool) != isinstance(expected, bool) or actual != expected:
        raise AssertionError(f"{rule}\n  expected {expected!r}, got {_short(actual)}")


def between(actual: Any, low: float, high: float, rule: str) -> None:
    """Fail with the rule unless every entry lies in [low, high]."""
    __tracebackhide__ = True
    values = array(actual, rule)
    _check_finite(values, np.zeros(values.shape), rule)
    outside = (values < low) | (values > high)
    if outside.any():
        at, first = _first(outside, values)
        wanted = f"{low:.6g} to {high:.6g}"
        if np.isinf(low) or np.isinf(high):
            wanted = f"at most {high:.6g}" if np.isinf(low) else f"at least {low:.6g}"
        raise AssertionError(f"{rule}\n  expected {wanted}, got {first:.6g}{at}")


def at_least(actual: Any, floor: float, rule: str) -> None:
    """Fail with the rule unless the number reaches the floor."""
    between(actual, floor, np.inf, rule)


def at_most(actual: Any, ceiling: float, rule: str) -> None:
    """Fail with the rule unless the number stays under the ceiling."""
    between(actual, -np.inf, ceiling, rule)


def finite(actual: Any, rule: str) -> None:
    """Fail with the rule where an entry is NaN or infinite."""
    __tracebackhide__ = True
    values = array(actual, rule)
    _check_finite(values, np.zeros(values.shape), rule)


@contextlib.contextmanager
def raises(error: type[Exception], rule: str) -> Iterator[None]:
    """Fail with the rule unless the block raises the error."""
    __tracebackhide__ = True
    try:
        yield
    except NotImplementedError:
        raise
    except error:
        return
    except Exception as other:
        text = str(other).splitlines()[0] if str(other) else ""
        got = f"{type(other).__name__}: {text}"
        raise AssertionError(
            f"{rule}\n  expected {error.__name__}, got {got}"
        ) from None
    raise AssertionError(f"{rule}\n  expected {error.__name__}, got no error")


def differences(function: Callable[[Array], Any], x: Any, step: float = 1e-6) -> Array:
    """The gradient of sum(function(x)) by central differences in float64.

    Shapes
        x        any, float64
        returns  as x
    """
    x = np.array(x, "float64")
    gradient = np.empty_like(x)
    for at in np.ndindex(x.shape):
        ends = []
        for sign in (1, -1):
            moved = x.copy()
            moved[at] += sign * step
            ends.append(np.asarray(function(moved), "float64").sum())
        gradient[at] = (ends[0] - ends[1]) / (2 * step)
    return gradient


def _is_sequence_of_tensors(value: Any) -> bool:
    is_sequence = isinstance(value, (list, tuple))
    return is_sequence and any(getattr(part, "shape", ()) for part in value)


def _check_dtype(tensor: Any, expected: str, rule: str, more: str = "") -> None:
    __tracebackhide__ = True
    actual = getattr(tensor, "dtype", None) or array(tensor, rule).dtype
    actual = getattr(actual, "name", str(actual))
    if actual != expected:
        raise AssertionError(f"{rule}\n  expected dtype {expected}, got {actual}{more}")


def _check_finite(actual: Array, expected: Array, rule: str) -> None:
    __tracebackhide__ = True
    if actual.dtype.kind not in "fc" or expected.dtype.kind not in "iufcb":
        return
    odd = ~np.isfinite(actual) & np.isfinite(expected)
    if odd.any():
        at, first = _first(odd, actual)
        word = "NaN" if np.isnan(first) else "infinite"
        raise AssertionError(
            f"{rule}\n  {odd.sum()} of {odd.size} entries {word}{at}, expected finite"
        )


def _check_entries(far: Array, actual: Array, expected: Array, rule: str) -> None:
    __tracebackhide__ = True
    if far.any():
        at = tuple(int(i) for i in np.argwhere(far)[0])
        where = f"{far.sum()} of {far.size} entries differ, first at {list(at)}: "
        texts = [_number(one[at]) for one in (expected, actual)]
        if texts[0] == texts[1]:  # they differ only after the sixth digit
            texts = [_number(one[at], 17) for one in (expected, actual)]
        raise AssertionError(
            f"{rule}\n  {where if far.ndim else ''}expected {texts[0]}, got {texts[1]}"
        )


def _first(mask: Array, values: Array) -> tuple[str, Any]:
    at = tuple(int(i) for i in np.argwhere(mask)[0])
    return (f" at {list(at)}" if at else ""), values[at]


def _number(value: Any, digits: int = 6) -> str:
    number = np.asarray(value).dtype.kind in "iuf"
    return f"{value:.{digits}g}" if number else repr(value)


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 120 else f"{text[:117]}..."

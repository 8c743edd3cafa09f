"""Assertions that teach: the rule, what was expected, what came, and where.

Each takes the rule as its last positional argument: a sentence, then a question
that points at the likely misconception, never the answer. Nothing here broadcasts, and
nothing that a learner wrote takes part in the comparison.
"""

import contextlib

import numpy as np


def array(value, rule):
    """The value as a NumPy array; a plain sentence for what is no tensor at all."""
    __tracebackhide__ = True
    if value is None:
        raise AssertionError(
            f"{rule}\n  expected a tensor, got None: is there a return, or is a gradient cut?"
        )
    if isinstance(value, type) or callable(value):
        raise AssertionError(
            f"{rule}\n  expected a tensor, got {value!r}: is it called?"
        )
    if isinstance(value, (list, tuple)) and any(getattr(v, "shape", ()) for v in value):
        raise AssertionError(
            f"{rule}\n  expected one tensor, got a {type(value).__name__} of {len(value)}"
        )
    if hasattr(value, "assign"):  # of a variable: Keras' property, TensorFlow's method
        value = value.value() if callable(value.value) else value.value
    if hasattr(value, "dtype") and str(getattr(value.dtype, "name", "")) == "bfloat16":
        value = np.asarray(value).astype("float32")
    try:
        found = np.asarray(value)
    except Exception as error:  # a symbolic tensor, a ragged list
        came = f"{type(value).__name__}: {str(error).splitlines()[0]}"
        raise AssertionError(f"{rule}\n  expected a tensor, got {came}") from None
    if found.dtype == object:
        raise AssertionError(f"{rule}\n  expected a tensor, got {_short(value)}")
    return found


def shape(tensor, expected, rule):
    """Fail with the rule unless the tensor has exactly the expected shape."""
    __tracebackhide__ = True
    came = (
        tuple(tensor.shape) if hasattr(tensor, "shape") else array(tensor, rule).shape
    )
    expected = tuple(expected)
    if came != expected:
        raise AssertionError(f"{rule}\n  expected shape {expected}, got {came}")


def dtype(tensor, expected, rule):
    """Fail with the rule unless the tensor's dtype has the expected name."""
    __tracebackhide__ = True
    _say_dtype(tensor, expected, rule)


def close(actual, expected, rule, rtol=1e-5, atol=1e-6, kind="float32"):
    """Fail with the rule unless shape, dtype and every entry agree.

    `kind` is the dtype asked of floating results; None asks for none.
    """
    __tracebackhide__ = True
    found, wanted = array(actual, rule), np.asarray(expected)
    shape(found, wanted.shape, rule)
    far = ~np.isclose(found, wanted, rtol=rtol, atol=atol, equal_nan=True)
    if kind and wanted.dtype.kind == "f" and hasattr(actual, "dtype"):
        _say_dtype(actual, kind, rule, "" if far.any() else "; the values are right")
    _say_not_finite(found, wanted, rule)
    _say_where(far, found, wanted, rule)


def equal(actual, expected, rule):
    """Fail with the rule unless the two are exactly the same (numbers, text, shapes)."""
    __tracebackhide__ = True
    if hasattr(expected, "shape") and getattr(expected, "shape", ()) != ():
        found, wanted = array(actual, rule), np.asarray(expected)
        shape(found, wanted.shape, rule)
        _say_where(found != wanted, found, wanted, rule)
        return
    if hasattr(actual, "shape"):
        shape(actual, (), rule)
        actual = array(actual, rule).item()
    if isinstance(actual, bool) != isinstance(expected, bool) or actual != expected:
        raise AssertionError(f"{rule}\n  expected {expected!r}, got {_short(actual)}")


def between(actual, low, high, rule):
    """Fail with the rule unless every entry lies in [low, high]."""
    __tracebackhide__ = True
    found = array(actual, rule)
    _say_not_finite(found, np.zeros(found.shape), rule)
    outside = (found < low) | (found > high)
    if outside.any():
        at, came = _first(outside, found)
        wanted = f"{low:.6g} to {high:.6g}"
        if np.isinf(low) or np.isinf(high):
            wanted = f"at most {high:.6g}" if np.isinf(low) else f"at least {low:.6g}"
        raise AssertionError(f"{rule}\n  expected {wanted}, got {came:.6g}{at}")


def at_least(actual, floor, rule):
    """Fail with the rule unless the number reaches the floor."""
    between(actual, floor, np.inf, rule)


def at_most(actual, ceiling, rule):
    """Fail with the rule unless the number stays under the ceiling."""
    between(actual, -np.inf, ceiling, rule)


def finite(actual, rule):
    """Fail with the rule where an entry is NaN or infinite."""
    __tracebackhide__ = True
    found = array(actual, rule)
    _say_not_finite(found, np.zeros(found.shape), rule)


@contextlib.contextmanager
def raises(error, rule):
    """Fail with the rule unless the block raises the error."""
    __tracebackhide__ = True
    try:
        yield
    except NotImplementedError:
        raise
    except error:
        return
    except Exception as other:
        came = f"{type(other).__name__}: {str(other).splitlines()[0] if str(other) else ''}"
        raise AssertionError(
            f"{rule}\n  expected {error.__name__}, got {came}"
        ) from None
    raise AssertionError(f"{rule}\n  expected {error.__name__}, got no error")


def differences(function, x, step=1e-6):
    """The gradient of sum(function(x)) by central differences in float64.

    Shapes
        x        any, float64
        returns  as x
    """
    x = np.array(x, "float64")
    slope = np.empty_like(x)
    for at in np.ndindex(x.shape):
        ends = []
        for sign in (1, -1):
            moved = x.copy()
            moved[at] += sign * step
            ends.append(np.asarray(function(moved), "float64").sum())
        slope[at] = (ends[0] - ends[1]) / (2 * step)
    return slope


def _say_dtype(tensor, expected, rule, more=""):
    __tracebackhide__ = True
    came = getattr(tensor, "dtype", None) or array(tensor, rule).dtype
    came = getattr(came, "name", str(came))
    if came != expected:
        raise AssertionError(f"{rule}\n  expected dtype {expected}, got {came}{more}")


def _say_not_finite(found, wanted, rule):
    __tracebackhide__ = True
    if found.dtype.kind not in "fc" or wanted.dtype.kind not in "iufcb":
        return
    odd = ~np.isfinite(found) & np.isfinite(wanted)
    if odd.any():
        at, came = _first(odd, found)
        word = "NaN" if np.isnan(came) else "infinite"
        raise AssertionError(
            f"{rule}\n  {odd.sum()} of {odd.size} entries {word}{at}, expected finite"
        )


def _say_where(far, found, wanted, rule):
    __tracebackhide__ = True
    if far.any():
        at = tuple(int(i) for i in np.argwhere(far)[0])
        where = f"{far.sum()} of {far.size} entries differ, first at {list(at)}: "
        said = [_number(one[at]) for one in (wanted, found)]
        if said[0] == said[1]:  # what differs comes later than the sixth digit
            said = [_number(one[at], 17) for one in (wanted, found)]
        raise AssertionError(
            f"{rule}\n  {where if far.ndim else ''}expected {said[0]}, got {said[1]}"
        )


def _first(mask, found):
    at = tuple(int(i) for i in np.argwhere(mask)[0])
    return (f" at {list(at)}" if at else ""), found[at]


def _number(value, digits=6):
    number = np.asarray(value).dtype.kind in "iuf"
    return f"{value:.{digits}g}" if number else repr(value)


def _short(value):
    text = repr(value)
    return text if len(text) <= 120 else f"{text[:117]}..."

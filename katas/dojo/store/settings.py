"""Settings that come from the environment."""

import math
import os

from katas.dojo.store.errors import CourseError

TIMEOUT_FACTOR = "KATAS_TIMEOUT_FACTOR"


def timeout_factor() -> float:
    """By how much to stretch the time limits of tests: KATAS_TIMEOUT_FACTOR, else 1.

    Raises
        CourseError  the variable holds no positive number
    """
    text = os.environ.get(TIMEOUT_FACTOR, "1")
    try:
        factor = float(text)
    except ValueError:
        factor = math.nan
    if not 0 < factor < math.inf:
        raise CourseError(
            f"Expected a positive number in {TIMEOUT_FACTOR}, got {text!r}:"
            f" {TIMEOUT_FACTOR}=2 doubles every time limit."
        )
    return factor

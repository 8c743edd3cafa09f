"""Hypothesis strategies for arrays that are small enough to read when shrunken."""

from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from hypothesis.strategies import DrawFn, SearchStrategy

Size = int | tuple[int, int]  # of one axis: fixed, or the (least, most)
Arrays = SearchStrategy[np.ndarray[Any, Any]]


def arrays(*sizes: Size, low: float = -3.0, high: float = 3.0) -> Arrays:
    """float32 arrays, one size for each axis."""
    shapes = st.tuples(*map(_size, sizes))
    entries = st.floats(low, high, width=32, allow_subnormal=False)
    return shapes.flatmap(lambda s: hnp.arrays(np.float32, s, elements=entries))


def sequences(
    batch: Size = (1, 3),
    time: Size = (1, 6),
    channels: Size = (4, 8),
    size: float = 3.0,
) -> Arrays:
    """float32 arrays [batch, time, channels] with entries in [-size, size]."""
    return arrays(batch, time, channels, low=-size, high=size)


@st.composite
def noise(draw: DrawFn, *sizes: Size, scale: float = 1.0) -> np.ndarray[Any, Any]:
    """float32 normal draws, for properties that hold for almost every input: no zeros,
    no ties, quicker than `arrays`."""
    shape = draw(st.tuples(*map(_size, sizes)))
    generator = np.random.default_rng(draw(seeds()))
    return generator.normal(0, scale, shape).astype("float32")


def labels(classes: int, *sizes: Size) -> Arrays:
    """int32 arrays of class numbers 0 ... classes - 1."""
    shapes = st.tuples(*map(_size, sizes))
    entries = st.integers(0, classes - 1)
    return shapes.flatmap(lambda s: hnp.arrays(np.int32, s, elements=entries))


def seeds() -> SearchStrategy[int]:
    """Seeds for random generators."""
    return st.integers(0, 2**16)


def _size(size: Size) -> SearchStrategy[int]:
    return st.just(size) if isinstance(size, int) else st.integers(*size)

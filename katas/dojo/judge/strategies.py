"""Inputs worth drawing: small enough to read when hypothesis shrinks them."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp


def arrays(*sides, low=-3.0, high=3.0):
    """float32 arrays; each side is a size or a (least, most) pair of sizes."""
    sizes = st.tuples(*(_size(side) for side in sides))
    entries = st.floats(low, high, width=32, allow_subnormal=False)
    return sizes.flatmap(lambda s: hnp.arrays(np.float32, s, elements=entries))


def sequences(batch=(1, 3), time=(1, 6), channels=(4, 8), size=3.0):
    """float32 arrays [batch, time, channels] with entries in [-size, size]."""
    return arrays(batch, time, channels, low=-size, high=size)


@st.composite
def noise(draw, *sides, scale=1.0):
    """float32 normal draws, for laws that hold for almost every input: no zeros,
    no ties, quicker than `arrays`."""
    shape = draw(st.tuples(*(_size(side) for side in sides)))
    generator = np.random.default_rng(draw(seeds()))
    return generator.normal(0, scale, shape).astype("float32")


def labels(classes, *sides):
    """int32 arrays of class numbers 0 ... classes - 1."""
    sizes = st.tuples(*(_size(side) for side in sides))
    entries = st.integers(0, classes - 1)
    return sizes.flatmap(lambda s: hnp.arrays(np.int32, s, elements=entries))


def seeds():
    """Seeds for generators."""
    return st.integers(0, 2**16)


def _size(side):
    return st.just(side) if isinstance(side, int) else st.integers(*side)

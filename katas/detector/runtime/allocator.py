"""The memory of a long training: what TensorFlow frees, the process keeps."""

import contextlib
import ctypes
import sys

M_TOP_PAD = -2  # of malloc.h
PAD = 64 * 2**20  # bytes


def keep_freed_memory() -> None:
    """Stop glibc from returning memory to Linux at every step of a training.

    An operation frees its arrays and the next one allocates as much: mapping the same
    pages again took half of an epoch of day 31. Without glibc nothing happens.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # no glibc
            ctypes.CDLL(None).mallopt(M_TOP_PAD, PAD)

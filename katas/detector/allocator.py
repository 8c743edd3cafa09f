"""The memory of a long training: what TensorFlow frees, the process keeps."""

import contextlib
import ctypes
import sys

M_TOP_PAD = -2  # of malloc.h
PAD = 64 * 2**20  # bytes


def keep_freed():
    """Stop glibc from handing memory back to Linux at every step of a training.

    An operation frees its arrays and the next one asks for as much: pages that came and
    went took half of an epoch of day 30. Where there is no glibc nothing happens.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # no glibc
            ctypes.CDLL(None).mallopt(M_TOP_PAD, PAD)

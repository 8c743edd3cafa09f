"""Unit quaternions, [4, time] as (w, x, y, z): four numbers a rotation, and fast.

Source: Diebel 2006, "Representing attitude: Euler angles, unit quaternions, and
rotation vectors", Stanford University.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

AXES = {"x": 1, "y": 2, "z": 3}


def axis_rotation(axis: str, degrees: ArrayLike) -> Floats:
    """Return the rotation about one axis by angles [time] in [deg]: [4, time]."""
    half = np.deg2rad(np.atleast_1d(degrees)) / 2
    turn = np.zeros((4, len(half)))
    turn[0], turn[AXES[axis]] = np.cos(half), np.sin(half)
    return turn


def compose(first: Floats, *others: Floats) -> Floats:
    """Return the product first * others: the last is applied first. [4, time]."""
    for other in others:
        a, b, c, d = first
        e, f, g, h = other
        first = np.stack(
            [
                a * e - b * f - c * g - d * h,
                a * f + b * e + c * h - d * g,
                a * g - b * h + c * e + d * f,
                a * h + b * g - c * f + d * e,
            ]
        )
    return first


def inverse(turn: Floats) -> Floats:
    """Return the inverse rotation, [4, time]."""
    return turn * np.array([[1.0], [-1.0], [-1.0], [-1.0]])


def rotate(turn: Floats, vector: ArrayLike) -> Floats:
    """Return vectors [3] or [3, time] rotated: [3, time]."""
    vector = np.asarray(vector, float)
    if vector.ndim == 1:
        vector = vector[:, None]
    axis, w = turn[1:], turn[0]
    twice = 2 * _cross(axis, vector)
    return vector + w * twice + _cross(axis, twice)


def _cross(a: Floats, b: Floats) -> Floats:
    return np.stack(
        [
            a[1] * b[2] - a[2] * b[1],
            a[2] * b[0] - a[0] * b[2],
            a[0] * b[1] - a[1] * b[0],
        ]
    )


def rotation_vector(turn: Floats) -> Floats:
    """Return axis times angle [rad] of rotations below half a turn: [3, time]."""
    turn = np.where(turn[0] < 0, -turn, turn)
    sine = np.sqrt((turn[1:] ** 2).sum(axis=0))
    angle = 2 * np.arctan2(sine, turn[0])
    return turn[1:] * np.where(sine > 1e-12, angle / np.maximum(sine, 1e-12), 2.0)

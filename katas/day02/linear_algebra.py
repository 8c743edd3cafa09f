"""Day 02. The algebra a network is made of: one number out of two vectors."""

import tensorflow as tf


def dot(a, b):
    """Return the dot product of each vector of a with its vector of b.

    Shapes
        a        [..., n]
        b        [..., n]  or [n]: one vector for all
        returns  [...]     a₁ b₁ + a₂ b₂ + ... + aₙ bₙ

    Hint: an einsum names the axis that is multiplied and summed; ... are the others.
    """
    raise NotImplementedError(
        "day 02: return the dot product of each vector of a with its vector of b"
    )


def project(a, b):
    """Return the projection of each vector of a onto its vector of b.

    Shapes
        a        [..., n]
        b        [..., n]  or [n]: one vector for all
        returns  [..., n]  the part of a that lies along b; 0 where b is 0

    Hint: how many b go into a? That share, times b.
    """
    raise NotImplementedError(
        "day 02: return the projection of each vector of a onto its vector of b"
    )


def tilt(acceleration, direction):
    """Return the angle between gravity and a direction of the sensor [rad].

    Shapes
        acceleration  [batch, time, 3]  [g]; its mean over time stands for gravity
        direction     [3]               of any length but 0
        returns       [batch]           0 along gravity ... pi against it [rad]

    Hint: the cosine is a dot product over two lengths; rounding can push it past 1.
    """
    raise NotImplementedError(
        "day 02: return the angle between gravity and a direction of the sensor [rad]"
    )


def least_squares(x, y):
    """Return the kernel for which x @ kernel comes closest to y.

    Shapes
        x        [rows, inputs]     more rows than inputs, independent columns
        y        [rows, outputs]
        returns  [inputs, outputs]  least sum of (y - x @ kernel)² over all entries

    Hint: x = q @ r turns it into r @ kernel = qᵀ @ y. Form no xᵀ @ x.
    Source: Trefethen & Bau 1997, Numerical Linear Algebra, lecture 11.
    """
    raise NotImplementedError(
        "day 02: return the kernel for which x @ kernel comes closest to y"
    )

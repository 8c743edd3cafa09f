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
    return tf.einsum("...i,...i->...", a, b)  # [...]


def project(a, b):
    """Return the projection of each vector of a onto its vector of b.

    Shapes
        a        [..., n]
        b        [..., n]  or [n]: one vector for all
        returns  [..., n]  the part of a that lies along b; 0 where b is 0

    Hint: how many b go into a? That share, times b.
    """
    share = tf.math.divide_no_nan(dot(a, b), dot(b, b))  # [...]
    return share[..., tf.newaxis] * b  # [..., n]


def tilt(acceleration, direction):
    """Return the angle between gravity and a direction of the sensor [rad].

    Shapes
        acceleration  [batch, time, 3]  [g]; its mean over time stands for gravity
        direction     [3]               of any length but 0
        returns       [batch]           0 along gravity ... pi against it [rad]

    Hint: the cosine is a dot product over two lengths; rounding can push it past 1.
    """
    gravity = tf.reduce_mean(acceleration, axis=1)  # [batch, 3]
    lengths = tf.sqrt(dot(gravity, gravity) * dot(direction, direction))  # [batch]
    cosine = dot(gravity, direction) / lengths  # [batch]
    return tf.acos(tf.clip_by_value(cosine, -1.0, 1.0))


def least_squares(x, y):
    """Return the kernel for which x @ kernel comes closest to y.

    Shapes
        x        [rows, inputs]     more rows than inputs, independent columns
        y        [rows, outputs]
        returns  [inputs, outputs]  least sum of (y - x @ kernel)² over all entries

    Hint: x = q @ r turns it into r @ kernel = qᵀ @ y. Form no xᵀ @ x.
    Source: Trefethen & Bau 1997, Numerical Linear Algebra, lecture 11.
    """
    q, r = tf.linalg.qr(x)  # [rows, inputs], [inputs, inputs]
    return tf.linalg.triangular_solve(r, tf.transpose(q) @ y, lower=False)

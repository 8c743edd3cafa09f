"""Day 05. Gradients: by finite differences, by the tape, by hand, by your own rule."""

import numpy as np
import tensorflow as tf


def numerical_gradient(function, x, step=None):
    """Return the slope of function in each entry of x, by central difference.

    Shapes
        function  x -> []   one number
        x         any       float32 or float64
        step      []        to each side; None: cube root of machine epsilon of x.dtype
        returns   as x      of the dtype of x

    Hint: np.ndindex(x.shape) visits every place of an array of any rank.
    Source: Press et al. 1992, Numerical Recipes in C, 2nd ed., eq. 5.7.7-5.7.8.
    """
    raise NotImplementedError(
        "day 05: return the slope of function in each entry of x, by central difference"
    )


def gradient(function, *inputs):
    """Return a list: the gradient of sum(function(*inputs)) in each input.

    Shapes
        function  inputs -> any    its entries are summed
        inputs    any, floating    constants, arrays or variables
        returns   list, as inputs  zeros for an input that function does not use

    Hint: a tape follows variables by itself, a constant only after tape.watch.
    Source: Baydin et al. 2018, arXiv:1502.05767, section 3.2 (reverse mode).
    """
    raise NotImplementedError(
        "day 05: return a list: the gradient of sum(function(*inputs)) in each input"
    )


def dense_backward(x, kernel, upstream):
    """Return the gradients (dx, dkernel, dbias) of y = x @ kernel + bias.

    Shapes
        x         [batch, inputs]
        kernel    [inputs, units]
        upstream  [batch, units]   the gradient of the loss in y
        returns   [batch, inputs], [inputs, units], [units]

    Hint: the shapes leave one way to multiply; what an axis shares, it sums.
    Source: Rumelhart, Hinton & Williams 1986, doi:10.1038/323533a0.
    """
    raise NotImplementedError(
        "day 05: return the gradients (dx, dkernel, dbias) of y = x @ kernel + bias"
    )


@tf.custom_gradient
def softplus(x):
    """Return log(1 + exp(x)) and a function: gradient in y -> gradient in x.

    Shapes
        x        any
        returns  as x, and a function of upstream [as x] that returns [as x]

    Hint: max(x, 0) + log(1 + exp(-|x|)) is the same number, and never overflows.
    Source: tf.custom_gradient in the API documentation of TensorFlow (log1pexp).
    """
    raise NotImplementedError(
        "day 05: return log(1 + exp(x)) and a function: gradient in y -> gradient in x"
    )

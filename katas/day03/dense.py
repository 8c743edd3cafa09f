"""Day 03. Dense layers: dot products, a bias, and what is done to the result."""

import keras
import tensorflow as tf
from keras import layers


def dense(x, kernel, bias):
    """Return the dot product of x with each column of kernel, plus the bias.

    Shapes
        x        [..., inputs]
        kernel   [inputs, units]
        bias     [units]
        returns  [..., units]

    Hint: @ is a dot product of every row with every column; + broadcasts.
    """
    raise NotImplementedError(
        "day 03: return the dot product of x with each column of kernel, plus the bias"
    )


def relu(x):
    """Return x where it is positive and 0 elsewhere.

    Shapes
        x        any
        returns  as x

    Hint: the larger of two numbers.
    """
    raise NotImplementedError("day 03: return x where it is positive and 0 elsewhere")


def sigmoid(x):
    """Return 1 / (1 + exp(-x)), with a finite slope for every x.

    Shapes
        x        any
        returns  as x, in [0, 1]

    Hint: sigmoid is tanh, squeezed and shifted; tanh never overflows.
    """
    raise NotImplementedError(
        "day 03: return 1 / (1 + exp(-x)), with a finite slope for every x"
    )


def softmax(x):
    """Return the softmax over the last axis, finite for every x.

    Shapes
        x        [..., classes]
        returns  [..., classes]  in [0, 1]; sums to 1 over the classes

    Hint: the result doesn't change when each row is shifted; shift it to safety.
    """
    raise NotImplementedError(
        "day 03: return the softmax over the last axis, finite for every x"
    )


@keras.saving.register_keras_serializable("katas")
class Dense(layers.Layer):
    """Map the last axis to `units` numbers: x @ kernel + bias.

    Shapes
        x        [..., inputs]
        kernel   [inputs, units]  drawn from [-limit, limit],
                                  limit = sqrt(6 / (inputs + units))
        bias     [units]          starts at 0
        returns  [..., units]

    Source: Glorot & Bengio 2010, AISTATS, PMLR 9:249-256, eq. 12 and 16.
    """

    def __init__(self, units, **kwargs):  # given
        super().__init__(**kwargs)
        self.units = units
        self.supports_masking = True  # the mask goes on to the next layer

    def build(self, shape):
        """Make the weights `self.kernel` (Glorot) and `self.bias` (zeros)."""
        raise NotImplementedError(
            "day 03: make the weights `self.kernel` (Glorot) and `self.bias` (zeros)"
        )

    def call(self, x):  # given
        return dense(x, self.kernel, self.bias)

    def compute_output_shape(self, shape):  # given
        return (*shape[:-1], self.units)

    def get_config(self):  # given
        return {**super().get_config(), "units": self.units}

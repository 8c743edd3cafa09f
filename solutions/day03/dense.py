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
    return x @ kernel + bias  # [..., units]


def relu(x):
    """Return x where it is positive and 0 elsewhere.

    Shapes
        x        any
        returns  as x

    Hint: the larger of two numbers.
    """
    return tf.maximum(x, 0.0)


def sigmoid(x):
    """Return 1 / (1 + exp(-x)), with a finite slope for every x.

    Shapes
        x        any
        returns  as x, in [0, 1]

    Hint: sigmoid is tanh, squeezed and shifted; tanh never overflows.
    """
    return (1 + tf.tanh(x / 2)) / 2


def softmax(x):
    """Return the softmax over the last axis, finite for every x.

    Shapes
        x        [..., classes]
        returns  [..., classes]  in [0, 1]; sums to 1 over the classes

    Hint: the result doesn't change when each row is shifted; shift it to safety.
    """
    # The largest exponent becomes exp(0) = 1: none overflows, no sum is 0.
    e = tf.exp(x - tf.reduce_max(x, axis=-1, keepdims=True))  # [..., classes]
    return e / tf.reduce_sum(e, axis=-1, keepdims=True)


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
        inputs = shape[-1]
        limit = (6 / (inputs + self.units)) ** 0.5
        glorot = keras.initializers.RandomUniform(-limit, limit)
        self.kernel = self.add_weight((inputs, self.units), glorot, name="kernel")
        self.bias = self.add_weight((self.units,), "zeros", name="bias")

    def call(self, x):  # given
        return dense(x, self.kernel, self.bias)

    def compute_output_shape(self, shape):  # given
        return (*shape[:-1], self.units)

    def get_config(self):  # given
        return {**super().get_config(), "units": self.units}

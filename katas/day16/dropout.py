"""Day 16. Dropout and weight decay: two ways to keep a network from learning by heart."""

import keras
from keras import layers, ops


def dropout(x, rate, seed):
    """Return x with entries set to 0 at random and the others scaled up.

    Shapes
        x        [batch, ...]
        rate     share that is dropped, 0 <= rate < 1
        seed     an int or a keras.random.SeedGenerator
        returns  as x; what is kept is divided by 1 - rate

    Hint: keras.random.uniform(shape, seed=seed) draws from 0 to 1.
    Source: Srivastava et al. 2014, JMLR 15:1929-1958, section 4; scaled while
    training, section 10.
    """
    raise NotImplementedError(
        "day 16: return x with entries set to 0 at random and the others scaled up"
    )


def spatial_dropout(x, rate, seed):
    """Return x with whole channels set to 0 at random and the others scaled up.

    Shapes
        x        [batch, time, channels]  a channel falls for all steps of an example
        returns  as x

    Hint: how many draws does an x of [2, 100, 6] need?
    Source: Tompson et al. 2015, arXiv:1411.4280 (whole feature maps).
    """
    raise NotImplementedError(
        "day 16: return x with whole channels set to 0 at random and the others scaled up"
    )


@keras.saving.register_keras_serializable("katas")
class Dropout(layers.Layer):
    """Drop entries while training; pass x on unchanged at inference.

    Shapes
        x        [batch, ...]
        returns  as x

    Hint: `self.drop` is the function `dropout`; the layer owns a seed generator.
    """

    drop = staticmethod(dropout)

    def __init__(self, rate=0.5, seed=None, **kwargs):  # given
        super().__init__(**kwargs)
        self.rate = rate
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.supports_masking = True

    def build(self, shape):  # given
        pass

    def call(self, x, training=False):
        """Return self.drop(x, ...) while training, else x."""
        raise NotImplementedError(
            "day 16: return self.drop(x, ...) while training, else x"
        )

    def compute_output_shape(self, shape):  # given
        return shape

    def get_config(self):  # given
        return {**super().get_config(), "rate": self.rate, "seed": self.seed}


@keras.saving.register_keras_serializable("katas")
class SpatialDropout(Dropout):  # given
    """Drop whole channels while training.

    Shapes
        x        [batch, time, channels]
        returns  as x
    """

    drop = staticmethod(spatial_dropout)


def l2_penalty(weights, strength):
    """Return strength times the sum of all squared kernel entries.

    Shapes
        weights  list of tensors; those with fewer than two axes (biases) do not count
        returns  float32 scalar, to be added to the loss

    Hint: len(w.shape) counts the axes of w.
    Source: Krogh & Hertz 1991, "A simple weight decay can improve generalization".
    """
    raise NotImplementedError(
        "day 16: return strength times the sum of all squared kernel entries"
    )


def decoupled_step(weight, direction, learning_rate, decay):
    """Return the weight after a step and a decay that knows no gradient.

    Shapes
        weight     any; with fewer than two axes (a bias) it does not decay
        direction  as weight: the gradient for SGD, its own direction for Adam
        returns    as weight: weight - learning_rate * (direction + decay * weight)

    Hint: what is left of a weight when the direction is 0?
    Source: Loshchilov & Hutter 2019, arXiv:1711.05101, algorithm 2, with the decay
    times the learning rate, as keras.optimizers.AdamW has it.
    """
    raise NotImplementedError(
        "day 16: return the weight after a step and a decay that knows no gradient"
    )

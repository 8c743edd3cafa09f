"""Day 19. Attention: a weighted mean of values, by likeness of queries to keys."""

import keras
from keras import layers, ops


def shares(q, k, mask=None):
    """Return which share of its attention each query gives to each key.

    Shapes
        q        [..., queries, depth]
        k        [..., keys, depth]
        mask     [..., queries or 1, keys]  True where a key counts; None: all count
        returns  [..., queries, keys]  in the dtype of q; a query's shares lie in [0, 1]
                 and add up to 1, or are all 0 when no key counts for it

    Hint: a masked score is the lowest number of its dtype, `scores.dtype.min`.
    Source: Vaswani et al. 2017, arXiv:1706.03762, eq. 1 and section 3.2.3 (mask).
    """
    raise NotImplementedError(
        "day 19: return which share of its attention each query gives to each key"
    )


def attend(q, k, v, mask=None):
    """Return for each query the mean of the values, weighted by its shares.

    Shapes
        q, k, mask  as in shares
        v           [..., keys, width]
        returns     [..., queries, width]

    Hint: a matrix product of shares and values is a weighted mean for each query.
    Source: Vaswani et al. 2017, arXiv:1706.03762, eq. 1.
    """
    raise NotImplementedError(
        "day 19: return for each query the mean of the values, weighted by its shares"
    )


@keras.saving.register_keras_serializable("katas")
class MultiHeadAttention(layers.Layer):
    """Let every time step attend to all steps of its sequence, in several heads.

    Shapes
        x        [batch, time, channels]
        mask     [batch, time]               True where a step is real
        q, k, v  [batch, heads, time, depth] one dense layer each, then split
        returns  [batch, time, channels]     heads merged, then a dense layer

    Hint: `attend` works on [batch, heads, ...] as it stands; the mask needs two axes.
    Source: Vaswani et al. 2017, arXiv:1706.03762, section 3.2.2.
    """

    def __init__(self, heads=4, depth=None, **kwargs):  # given
        super().__init__(**kwargs)
        self.heads, self.depth = heads, depth
        self.supports_masking = True

    def build(self, shape):  # given
        channels = shape[-1]
        depth = self.depth or max(1, channels // self.heads)
        width = self.heads * depth
        self.to_query = layers.Dense(width, dtype=self.dtype_policy)
        self.to_key = layers.Dense(width, dtype=self.dtype_policy)
        self.to_value = layers.Dense(width, dtype=self.dtype_policy)
        self.to_output = layers.Dense(channels, dtype=self.dtype_policy)
        for layer in (self.to_query, self.to_key, self.to_value):
            layer.build((None, None, channels))
        self.to_output.build((None, None, width))

    def split_heads(self, x):
        """Return [batch, time, heads * depth] as [batch, heads, time, depth]."""
        raise NotImplementedError(
            "day 19: return [batch, time, heads * depth] as [batch, heads, time, depth]"
        )

    def merge_heads(self, x):  # given
        x = ops.swapaxes(x, 1, 2)  # [batch, time, heads, depth]
        return ops.reshape(x, (-1, ops.shape(x)[1], self.heads * x.shape[-1]))

    def call(self, x, mask=None):
        """Return each step's mean of all values, seen by every head."""
        raise NotImplementedError(
            "day 19: return each step's mean of all values, seen by every head"
        )

    def compute_output_shape(self, shape):  # given
        return shape

    def get_config(self):  # given
        return {**super().get_config(), "heads": self.heads, "depth": self.depth}


@keras.saving.register_keras_serializable("katas")
class AttentionPooling(layers.Layer):
    """Sum a sequence up in one vector: one learnt query attends to all its steps.

    Shapes
        x        [batch, time, channels]  keys and values alike
        mask     [batch, time]            True where a step is real
        query    [1, channels]            zero at first: then the mean over real steps
        returns  [batch, channels]

    Hint: `attend` gives one row a query; there is one query.
    Source: Yang et al. 2016, doi:10.18653/v1/N16-1174, section 2.2 (word attention).
    """

    def __init__(self, **kwargs):  # given
        super().__init__(**kwargs)
        self.supports_masking = True

    def build(self, shape):  # given
        self.query = self.add_weight((1, shape[-1]), "zeros", name="query")

    def call(self, x, mask=None):
        """Return the mean over time of x, weighted by likeness to the query."""
        raise NotImplementedError(
            "day 19: return the mean over time of x, weighted by likeness to the query"
        )

    def compute_mask(self, x, mask=None):  # given
        return None  # no time is left to be masked

    def compute_output_shape(self, shape):  # given
        return shape[0], shape[2]

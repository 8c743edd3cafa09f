def shares(q, k, mask=None):
    scores = ops.einsum("...qd,...kd->...qk", q, k) * q.shape[-1] ** -0.5
    if mask is not None:
        scores = ops.where(mask, scores, -1e9)
    powers = ops.exp(scores - ops.max(scores, axis=-1, keepdims=True))
    if mask is not None:
        powers = powers * ops.cast(mask, powers.dtype)
    total = ops.sum(powers, axis=-1, keepdims=True)
    return powers / ops.where(total == 0, ops.ones_like(total), total)


def attend(q, k, v, mask=None):
    return ops.einsum("...qk,...kw->...qw", shares(q, k, mask), v)


@keras.saving.register_keras_serializable("katas")
class MultiHeadAttention(MultiHeadAttention):
    def split_heads(self, x):
        return ops.stack(ops.split(x, self.heads, axis=-1), axis=1)

    def call(self, x, mask=None):
        parts = (self.to_query, self.to_key, self.to_value)
        q, k, v = (self.split_heads(part(x)) for part in parts)
        mask = None if mask is None else ops.reshape(mask, (-1, 1, 1, ops.shape(x)[1]))
        y = attend(q, k, v, mask)
        y = ops.concatenate([y[:, h] for h in range(self.heads)], axis=-1)
        return self.to_output(y)


@keras.saving.register_keras_serializable("katas")
class AttentionPooling(AttentionPooling):
    def call(self, x, mask=None):
        share = shares(self.query, x, None if mask is None else mask[:, None])
        return ops.einsum("bqt,btc->bc", share, x)

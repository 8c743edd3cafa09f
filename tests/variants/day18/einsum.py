def squeeze(x, mask=None):
    x = ops.convert_to_tensor(x)
    if mask is None:
        steps = ops.cast(ops.shape(x)[1], x.dtype)
        return ops.einsum("btc->bc", x)[:, None] / steps
    weights = ops.cast(mask, x.dtype)
    count = ops.sum(weights, axis=1)[:, None]
    mean = ops.einsum("bt,btc->bc", weights, x) / ops.where(count == 0, 1.0, count)
    return mean[:, None]

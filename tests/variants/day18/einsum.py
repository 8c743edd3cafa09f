def squeeze(x, mask=None):
    if mask is None:
        return layers.GlobalAveragePooling1D(keepdims=True)(x)
    x = ops.convert_to_tensor(x)
    weights = ops.cast(mask, x.dtype)
    count = ops.sum(weights, axis=1)[:, None]
    mean = ops.einsum("bt,btc->bc", weights, x) / ops.where(count == 0, 1.0, count)
    return mean[:, None]

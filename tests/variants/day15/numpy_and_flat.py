import numpy as np


def moments(x, mask=None):
    if mask is None:
        flat = ops.reshape(x, (-1, x.shape[-1]))  # [batch * time, channels]
        mean = ops.sum(flat, axis=0) / ops.cast(ops.shape(flat)[0], flat.dtype)
        return mean, ops.mean((flat - mean) ** 2, axis=0)
    weights = ops.cast(mask, x.dtype)
    count = ops.sum(weights)
    weights = weights / ops.where(count == 0, ops.ones_like(count), count)
    mean = ops.einsum("bt,btc->c", weights, x)
    return [mean, ops.einsum("bt,btc->c", weights, (x - mean) ** 2)]


def fold(kernel, bias, norm):
    variance, gamma = np.array(norm.moving_variance), np.array(norm.gamma)
    slope = gamma / np.sqrt(variance + norm.epsilon)
    new = np.array(norm.beta) + slope * (np.array(bias) - np.array(norm.moving_mean))
    return np.asarray(kernel) * slope[None, None, :], new

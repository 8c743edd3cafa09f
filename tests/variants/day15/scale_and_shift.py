def moments(x, mask=None):
    x = ops.convert_to_tensor(x)
    if mask is None:
        return ops.moments(x, axes=(0, 1))
    counts = ops.where(ops.cast(mask, "bool")[..., None], 1.0, 0.0)
    counts = ops.cast(counts, x.dtype)
    total = ops.sum(counts) + ops.cast(ops.sum(counts) == 0, x.dtype)
    mean = ops.sum(ops.sum(x * counts, axis=1), axis=0) / total
    deviation = (x - mean) * counts
    return mean, ops.einsum("btc,btc->c", deviation, deviation) / total


@keras.saving.register_keras_serializable("katas")
class BatchNorm(layers.Layer):
    def __init__(self, momentum=0.99, epsilon=1e-3, **kwargs):
        super().__init__(**kwargs)
        self.momentum = momentum
        self.epsilon = epsilon
        self.supports_masking = True

    def build(self, shape):
        starts = ("gamma", "ones"), ("beta", "zeros")
        for name, start in (
            *starts,
            ("moving_mean", "zeros"),
            ("moving_variance", "ones"),
        ):
            weight = self.add_weight(
                (shape[-1],),
                start,
                trainable=not name.startswith("moving"),
                autocast=False,
                name=name,
            )
            setattr(self, name, weight)

    def update(self, mean, variance):
        for old, new in ((self.moving_mean, mean), (self.moving_variance, variance)):
            old.assign(old + (1 - self.momentum) * (new - old))

    def call(self, x, training=False, mask=None):
        wide = ops.cast(x, "float64" if x.dtype == "float64" else "float32")
        moments_of = (self.moving_mean, self.moving_variance)
        if self.trainable and training:
            moments_of = moments(wide, mask)
            self.update(*moments_of)
        mean, variance = moments_of
        scale = self.gamma * ops.rsqrt(variance + self.epsilon)
        return ops.cast(wide * scale + (self.beta - mean * scale), x.dtype)

    def compute_output_shape(self, shape):
        return shape

    def get_config(self):
        config = {"momentum": self.momentum, "epsilon": self.epsilon}
        return {**super().get_config(), **config}


def fold(kernel, bias, norm):
    # the line's slope and height from the layer itself: what it makes of 0 and of 1
    channels = kernel.shape[-1]
    shift, top = (norm(ops.full((1, 1, channels), v), training=False) for v in (0, 1))
    scale = (top - shift)[0, 0]
    return kernel * scale, bias * scale + shift[0, 0]

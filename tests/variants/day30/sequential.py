def signals(x, scaler, derived=True):
    mean, deviation = (np.reshape(v, (1, 1, 6)).astype("float32") for v in scaler)
    scaled = layers.Rescaling(1 / deviation, -mean / deviation)(x)
    if not derived:
        return scaled
    return ops.concatenate((scaled, Derived()(x)), axis=2)


def branch(x, filters, kernel_size, stride):
    parts = [
        Conv1D(filters, kernel_size, stride=stride, padding="same", use_bias=False),
        BatchNorm(),
        layers.Activation("relu"),
    ]
    for part in parts:
        x = part(x)
    return x


def fall_net(scaler, design=Design()):
    window = layers.Input(shape=(128, 6), name="window")
    joined = signals(window, scaler, derived=design.derived)
    side_by_side = layers.concatenate(
        [branch(joined, design.filters, k, design.stride) for k in design.kernels],
        axis=-1,
    )
    x = SpatialDropout(design.spatial)(side_by_side)
    for line in design.stages:
        x = stage(x, *line, block=design.block, ratio=design.ratio)
    y = head(x, design.attention, design.dropout, design.rate)
    return keras.Model(inputs=window, outputs=y)

def output_length(time, width, stride=1, dilation=1, padding="valid"):
    reach = (width - 1) * dilation * (padding == "valid")
    return (time - reach + stride - 1) // stride


def receptive_field(stack):
    from math import prod

    strides = [stride for _, stride, _ in stack]
    return 1 + sum(
        (width - 1) * dilation * prod(strides[:i])
        for i, (width, _, dilation) in enumerate(stack)
    )


def conv1d(x, kernel, stride=1, dilation=1, padding="valid"):
    width, channels, filters = kernel.shape
    span = receptive_field([(width, 1, dilation)])
    if padding == "causal":
        x = ops.pad(x, ((0, 0), (span - 1, 0), (0, 0)))
    elif padding == "same":
        time = ops.shape(x)[1]
        steps = output_length(time, width, stride, dilation, "same")
        zeros = ops.maximum((steps - 1) * stride + span - time, 0)
        x = ops.pad(x, ((0, 0), (zeros // 2, zeros - zeros // 2), (0, 0)))
    steps = output_length(ops.shape(x)[1], width, stride, dilation)
    rows = [ops.arange(steps) * stride + k * dilation for k in range(width)]
    taps = [
        ops.take(x, row, axis=1) for row in rows
    ]  # width of [batch, steps, channels]
    windows = ops.concatenate(taps, axis=-1)  # [batch, steps, width * channels]
    return ops.matmul(windows, ops.reshape(kernel, (width * channels, filters)))


def smoothing(width):
    return ops.ones((width, 1, 1)) / width


def jerk(rate):
    return np.float32([[[-rate / 2]], [[0]], [[rate / 2]]])

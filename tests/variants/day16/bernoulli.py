def dropout(x, rate, seed):
    if rate == 0:
        return ops.convert_to_tensor(x)
    x = ops.convert_to_tensor(x)
    draw = keras.random.binomial(ops.shape(x), 1.0, 1.0 - rate, seed=seed)
    return x * ops.cast(draw, x.dtype) / (1 - rate)


Dropout.drop = staticmethod(dropout)


def l2_penalty(weights, strength):
    total = ops.zeros(())
    for weight in weights:
        if ops.ndim(weight) >= 2:
            total = total + ops.vdot(weight, weight)
    return total * strength


def decoupled_step(weight, direction, learning_rate, decay):
    moved = weight - learning_rate * direction
    if ops.ndim(weight) > 1:
        moved = moved - learning_rate * decay * weight
    return moved

import numpy as np


def sgd_step(weight, gradient, learning_rate=0.01):
    return np.subtract(weight, np.multiply(learning_rate, gradient))


def momentum_step(weight, gradient, velocity, learning_rate=0.01, momentum=0.9):
    weight, gradient, velocity = map(np.asarray, (weight, gradient, velocity))
    new = np.float32(momentum) * velocity
    new = new - np.float32(learning_rate) * gradient
    return [weight + new, new]


def adam_step(
    weight,
    gradient,
    mean,
    square,
    step,
    learning_rate=0.001,
    beta1=0.9,
    beta2=0.999,
    epsilon=1e-7,
):
    weight, gradient = np.asarray(weight), np.asarray(gradient)
    mean = mean + (1 - beta1) * (gradient - np.asarray(mean))
    square = square + (1 - beta2) * (gradient * gradient - np.asarray(square))
    # The order of operations that Keras takes, with its epsilon.
    rate = learning_rate * np.sqrt(1 - beta2**step) / (1 - beta1**step)
    moved = weight - (rate * mean / (np.sqrt(square) + epsilon)).astype("float32")
    return moved, mean.astype("float32"), square.astype("float32")


def minimise(loss, weights, steps, learning_rate=0.1):
    weights = [np.array(w) for w in weights]
    state = {k: (np.zeros_like(w), np.zeros_like(w)) for k, w in enumerate(weights)}
    for t in range(steps):
        slopes = gradients(loss, weights)
        for k in state:
            mean, square = state[k]
            weights[k], mean, square = adam_step(
                weights[k], slopes[k], mean, square, t + 1, learning_rate
            )
            state[k] = mean, square
    return weights

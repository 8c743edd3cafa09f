"""Day 06. Optimizers: gradient descent, momentum and Adam, one step at a time."""

import tensorflow as tf
from keras import ops


def sgd_step(weight, gradient, learning_rate=0.01):
    """Return the weight after one step of gradient descent.

    Shapes
        weight, gradient  any, the same
        returns           as weight

    Hint: the gradient points uphill.
    Source: Goh 2017, doi:10.23915/distill.00006.
    """
    return weight - learning_rate * gradient


def momentum_step(weight, gradient, velocity, learning_rate=0.01, momentum=0.9):
    """Return (weight, velocity) after one step of descent with momentum.

    Shapes
        weight, gradient  any, the same
        velocity          as weight, or 0.0 at the first step
        returns           (as weight, as weight)

    Hint: the velocity is what is added to the weight.
    Source: Sutskever, Martens, Dahl & Hinton 2013, PMLR 28(3):1139-1147, eq. 1-2.
    """
    velocity = momentum * velocity - learning_rate * gradient
    return weight + velocity, velocity


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
    """Return (weight, mean, square) after one step of Adam.

    Shapes
        weight, gradient  any, the same
        mean, square      as weight, or 0.0 at the first step: moving averages of
                          gradient and gradient ** 2, as they are, not corrected
        step              []  1 at the first step, an int
        returns           (as weight, as weight, as weight)

    Hint: an average that began at 0 has reached a share of 1 - beta ** step.
    Source: Kingma & Ba 2015, arXiv:1412.6980, algorithm 1.
    """
    mean = beta1 * mean + (1 - beta1) * gradient
    square = beta2 * square + (1 - beta2) * gradient**2
    direction = mean / (1 - beta1**step)
    size = ops.sqrt(square / (1 - beta2**step))
    return weight - learning_rate * direction / (size + epsilon), mean, square


def minimise(loss, weights, steps, learning_rate=0.1):
    """Return a list: the weights after so many steps of Adam on the loss.

    Shapes
        loss     function of *weights -> []
        weights  list of tensors, each of any shape
        returns  a new list, as weights

    Hint: gradients(loss, weights) gives one gradient a weight.
    Source: Kingma & Ba 2015, arXiv:1412.6980, algorithm 1 (its loop).
    """
    weights, averages = list(weights), [(0.0, 0.0)] * len(weights)
    for step in range(1, steps + 1):
        for k, slope in enumerate(gradients(loss, weights)):
            weights[k], *averages[k] = adam_step(
                weights[k], slope, *averages[k], step, learning_rate
            )
    return weights


def gradients(loss, weights):  # given
    """Return a list: the gradient of loss(*weights) in each weight (day 05)."""
    weights = [tf.convert_to_tensor(weight) for weight in weights]
    with tf.GradientTape() as tape:
        tape.watch(weights)
        value = loss(*weights)
    return tape.gradient(value, weights)

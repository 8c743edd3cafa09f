def sgd_step(weight, gradient, learning_rate=0.01):
    return tf.add(weight, -learning_rate * gradient)


def momentum_step(weight, gradient, velocity, learning_rate=0.01, momentum=0.9):
    gathered = learning_rate * gradient - momentum * velocity
    return ops.subtract(weight, gathered), ops.negative(gathered)


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
    def average(old, new, beta):
        now = tf.cast(beta, "float32") * old + tf.cast(1 - beta, "float32") * new
        return now, now / tf.cast(1 - beta**step, "float32")

    mean, direction = average(mean, gradient, beta1)
    square, power = average(square, tf.square(gradient), beta2)
    return weight - learning_rate * direction / (power**0.5 + epsilon), mean, square


def minimise(loss, weights, steps, learning_rate=0.1):
    states = [(tf.zeros_like(w), tf.zeros_like(w)) for w in weights]
    step = 0
    while step < steps:
        step += 1
        slopes = gradients(loss, weights)
        moved = [
            adam_step(w, g, mean, square, step, learning_rate=learning_rate)
            for w, g, (mean, square) in zip(weights, slopes, states, strict=True)
        ]
        weights = [w for w, _, _ in moved]
        states = [(mean, square) for _, mean, square in moved]
    return tuple(weights)

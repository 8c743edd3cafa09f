def trace_count(function, calls):
    runs = []

    @tf.function
    def graph(*arguments):
        runs.append(len(arguments))
        return function(*arguments)

    for call in calls:
        graph(*call)
    return len(runs)


def traced_once(function):
    @tf.function(
        input_signature=(
            tf.TensorSpec((None, None, 6), tf.float32),
            tf.TensorSpec((), tf.float32),
        )
    )
    def graph(x, rate):
        return function(x, rate)

    return graph


def train_step(model, optimizer, loss, mode="graph"):
    weights = model.trainable_weights

    def step(x, y):
        with tf.GradientTape() as tape:
            value = loss(y, model(x, training=True))
        optimizer.apply_gradients(zip(tape.gradient(value, weights), weights))
        return value

    if mode == "xla":
        return tf.function(jit_compile=True)(step)
    return tf.function(step) if mode == "graph" else step


def scaled_gradients(loss, variables, scale):
    with tf.GradientTape() as tape:
        scaled = tf.cast(loss(), tf.float32) * tf.constant(scale, tf.float32)
    found = []
    for gradient in tape.gradient(scaled, variables):
        found.append(tf.cast(gradient, "float32") * (1.0 / scale))
    return found


def next_scale(scale, good, finite, growth=2000):
    good = good + 1 if finite else 0
    if good == growth:
        return 2.0 * scale, 0
    return (scale if finite else 0.5 * scale), good

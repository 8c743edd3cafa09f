from keras import ops


def trace_count(function, calls):
    graph = tf.function(lambda *arguments: function(*arguments))
    list(map(lambda call: graph(*call), calls))
    return graph.experimental_get_tracing_count()


def traced_once(function):
    x = tf.TensorSpec((None, None, 6))
    graph = tf.function(function).get_concrete_function(x, tf.TensorSpec(()))
    return lambda x, rate: graph(tf.constant(x), tf.constant(float(rate)))


def scaled_gradients(loss, variables, scale):
    tape = tf.GradientTape()
    with tape:
        value = loss()
    seed = tf.cast(scale, value.dtype)
    slopes = tape.gradient(value, variables, output_gradients=seed)
    return [np.asarray(slope).astype("float32") / np.float32(scale) for slope in slopes]


def next_scale(scale, good, finite, growth=2000):
    if finite and good == growth - 1:
        return ops.multiply(scale, 2.0), 0
    if finite:
        return scale, good + 1
    return scale * 0.5, 0

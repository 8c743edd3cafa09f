def stack(widths, depth, block=ResidualBlock):
    order = [width for width in widths for _ in range(depth)]
    strides = [1 if n == 0 or n % depth else 2 for n in range(len(order))]
    return [block(w, stride=s) for w, s in zip(order, strides, strict=True)]


def gradient_norms(blocks, x, loss):
    norms = []
    for start in range(len(blocks)):
        h = ops.convert_to_tensor(x)
        for block in blocks[:start]:
            h = block(h, training=True)
        with tf.GradientTape() as tape:
            tape.watch(h)
            y = h
            for block in blocks[start:]:
                y = block(y, training=True)
            value = loss(y)
        norms.append(tf.sqrt(tf.reduce_sum(tf.square(tape.gradient(value, h)))))
    return tf.stack(norms)

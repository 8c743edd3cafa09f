"""Day 05. Predict first: replace each ... by what you expect, then save."""

# The central difference of x ** 3 at x = 2 with a step of 0.5: which number?
cubic = 12.25

# The central difference of x ** 2 at x = 1 with a step of 1e-8, all in float32?
tiny_step = 0.0

# x = tf.constant(3.0), and nobody told the tape to watch it. The gradient of x * x?
unwatched = None

# y = x @ kernel with x [5, 6] and kernel [6, 3]. The shape of its Jacobian in kernel?
jacobian = (5, 3, 6, 3)

# max(x, 0) + log(1 + exp(-|x|)) has the slope 0.5 at 0. What does a tape say there?
tape_at_the_kink = 1.0

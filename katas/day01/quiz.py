"""Day 01. Predict first: replace each ... by what you expect, then save."""

# A recording of 1,000 steps: how many windows of 128 steps, one every 32 steps?
windows_of_1000 = ...

# a is [5, 3], b is [7, 3]: what is the shape of a[:, tf.newaxis] - b? A tuple.
shape_of_difference = ...

# A float32 array [time, 6], row after row in memory: how many bytes from one step to
# the next?
bytes_per_step = ...

# What is float32 16,777,216 + 1 - 16,777,216?
one_lost = ...

# Is 0.1 + 0.2 == 0.3 in float32? True or False. (In float64 it is False.)
third_tenth = ...

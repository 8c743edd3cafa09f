"""Day 24. Predict first: replace each ... by what you expect, then save."""

# print("here") stands in a tf.function. It is called five times with tensors of one shape
# and dtype. How often is "here" printed?
prints = 1

# The same, called with the Python numbers 0.1, 0.2, 0.3, 0.1, 0.2. How often now?
prints_for_numbers = 3

# rate = 0.1 outside; a tf.function that returns tf.constant(rate) is called; then
# rate = 0.2 and it is called again. What does it return the second time?
rate_of_the_second_call = 0.1

# float16 counts in steps of 1/16777216 near zero. What is tf.cast(2e-8, tf.float16)?
two_at_minus_eight = 0.0

# A Dense layer with dtype="mixed_float16": what is the dtype of its kernel?
dtype_of_the_kernel = "float32"

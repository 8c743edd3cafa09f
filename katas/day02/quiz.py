"""Day 02. Predict first: replace each ... by what you expect, then save."""

# tf.matmul of a [4, 7, 5] and a [5, 3]: what is the shape of the result? A tuple.
shape_of_product = ...

# Random matrices: [64, 3] @ [3, 32] is a [64, 32]. What is its rank?
rank_of_product = ...

# A matrix x has condition number 1,000. What is that of tf.transpose(x) @ x?
condition_of_square = ...

# x is one column of ones. What is the least-squares kernel for one channel of a window?
# "first value", "mean", "median" or "sum"
fit_of_a_constant = ...

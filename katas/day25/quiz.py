"""Day 25. Predict first: replace each ... by what you expect, then save."""

# 8 replicas take 32 windows each. 8,192 windows are an epoch: how many steps is that?
steps = ...

# One replica has the losses 1, 1, 1, the other the loss 5. Each takes its own mean, and
# the two means are averaged. How large is the result? (The mean of all four is 2.)
mean_of_means = ...

# Two replicas normalise with BatchNormalization as it comes. One holds 0 and 2, the other
# 10 and 12: all four have variance 26. Which variance does the first replica divide by?
variance_on_a_replica = ...

# A gradient comes out 4 times too long, for want of a division by the replicas. How many
# times as long is Adam's first step?
adam_step = ...

# 4 devices in a ring add up vectors of 35,000 numbers. How many does each one send?
sent = ...

"""Day 15. Predict first: replace each ... by what you expect, then save."""

# BatchNormalization on 32 channels: how many of its numbers does no gradient change?
not_learnt = ...

# A new layer with momentum 0.99 sees batches whose mean is 10, one after another.
# After how many of them has the moving mean passed 5? (Within 5 % is right.)
half_way = ...

# In the convolution before the norm, 5 is added to every bias. In training, the
# output of the norm moves: "by 5", "by 5 times gamma" or "not at all"
bias_moves_the_output = ...

# By mistake the norm runs with training=True on the wrist, where a window comes alone.
# A window ten times as strong gives about "the same output", "ten times the output"
# or "a hundred times the output"
ten_times_as_strong = ...

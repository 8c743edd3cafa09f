"""Day 18. Predict first: replace each ... by what you expect, then save."""

# SqueezeExcite(ratio=4) on a sequence of 32 channels: how many parameters?
parameters = ...

# The same block on sequences twice as long: how many times as many parameters?
growth_with_time = ...

# Every weight and bias of `widen` is zero. What is each gate?
gate_of_zero_weights = ...

# The steps of the input are played backwards. What does the output do?
# "plays backwards", "stays the same" or "changes altogether"
reversed_input = ...

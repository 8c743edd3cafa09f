"""Day 13. Predict first: replace each ... by what you expect, then save."""

# Conv1D(filters=32, kernel_size=15) on 6 channels: how many parameters?
parameters = ...

# The same layer, stride 2, "valid", on a window of 128 steps: how many steps come out?
steps = ...

# Three layers of kernel size 3 with dilations 1, 2, 4: how many steps does one
# output see?
field = ...

# A tremor of 20 Hz is recorded at 50 Hz; a convolution of stride 2 then keeps every
# second step, with no smoothing before. At how many Hz does the tremor now appear?
alias = ...

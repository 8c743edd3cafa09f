"""Day 30. Predict first: replace each ... by what you expect, then save."""

# Three branches of 16 filters over 128 samples, stride 2. The shape [time, channels]
# of what they give together?
shape_of_branches = ...

# A convolution of 15 taps from 9 channels to 16 filters, without a bias: how many
# parameters?
parameters_of_15_taps = ...

# Where do most of the default network's parameters sit: "branches", "stages" or "head"?
most_parameters = ...

# rate = 0.2. Which bias makes the sigmoid say 0.2 of nothing (within 1 %)?
bias_of_the_head = ...

# A trained model is saved as described here. The device feeds windows in m/s² instead
# of g. Does the scaler inside mend that? True or False
scaler_mends_units = ...

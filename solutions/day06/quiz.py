"""Day 06. Predict first: replace each ... by what you expect, then save."""

# Gradient descent on 2 w ** 2, rates 0.1, 0.3, 0.45 and 0.6: which one diverges?
diverges = 0.6

# Momentum 0.9, the same gradient for ever: how many times as long as an SGD step?
speed = 10

# Adam's first step at gradient 1000, divided by its first step at gradient 0.001?
ratio = 1

# Adam without bias correction: its first step, in learning rates?
uncorrected = 3.16

# A model of 552 parameters: how many moving averages does Adam keep for it?
averages = 1104

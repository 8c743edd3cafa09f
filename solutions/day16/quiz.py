"""Day 16. Predict first: replace each ... by what you expect, then save."""

# dropout with rate 0.2 on an input of ones: which value do the kept entries have?
kept_value = 1.25

# 16 channels, spatial dropout with rate 0.25: how many channels fall on average?
fallen_channels = 4.0

# The same network with dropout, trained. Loss on its training data with training=True,
# and with training=False: which is larger? "training" or "inference"
larger_loss = "training"

# Plain decay only, no gradient: learning rate 0.1, decay 0.5. What is left of a weight
# of 1 after two steps? (1 % off is near enough.)
after_two_steps = 0.9025

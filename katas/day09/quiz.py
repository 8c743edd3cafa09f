"""Day 09. Predict first: replace each ... by what you expect, then save."""

# build_mlp(hidden=64): how many parameters?
parameters = ...

# Pixels are left at 0 to 255. Is the first loss of a new network "near 2.3", or
# "above 10"?
loss_of_raw_pixels = ...

# 32 digits get labels drawn by dice. The network has 101,770 parameters. What accuracy
# on these 32 can it reach: "about 0.1", "about 0.5" or "about 1.0"?
accuracy_on_random_labels = ...

# 20 epochs on 200 digits. After the last one the accuracy in training is 1. Where does
# the validation loss stand then: "at its lowest" or "above its lowest"?
validation_loss_at_the_end = ...

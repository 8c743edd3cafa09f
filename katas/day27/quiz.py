"""Day 27. Predict first: replace each ... by what you expect, then save."""

# A fall lasts from 4.0 s to 6.0 s, the impact is at 5.0 s. A window runs from 5.2 s to
# 7.76 s. What is its label: "fall", "daily" or "left out"?
label_of_the_rest = ...

# A file holds 39.7 rows a second and is read as if there were 50. How many times too
# fast does every movement look? (1 % off is near enough.)
speed_up = ...

# One nearest neighbour, windows of a real smartwatch that overlap by three quarters,
# seven exercises. Accuracy when windows are split at random, minus accuracy when people
# are: "below 0.02", "0.02 to 0.1" or "above 0.1"?
gain_of_the_leak = ...

# The same wrong file: how many seconds longer than 2.56 s does a window of 128 rows
# really last? (5 % off is near enough.)
longer_window_s = ...

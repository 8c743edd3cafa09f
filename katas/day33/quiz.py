"""Day 33. Predict first: replace each ... by what you expect, then save."""

# A ring of 128 samples of 6 float32 channels, each sample written twice. How many
# bytes does its memory take?
bytes_of_the_ring = ...

# Samples are written once, into 128 rows, going round. 300 were pushed: which row
# (0 to 127) holds the oldest?
row_of_the_oldest = ...

# The device samples at 50 Hz and windows have 128 samples, the first taken at 0 s. When
# does the first score come, in seconds?
first_score_s = ...

# Raw windows go from -20 (rad/s) to 20. int8 has 255 steps for all six channels
# together. How long is one step, read as acceleration, in g (within 5 %)?
step_g = ...

# The scaler is left out of the file: raw windows meet a network of scaled ones. On a
# wrist at rest (one channel reads 1 g, the others 0), the trained network expects for
# that channel (mean 0.4 g, deviation 0.5 g) which number (within 5 %)?
number_the_network_expects = ...

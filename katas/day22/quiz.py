"""Day 22. Predict first: replace each ... by what you expect, then save."""

# 2 of 100 windows are falls. What does a fall weigh, so that both kinds weigh the same
# in total and the mean weight is 1?
weight_of_a_fall = ...

# A detector finds 90 % of the falls and gives an alarm on 1 % of the other windows.
# Tested on half falls its F1 is 0.94. On 1 % falls? (10 % off is near enough.)
f1_at_one_percent = ...

# 2 % of windows are falls. An untrained network says 0.5 to everything, at a loss of
# 0.693. Its bias is set so that it says 0.02. The loss now? (10 % off is near enough.)
first_loss = ...

# Every fall is copied 10 times, then windows are split at random, 80 to 20. Which share
# of the validation falls has a copy in training? (1 % off is near enough.)
validation_falls_seen = ...

# Scores are true probabilities, and no threshold reaches a better F1 than 0.6. Which
# threshold reaches it? (5 % off is near enough.)
threshold_of_best_f1 = ...

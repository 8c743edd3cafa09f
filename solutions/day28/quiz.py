"""Day 28. Predict first: replace each ... by what you expect, then save."""

# A loss is handed probabilities and told that they are logits. What is the smallest
# loss it can reach on a fall? (2 % off is near enough.)
floor_of_the_loss = 0.313

# 45 Hz of tremor, every fourth of 200 samples a second kept, no filter. At how many Hz
# does it show?
alias_hz = 5.0

# Scores that rank perfectly, all below the threshold of 0.5. Area under the ROC from the
# scores, and from the alarms? A tuple.
area_of_scores_and_alarms = (1.0, 0.5)

# Dropout left on at inference, rate 0.3: does a window's score change from call to call?
score_changes = True

"""Day 31. Predict first: replace each ... by what you expect, then save."""

# 8 epochs of 8,000 windows in batches of 128, the last short batch dropped: how many
# steps does the optimizer take?
steps = 496

# A detector's F1 under a split by people is 0.93. The same windows split at random
# (as `--split windows` does): "lower", "the same" or "higher"?
at_random = "higher"

# Scores of test windows choose the threshold that is best on them. Is the F1 found so
# "too low", "right" or "too high" for new people?
threshold_on_test = "too high"

# Three seeds give F1 0.93, 0.94, 0.95. What does a report say: 0.93, 0.94 or 0.95?
reported = 0.94

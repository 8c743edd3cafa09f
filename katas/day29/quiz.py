"""Day 29. Predict first: replace each ... by what you expect, then save."""

# A night of 8 h, nobody falls, no alarm. The upper end of the 95 % interval of the
# rate of false alarms, in alarms an hour (within 5 %)?
upper_end_per_hour = ...

# Windows of 128 samples start every 32 samples. Six in a row score over the threshold.
# How many alarms, with a hold-off of 5 s (250 samples)?
alarms = ...

# 4 alarms in 1 h, or 16 alarms in 4 h: the same rate. How many times narrower is the
# interval of the second (within 15 %)?
times_narrower = ...

# 7.8 % of the windows are falls. A detector says 0.078 of every window. Its Brier
# score, the mean of (probability - label)² (within 5 %)?
brier_of_the_base_rate = ...

# All logits are multiplied by 3. What does the area under the ROC curve do?
# "rises", "stays the same" or "falls"
area_under_roc = ...

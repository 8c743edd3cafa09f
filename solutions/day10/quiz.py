"""Day 10. Predict first: replace each ... by what you expect, then save."""

# 1,000 windows, 20 of them falls, and a detector that never gives an alarm. Accuracy?
accuracy_of_silence = 0.98

# The same detector: F1?
f1_of_silence = 0.0

# It finds 95 % of falls and gives a false alarm in 1 % of other windows; 1 window in
# 1,000 is a fall. Which share of its alarms is true? (10 % off is near enough.)
true_alarms = 0.087

# Precision 1.0, recall 0.1. What is F1? (1 % off is near enough.)
f1_of_the_timid = 0.18

# Two batches: F1 1.0 on 4 windows with 1 fall, F1 0.5 on 400 windows with 30 falls.
# Is the F1 of all 404 nearest to 0.5, 0.75 or 1.0?
f1_of_both = 0.5

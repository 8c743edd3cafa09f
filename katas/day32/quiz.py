"""Day 32. Predict first: replace each ... by what you expect, then save."""

# Squeeze and excitation with ratio 4, with biases, after stages of 32 and of 48
# channels. How many parameters does the row "no SE" save?
saved_by_no_se = ...

# Five changes that change nothing. Each gets its own 95 % interval. How likely is it
# that at least one interval leaves out 0 (within 5 %)?
at_least_one = ...

# Thirteen rows, of which "threshold 0.5" trains nothing. Five folds, three seeds, and
# for each three inner networks for the threshold and one to test. How many trainings?
trainings = ...

# Seeds vary F1 by a deviation of 0.005. One row is the best of three seeds, the other
# the mean of three. By how much does the first look better (within 20 %)?
gift = ...

# F1 of two networks varies from person to person by 0.10 each; their difference by 0.02.
# How many times wider is an interval that draws people for each apart (within 10 %)?
times_wider = ...

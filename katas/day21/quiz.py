"""Day 21. Predict first: replace each ... by what you expect, then save."""

# 1,000 windows in batches of 64, 5 epochs. At which step is the last epoch logged?
last_step = ...

# Cosine from a peak of 0.01 to 0, after the warm-up. The rate halfway to the end?
halfway = ...

# A quarter of the way: has the rate lost "less than a quarter", "a quarter" or
# "more than a quarter" of the peak?
at_a_quarter = ...

# Five scalars are written, the writer is not flushed, and another process reads the
# file at once. How many does it find?
found_unflushed = ...

# A histogram of 6,144 weights: how many buckets are written to the file, by default?
buckets = ...

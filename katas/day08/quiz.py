"""Day 08. Predict first: replace each ... by what you expect, then save."""

# 1,000 windows in batches of 64: how many batches in an epoch, the short one included?
batches_of_64 = ...

# 1,000 windows in order, shuffled with a buffer of 10. What is the largest number that
# the very first element can have? (Numbers start at 0.)
first_out_of_ten = ...

# data.shuffle(1000).cache(): is the second epoch's order the same as the first's?
cached_order = ...

# The generator behind a stream may yield 1,000 windows. After take(1), how many has it
# yielded, with no prefetch: 1, 32 or 1000?
yielded = ...

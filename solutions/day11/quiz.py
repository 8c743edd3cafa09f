"""Day 11. Predict first: replace each ... by what you expect, then save."""

# A fault shows for one input in 50. A law draws 25 inputs at random. What is the chance
# that it meets the fault? (5 % off is near enough.)
chance_to_meet = 0.397

# hypothesis looks for a list of numbers from 0 to 1,000 whose sum is 100 or more. Which
# list does it show you, as the simplest one?
simplest_list = [100]

# The loss of a broken network is NaN. Does `assert not loss > 10` object to it?
nan_is_noticed = False

# A "sort" returns its input as it is. The law says: as many come out as went in, and each
# of them went in. Does this law object?
law_of_sorting_objects = False

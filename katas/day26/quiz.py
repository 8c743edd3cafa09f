"""Day 26. Predict first: replace each ... by what you expect, then save."""

# Ten strategies that are all like the baseline, each tested at p <= 0.05, nothing
# corrected. How often is at least one called better or worse? (10 % off will do.)
at_least_one = ...

# Two strategies, three seeds each; one is better with every seed. What is the least p
# that turning signs can give, tails on both sides?
least_p_of_three = ...

# A strategy's F1 has standard deviation 0.02 over seeds. How far above its mean does
# the best of 20 seeds lie, on average? (10 % off will do.)
best_of_twenty = ...

# Bootstrap intervals of "95 %" for the mean of five differences. How many of 100 hold
# the truth: about 95, about 90 or about 84?
held_by_five = ...

# Seeds move both strategies' F1 by 0.05 alike, and each by 0.01 on its own. How many
# times as wide is the interval when pairs are torn apart? (20 % off will do.)
times_as_wide = ...

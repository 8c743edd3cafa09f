"""Day 23. Predict first: replace each ... by what you expect, then save."""

# Rates are drawn evenly between 0.0001 and 0.1, not on a log scale. Which share of them
# lies under 0.001? (10 % off is near enough.)
under_a_thousandth = 0.009

# The best 5 % of all settings would be good enough. How many random trials find one of
# them with a chance of 95 %? (3 off is near enough.)
trials_for_five_percent = 59

# Successive halving of 16 settings, 256 epochs in all, 4 rounds. How many epochs did the
# last one train in the end?
epochs_of_the_last = 60

# Only the rate matters. How many rates does a 4 x 4 grid over rate and filters try, and
# how many do 16 random trials? (Two numbers.)
rates_tried = (4, 16)

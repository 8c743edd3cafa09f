"""Day 07. Predict first: replace each ... by what you expect, then save."""

# 1,000 windows in batches of 32, for 3 epochs: how many steps does the optimizer take?
steps = ...

# Batches of 4, 4 and 1 examples have the losses 1, 1 and 4. Which loss does fit report?
reported = ...

# tf.function(train_step) with an optimizer that is built, on batches of 32, 32 and 8,
# for 3 epochs. How often does its Python code run?
traces = ...

# The loss falls all the time. Against what evaluate gives for the same data right after
# epoch 1, is the history's loss of epoch 1 "higher", "lower" or the "same"?
history_against_evaluate = ...

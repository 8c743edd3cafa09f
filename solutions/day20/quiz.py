"""Day 20. Predict first: replace each ... by what you expect, then save."""

# EarlyStopping with patience 2; the validation loss is 0.9, 0.7, 0.8, 0.75, 0.6, 0.5.
# How many epochs are run?
epochs_run = 4

# The loss falls by 0.02 each epoch: 1.00, 0.98, 0.96, ... With min_delta 0.05 and
# patience 2, how many epochs are run?
too_demanding = 3

# The loss is NaN in the first epoch only, then 0.9, 0.8, 0.7, ... and falls on.
# With patience 3, how many epochs are run?
nan_at_first = 4

# A model of 1,000 weights is trained by Adam. How many numbers do the optimizer's
# variables hold, its step counter and its learning rate included?
numbers_of_adam = 2002

# model.save("run.keras"), then load_model("run.keras"). What comes back changed: "weights",
# "averages of the optimizer" or "random numbers of dropout"?
lost = "random numbers of dropout"

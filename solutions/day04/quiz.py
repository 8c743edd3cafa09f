"""Day 04. Predict first: replace each ... by what you expect, then save."""

# Labels [5], predictions [5, 1], as a Dense(1) returns them. What is the shape of
# predictions - labels? A tuple.
shape_of_difference = (5, 5)

# A new model of 10 classes gives equal logits. What is its cross-entropy? Two decimals.
untrained_loss = 2.30

# Label 1, logit -20: what is the binary cross-entropy? The nearest integer.
sure_and_wrong = 20

# Softmax is taken twice, in the last layer and in the loss, over 10 classes. What is
# the least loss that training can reach? One decimal.
least_loss_of_double_softmax = 1.5

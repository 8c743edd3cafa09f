"""Day 12. Predict first: replace each ... by what you expect, then save."""

# Ten classes, an untrained network with small logits. Its cross-entropy? (5 % off is
# near enough.)
first_loss = ...

# A loss is handed shares and told that they are logits. What is the smallest loss ten
# classes can reach? (2 % off is near enough.)
floor_of_the_loss = ...

# 130 rows in batches of 64 with drop_remainder: how many rows are judged?
rows_judged = ...

# Images and labels are shuffled apart. What accuracy can a network reach on new digits:
# "about 0.1", "about 0.5" or "about 0.9"?
accuracy_of_shuffled_labels = ...

"""Day 19. Predict first: replace each ... by what you expect, then save."""

# Four heads attend over a window of 128 steps: how many scores does one window cost?
scores = 65_536

# MultiHeadAttention(heads=4, depth=8) on 32 channels: how many parameters?
parameters = 4224

# The query of a new AttentionPooling is zero. Which share does each of 128 steps get?
first_share = 1 / 128

# The steps of the input are played backwards. What does AttentionPooling return?
# "plays backwards", "stays the same" or "changes altogether"
reversed_input = "stays the same"

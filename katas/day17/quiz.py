"""Day 17. Predict first: replace each ... by what you expect, then save."""

# 125 steps enter a stack of three stages, two blocks each. How many steps leave it?
steps_left = ...

# Ten blocks h -> h + 0.1 * h, one after another. How many times as large is the
# gradient at the input as at the output? (Within 5 % is right.)
residual_gain = ...

# The same ten without the shortcut: h -> 0.1 * h.
plain_gain = ...

# A new block, gamma of its last norm 0. After the very first gradient step, whose
# weights have moved: "all", "the last norm's" or "none"
first_to_move = ...

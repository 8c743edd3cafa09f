"""Day 14. Predict first: replace each ... by what you expect, then save."""

# Conv2D(16, 3) on 8 channels: how many parameters?
parameters = ...

# Conv2D(8, 3) on an image of 28 x 28 and one channel, "valid": how many multiply-adds?
multiply_adds = ...

# An image of twice the height and width, "same": how many times as many multiply-adds?
growth = ...

# A digit is moved two pixels to the right. By how many places has the pattern moved
# that comes out of Conv2D(8, 3) and MaxPooling2D(2)?
moved = ...

# Flatten turns [batch, 5, 5, 16] into [batch, 400]. Where in the 400 stands the first
# channel of the first pixel of the second row?
flat_place = ...

"""Day 03. Predict first: replace each ... by what you expect, then save."""

# Dense(32) on windows [batch, 128, 6]: how many parameters?
parameters = 224

# Four equal logits: what is the largest entry of their softmax?
softmax_of_equals = 0.25

# What is tf.exp(100.0) in float32? "2.7e43", "inf" or "nan"
exp_of_100 = "inf"

# Four linear layers, 400 wide, kernels of standard deviation 0.025. The input has
# standard deviation 1. Which has the output?
std_after_four_layers = 0.0625

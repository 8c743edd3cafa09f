def dropout(x, rate, seed):
    return keras.random.dropout(x, rate, seed=seed)


def spatial_dropout(x, rate, seed):
    shape = ops.shape(x)
    ones = ops.ones((shape[0], 1, shape[2]), dtype=ops.convert_to_tensor(x).dtype)
    return x * keras.random.dropout(ones, rate, seed=seed)


Dropout.drop = staticmethod(dropout)
SpatialDropout.drop = staticmethod(spatial_dropout)

def signals(x, scaler, derived=True):
    mean = np.asarray(scaler[0], "float32")
    deviation = np.asarray(scaler[1], "float32")
    scaled = layers.Normalization(axis=-1, mean=mean, variance=deviation**2)(x)
    return layers.concatenate([scaled, Derived()(x)]) if derived else scaled


def branch(x, filters, kernel_size, stride):
    x = Conv1D(filters, kernel_size, stride, 1, "same", False)(x)
    return ops.relu(BatchNorm()(x))


def stage(x, filters, kernel_size, stride, block="residual", ratio=4):
    x = convolutions(x, filters, kernel_size, stride, block)
    if ratio is not None:
        x = SqueezeExcite(ratio=ratio)(x)
    return x


def head(x, attention=True, dropout=0.5, rate=0.2):
    if attention:
        x = AttentionPooling()(x)
    else:
        x = ops.mean(x, axis=1)
    x = Dropout(dropout)(x)
    log_odds = float(np.log(rate) - np.log1p(-rate))
    logit = layers.Dense(1, bias_initializer=keras.initializers.Constant(log_odds))(x)
    return layers.Activation("sigmoid")(logit)

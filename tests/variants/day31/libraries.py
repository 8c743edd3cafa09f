from sklearn.metrics import precision_recall_curve


def train(pool, config, seed, validation=None, callbacks=()):
    keras.backend.clear_session()
    keras.utils.set_random_seed(seed)
    mean, deviation = fit_scaler(pool.signal.reshape(1, -1, 6))
    design = replace(config.design, rate=config.positive)
    model = fall_net((mean, deviation), design)
    model.compile(
        optimizer=optimizer(config),
        loss=keras.losses.BinaryCrossentropy(label_smoothing=config.smoothing),
    )
    callbacks = list(callbacks)
    if validation is not None:
        best = Best(*validation)
        callbacks += [keras.callbacks.SwapEMAWeights(swap_on_epoch=True), best]
    data = Epochs(lambda epoch: draw(pool, config, seed, epoch), batch=config.batch)
    model.fit(data, epochs=config.epochs, callbacks=callbacks, verbose=0, shuffle=False)
    if validation is not None:
        model.set_weights(best.weights)
    return model


def choose_threshold(label, score, slack=0.002):
    label, score = np.asarray(label), np.asarray(score)
    counts = np.isin(label, (0, 1))
    precision, recall, steps = precision_recall_curve(label[counts], score[counts])
    both = np.maximum(precision + recall, 1e-12)
    f1 = (2 * precision * recall / both)[:-1]
    near = np.flatnonzero(f1 >= f1.max() - slack)
    return np.mean(steps[near[[0, -1]]])

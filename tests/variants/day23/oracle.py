def sample_space(space, count, seed=0):
    rng = np.random.default_rng(seed)
    columns = {}
    for name, (kind, *values) in space.items():
        if kind == "log":
            low, high = np.log10(values)
            columns[name] = (10 ** (low + (high - low) * rng.random(count))).tolist()
        else:
            columns[name] = [values[k] for k in rng.integers(0, len(values), count)]
    return [dict(zip(columns, row)) for row in zip(*columns.values())]


def learning_rate_range_test(step, low=1e-5, high=1.0, steps=60, limit=4.0):
    rates = np.logspace(np.log10(low), np.log10(high), steps)
    losses = np.full(steps, np.nan)
    for k, rate in enumerate(rates):
        losses[k] = step(rate)
        if np.isnan(losses[k]) or losses[k] / np.nanmin(losses) > limit:
            return rates[: k + 1], losses[: k + 1]
    return rates, losses


def search(space, train, trials, folder, seed=1):
    hp = keras_tuner.HyperParameters()
    for name, what in space.items():
        if what[0] == "choice":
            hp.Choice(name, list(what[1:]))
            continue
        hp.Float(name, min_value=what[1], max_value=what[2], sampling="log")
    tuner = Search(train, hyperparameters=hp, trials=trials, folder=folder, seed=seed)
    tuner.search(verbose=0)
    return results(folder)

def run(setups, folds, seeds, count, one):
    def row(setup, seed):
        said = np.full(count, -np.inf)
        at = np.zeros(count)
        for train, test in folds:
            said[test], at[test] = one(setup, train, test, seed)
        return said >= (at if setup.threshold is None else setup.threshold)

    return {
        name: np.stack([row(setup, seed) for seed in seeds])
        for name, setup in setups.items()
    }


def paired_interval(one, other, level=0.95, draws=4000, seed=0):
    count = one.shape[1]
    rng = np.random.default_rng(seed)
    times = rng.multinomial(count, np.full(count, 1 / count), size=draws)
    gaps = 0
    for sign, held in ((1, one), (-1, other)):
        summed = np.einsum("dp,spk->dsk", times, held)
        gaps = gaps + sign * f1(summed).mean(axis=1)
    ends = np.sort(gaps)[
        [round((1 - level) / 2 * (draws - 1)), round((1 + level) / 2 * (draws - 1))]
    ]
    difference = (f1(one.sum(1)) - f1(other.sum(1))).mean()
    return difference, *ends


def table(alarms, label, subject, costs):
    first, *rest = alarms
    rows = []
    for name in (first, *rest):
        a, b = (counts(label, alarms[which], subject) for which in (name, first))
        gap, low, high = paired_interval(a, b, 1 - 0.05 / (len(rest) or 1))
        f1s = np.array([f1(seed.sum(axis=0)) for seed in a])
        rows.append(
            dict(
                setup=name,
                parameters=costs[name][0],
                latency_us=costs[name][1],
                f1=np.mean(f1s),
                seeds=np.std(f1s),
                difference=gap,
                low=low,
                high=high,
            )
        )
    return rows

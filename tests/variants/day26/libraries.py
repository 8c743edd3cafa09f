from scipy import stats


def paired_bootstrap(a, b, draws=2000, level=0.95, seed=0):
    d = np.subtract(a, b)
    if np.ptp(d) < 1e-12:  # scipy says NaN of constant data
        return d[0], d[0]
    result = stats.bootstrap(
        (d,), np.mean, n_resamples=draws, confidence_level=level, method="percentile",
        rng=np.random.default_rng(seed),
    )  # fmt: skip
    return list(result.confidence_interval)


def permutation_test(a, b, draws=2000, seed=0):
    rng = np.random.default_rng(seed)
    d = np.subtract(a, b)
    signs = 1 - 2 * rng.integers(0, 2, size=(len(d), draws))
    as_far = np.abs(d @ signs) + 1e-12 >= np.abs(d.sum())
    return np.mean(np.append(as_far, True))


def rank_strategies(validation, test, baseline):
    rivals = sorted(
        (n for n in test if n != baseline),
        key=lambda n: sum(validation[n]),
        reverse=True,
    )
    base = test[baseline]
    p = holm(np.array([permutation_test(test[n], base, 3000, seed=1) for n in rivals]))
    rows = []
    for k, name in enumerate(rivals):
        low, high = paired_bootstrap(test[name], base, seed=1)
        gain = np.mean(test[name]) - np.mean(base)
        rows.append(Row(name=name, gain=gain, low=low, high=high, p=p[k]))
    return rows

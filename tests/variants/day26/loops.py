def paired_bootstrap(a, b, draws=2000, level=0.95, seed=0):
    rng = np.random.RandomState(seed)
    n = len(a)
    means = []
    for _ in range(draws):
        rows = rng.randint(n, size=n)
        means.append((a[rows].sum() - b[rows].sum()) / n)
    tail = 100 * (1 - level) / 2
    return np.percentile(means, [tail, 100 - tail])


def permutation_test(a, b, draws=2000, seed=0):
    rng = np.random.default_rng(seed)
    observed, count = abs(np.mean(a) - np.mean(b)), 1
    for _ in range(draws):
        swap = rng.random(len(a)) < 0.5
        first, second = np.where(swap, b, a), np.where(swap, a, b)
        count += abs(first.mean() - second.mean()) >= observed - 1e-12
    return count / (draws + 1)


def holm(p):
    m = len(p)
    adjusted = {}
    least = 0.0
    for rank, (value, k) in enumerate(sorted((v, k) for k, v in enumerate(p))):
        least = max(least, min((m - rank) * value, 1.0))
        adjusted[k] = least
    return np.array([adjusted[k] for k in range(m)])


def coverage(interval, draw, truth, runs=200, seed=0):
    rng, held = np.random.default_rng(seed), 0
    for _ in range(runs):
        a, b = draw(rng)
        low, high = interval(a, b)
        held += bool(low <= truth and truth <= high)
    return held / runs

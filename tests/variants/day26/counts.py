def paired_bootstrap(a, b, draws=2000, level=0.95, seed=0):
    n = len(a)
    often = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), draws)
    means = (
        np.sort(often @ np.subtract(a, b)) / n
    )  # each pair by how often it was drawn
    place = (1 - level) / 2 * (draws - 1)
    return means[round(place)], means[round(draws - 1 - place)]


def permutation_test(a, b, draws=2000, seed=0):
    d = np.subtract(a, b)
    bits = np.random.default_rng(seed).integers(0, 2, (draws, len(d)))
    moved = np.einsum("kn,n->k", 1.0 - 2.0 * bits, d)
    far = np.isclose(abs(moved), abs(d.sum()), 0, 1e-12) | (abs(moved) > abs(d.sum()))
    return np.mean([1, *far])


def holm(p):
    p = np.asarray(p)
    before = (p[None] < p[:, None]) | (
        (p[None] == p[:, None]) & np.tri(len(p), k=-1, dtype=bool)
    )
    scaled = p * (len(p) - before.sum(axis=1))
    worst = [max([scaled[k], *scaled[before[k]]]) for k in range(len(p))]
    return np.minimum(1.0, worst)

def variants(base):
    config = base.config
    net = config.design

    def other(**fields):
        return replace(base, config=replace(config, design=replace(net, **fields)))

    stages = []
    for stage in net.stages:
        stages.append((stage[0] // 2, stage[1], stage[2]))
    still = replace(config, turn=0, scale=0, noise=0, tempo=0)
    hard = replace(config, smoothing=0)
    rows = [
        ("whole", base),
        ("no SE", other(ratio=None)),
        ("mean pooling", other(attention=False)),
        (
            "one branch",
            other(
                kernels=[net.kernels[len(net.kernels) // 2]],
                filters=sum(net.filters for _ in net.kernels),
            ),
        ),
        ("no shortcut", other(block="plain")),
        ("depthwise", other(block="depthwise")),
        ("half the filters", other(filters=net.filters // 2, stages=tuple(stages))),
        ("no augmentation", replace(base, config=still)),
        ("no smoothing", replace(base, config=hard)),
        ("focal loss", replace(base, loss="focal")),
        ("class weights", replace(base, balance="weights")),
        ("no balance", replace(base, balance="none")),
        ("threshold 0.5", replace(base, threshold=0.5)),
    ]
    return dict(rows)


def objective(setup, share):
    s = setup.config.smoothing
    power = 2.0 if setup.loss == "focal" else 0.0

    def loss(y, p):
        y = keras.ops.cast(y, "float32") * (1 - s) + s / 2
        p = keras.ops.clip(p, 1e-7, 1 - 1e-7)
        truth = y * p + (1 - y) * (1 - p)
        entropy = -y * keras.ops.log(p) - (1 - y) * keras.ops.log(1 - p)
        return keras.ops.mean((1 - truth) ** power * entropy, axis=-1)

    if setup.balance != "weights":
        return loss, None
    falls = 1 / share
    daily = 1 / (1 - share)
    return loss, {1: falls / 2, 0: daily / 2}


def run(setups, folds, seeds, count, one):
    found = {}
    for name in setups:
        rows = []
        for seed in seeds:
            row = [False] * count
            for fold in folds:
                scores, at = one(setups[name], fold[0], fold[1], seed)
                if setups[name].threshold is not None:
                    at = setups[name].threshold
                for k, score in zip(fold[1], scores, strict=True):
                    row[k] = bool(score >= at)
            rows.append(row)
        found[name] = np.array(rows)
    return found


def paired_interval(one, other, level=0.95, draws=4000, seed=0):
    rng = np.random.default_rng(seed + 31)
    everyone = np.arange(one.shape[1])

    def gap(who):
        a = [f1(run[who].sum(0)) for run in one]
        b = [f1(run[who].sum(0)) for run in other]
        return sum(a) / len(a) - sum(b) / len(b)

    found = [gap(rng.choice(everyone, len(everyone))) for _ in range(draws)]
    ends = np.percentile(found, [50 - 50 * level, 50 + 50 * level])
    return gap(everyone), ends[0], ends[1]

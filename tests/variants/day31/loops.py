@dataclass(frozen=True)
class Config(Config):
    def __post_init__(self):
        wrong = [
            name
            for name, fits in {
                "epochs": self.epochs >= 1,
                "positive": 0 < self.positive < 1,
                "batch": self.windows // self.batch > 0,
            }.items()
            if not fits
        ]
        if wrong:
            raise ValueError(f"cannot train with this {wrong[0]}")


def draw(pool, config, seed, epoch):
    rng = np.random.default_rng([seed, epoch, 30])
    falls = int(round(config.windows * config.positive))
    is_fall = np.zeros(config.windows, bool)
    is_fall[rng.choice(config.windows, falls, replace=False)] = True
    rows = np.zeros(config.windows, int)
    rows[is_fall] = some(np.where(pool.label == 1)[0], falls, rng)
    rows[~is_fall] = some(np.where(pool.label == 0)[0], config.windows - falls, rng)
    how = config.turn, config.scale, config.noise, config.tempo
    x = augment(pool.cut(rows), rng, *how)
    return x, is_fall.astype(np.float32).reshape(-1, 1)


def choose_threshold(label, score, slack=0.002):
    known = label != -1
    label, score = label[known], score[known]
    f1 = {}
    for t in np.unique(score):
        alarm = score >= t
        true = np.sum(alarm & (label == 1))
        precision, recall = true / np.sum(alarm), true / np.sum(label == 1)
        f1[t] = 2 * precision * recall / (precision + recall) if true else 0.0
    best = max(f1.values())
    near = [t for t in f1 if f1[t] >= best - slack]
    return min(near) + (max(near) - min(near)) / 2


def report(runs, subjects, figures):
    whole = [figures(run, np.arange(len(subjects))) for run in runs]
    names = list(whole[0])
    people = {}
    for person in sorted(set(subjects)):
        rows = np.array([k for k, who in enumerate(subjects) if who == person])
        each = [figures(run, rows) for run in runs]
        people[person] = {
            n: average([one[n] for one in each], np.nanmean) for n in names
        }
    said = {name: average([one[name] for one in whole], np.nanmean) for name in names}
    said["subjects"] = people
    said["spread"] = {}
    for name in names:
        said["spread"][name] = {
            "seeds": average([one[name] for one in whole], np.nanstd),
            "subjects": average([one[name] for one in people.values()], np.nanstd),
        }
    return said

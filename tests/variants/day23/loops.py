import random


def sample_space(space, count, seed=0):
    rng = random.Random(seed)
    found = []
    for _ in range(count):
        setting = {}
        for name, what in space.items():
            if what[0] == "log":
                setting[name] = what[1] * (what[2] / what[1]) ** rng.random()
            else:
                setting[name] = rng.choice(what[1:])
        found.append(setting)
    return found


def learning_rate_range_test(step, low=1e-5, high=1.0, steps=60, limit=4.0):
    factor = (high / low) ** (1 / (steps - 1))
    rates, losses, least = [], [], float("inf")
    for k in range(steps):
        rates.append(low * factor**k)
        losses.append(step(rates[-1]))
        least = min(least, losses[-1])
        if np.isnan(losses[-1]) or losses[-1] > limit * least:
            break
    return np.array(rates), losses


class Journal:
    def __init__(self, file):
        self.file = Path(file)
        text = self.file.read_text("utf-8") if self.file.exists() else "{}"
        self.known = json.loads(text)

    def write(self):
        write_atomic(self.file, json.dumps(self.known))

    def once(self, key, run):
        if self.known.get(key) is not None:
            return self.known[key]
        self.known[key] = float(run())
        self.write()
        return self.known[key]


def successive_halving(count, train, judge, budget, journal):
    alive = np.arange(count)
    turns = int(np.log2(count))
    for turn in range(turns):
        share = (budget // turns) // len(alive)
        scores = [
            journal.once(f"round {turn}, trial {k}", lambda k=k: train(int(k), share))
            for k in alive
        ]
        alive = alive[np.argsort(scores)[::-1][: len(alive) // 2]]
    winner = int(alive[0])
    return winner, judge(winner)

from scipy.special import log_softmax
from sklearn.metrics import f1_score


@given(st.integers(2, 6), st.integers(2, 6), seeds())
def test_equal_logits_cost_ln_k(rows, classes, seed):
    random = np.random.default_rng(seed)
    logits = random.normal(0, 500, (rows, classes))
    truth = random.integers(classes, size=rows)
    wanted = -log_softmax(logits, axis=1)[range(rows), truth].mean()
    close(cross_entropy(logits, truth), wanted, "As SciPy has it.", 1e-9, 1e-9)


@given(logits=LOGITS, truth=labels(4, 3), constant=st.integers(900, 2000))
def test_a_constant_on_all_logits_changes_nothing(logits, truth, constant):
    gap = cross_entropy(logits + constant, truth) - cross_entropy(logits, truth)
    assert abs(gap) < 1e-2


@given(logits=LOGITS)
def test_more_at_the_label_costs_less(logits):
    costs = [cross_entropy(logits[:1], [k]) for k in range(4)]
    assert np.all(np.diff(np.array(costs)[np.argsort(logits[0])]) <= 1e-6)
    assert np.isclose(np.sum(np.exp(-np.array(costs))), 1)


@given(data=judged())
def test_f1_agrees_with_counts_in_a_loop(data):
    truth, alarms = data
    wanted = f1_score(truth, np.ravel(alarms), zero_division=0)
    assert abs(f1(truth, alarms) - wanted) < 1e-9


@given(count=st.integers(1, 20), size=SIZES)
def test_each_row_comes_once_with_its_label(count, size):
    seen = {}
    for xs, ys in batches(*numbered(count), size, seed=5):
        assert len(xs) <= size
        for x, y in zip(xs, ys):
            assert y not in seen
            seen[y] = tuple(x)
    assert seen == {k: (10 * k, 10 * k + 1) for k in range(count)}


def test_the_seed_decides_the_order():
    orders = {seed: [tuple(order(60, seed)) for _ in range(2)] for seed in range(5)}
    assert all(a == b for a, b in orders.values())
    assert len({a for a, _ in orders.values()}) == 5


def test_a_law_of_my_own():
    x, y = numbered(30)
    assert sum(len(ys) for _, ys in batches(x, y, 7, 1)) == 30

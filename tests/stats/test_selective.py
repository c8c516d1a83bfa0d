"""A promise on the errors of what is decided alone: by simulation, by hand, and against MAPIE."""

import numpy as np
import pytest
from scipy import stats

from interpretable.errors import BrokenPromise
from interpretable.stats import selective
from interpretable.stats.intervals import clopper_pearson

STEPS = np.arange(1, 100) / 100


def expit(x):
    return 1 / (1 + np.exp(-x))


def draw(rng, spread, shape):
    """Confidence and errors of a calibrated binary model: log-odds normal with this spread."""
    p = expit(spread * rng.standard_normal(shape))
    confidence = np.maximum(p, 1 - p)
    return confidence, rng.random(shape) > confidence


class Truth:
    """The true error and coverage of any threshold on the confidence."""

    def __init__(self, spread, size=400_000):
        # Errors at their expectation: the normal's quantiles stand for all cases.
        z = stats.norm.ppf((np.arange(size) + 0.5) / size)
        self.confidence = np.sort(np.maximum(expit(spread * z), expit(-spread * z)))[::-1]
        self.risk = np.cumsum(1 - self.confidence) / np.arange(1, size + 1)

    def of(self, threshold):
        decided = np.searchsorted(-self.confidence, -threshold, side="right")
        return decided / len(self.confidence), self.risk[decided - 1] if decided else 0.0


def thresholds_of(confidence):
    return np.unique(np.append(np.quantile(confidence, 1 - STEPS), 0.0))[::-1]


def simulate(spread, n, alpha, delta, *, repeats=500, seed=1):
    """Violation rate and mean coverage of the fixed sequence, and violation rate of naive thresholds."""
    rng, truth = np.random.default_rng(seed), Truth(spread)
    known = draw(rng, spread, (repeats, 3 * n))
    proof = draw(rng, spread, (repeats, n))
    ours, naive = [], []
    for k in range(repeats):
        thresholds = thresholds_of(known[0][k])
        before = selective.path_of_thresholds(known[0][k], known[1][k], thresholds)
        start = selective.best_start(before, 1 / 3, alpha)
        path = selective.path_of_thresholds(proof[0][k], proof[1][k], thresholds)
        rule = selective.certify(path, alpha, delta, (start,)).rule
        ours.append((0.0, 0.0) if rule is None else truth.of(thresholds[rule]))
        order = np.argsort(-proof[0][k])
        kept = np.flatnonzero(np.cumsum(proof[1][k][order]) / np.arange(1, n + 1) <= alpha)
        naive.append(truth.of(proof[0][k][order][kept[-1]])[1] if len(kept) else 0.0)
    coverage, risk = np.array(ours).T
    return (risk > alpha).sum(), coverage.mean(), (np.array(naive) > alpha).mean()


@pytest.mark.parametrize(
    ("spread", "base", "n", "alpha", "least"),
    [(3.06, 0.16, 200, 0.10, 0.35), (3.06, 0.16, 500, 0.10, 0.58), (3.06, 0.16, 2000, 0.10, 0.74),
     (3.06, 0.16, 2000, 0.05, 0.44), (5.0, 0.105, 500, 0.05, 0.66)],
)  # fmt: skip
def test_the_promise_is_kept_and_costs_no_more_than_it_must(spread, base, n, alpha, least):
    violations, coverage, naive = simulate(spread, n, alpha, 0.1)
    assert Truth(spread).risk[-1] == pytest.approx(base, abs=0.003)
    # More would be seen in under 1 of 100 simulations if the chance of a violation were 10 %.
    assert violations <= stats.binom.ppf(0.99, 500, 0.1)
    assert naive > 0.3
    assert coverage >= 0.9 * least


def test_an_overconfident_start_costs_coverage_and_never_the_promise():
    """The rows that order the path may lie: here their errors are half of those to come."""
    rng, truth, broken = np.random.default_rng(5), Truth(3.06), 0
    for _ in range(300):
        known, wrong = draw(rng, 3.06, 1500)
        thresholds = thresholds_of(known)
        before = selective.path_of_thresholds(known, wrong & (rng.random(1500) < 0.5), thresholds)
        start = selective.best_start(before, 1 / 3, 0.1)
        path = selective.path_of_thresholds(*draw(rng, 3.06, 500), thresholds)
        rule = selective.certify(path, 0.1, 0.1, (start,)).rule
        broken += rule is not None and truth.of(thresholds[rule])[1] > 0.1
    assert broken <= stats.binom.ppf(0.99, 300, 0.1)


def test_p_values_are_exact_binomial_tails():
    path = selective.Path(np.array([0, 10, 45, 200]), np.array([0, 1, 0, 13]))
    expected = [1.0] + [
        stats.binomtest(int(w), int(n), 0.05, alternative="less").pvalue
        for n, w in zip(path.decided[1:], path.wrong[1:], strict=True)
    ]
    assert selective.p_values(path, 0.05) == pytest.approx(expected, abs=1e-12)


def test_the_walk_stops_at_the_first_failure_and_starts_share_delta():
    p = np.array([0.2, 0.04, 0.03, 0.06, 0.04, 0.2])
    assert selective.fixed_sequence(p, 0.1).tolist() == [False] * 6
    assert np.flatnonzero(selective.fixed_sequence(p, 0.1, (1,))).tolist() == [1, 2, 3, 4]
    assert np.flatnonzero(selective.fixed_sequence(p, 0.1, (1, 4))).tolist() == [1, 2, 4]
    assert selective.fixed_sequence(np.full(3, 0.01), 0.1, (1,)).tolist() == [False, True, True]


def test_a_path_counts_ties_together_and_rules_may_give_other_answers():
    confidence, wrong = np.array([0.9, 0.7, 0.7, 0.7, 0.2]), np.array([0, 1, 0, 1, 0], dtype=bool)
    thresholds = np.array([0.9, 0.7, 0.0])
    path = selective.path_of_thresholds(confidence, wrong, thresholds)
    assert path.decided.tolist() == [1, 4, 5] and path.wrong.tolist() == [0, 2, 2]
    decided = confidence[:, None] >= thresholds
    same = selective.path_of_rules(decided, np.repeat(wrong[:, None], 3, axis=1))
    assert same.decided.tolist() == path.decided.tolist() and same.wrong.tolist() == path.wrong.tolist()
    chained = selective.path_of_rules(decided, np.column_stack([wrong, wrong, ~wrong]))
    assert chained.wrong.tolist() == [0, 2, 3]  # the last rule hands every row to another model
    with pytest.raises(BrokenPromise, match="nested"):
        selective.path_of_rules(decided[:, ::-1], np.repeat(wrong[:, None], 3, axis=1))
    with pytest.raises(BrokenPromise, match="fall"):
        selective.path_of_thresholds(confidence, wrong, thresholds[::-1])


@pytest.mark.parametrize(
    ("alpha", "delta"), [(0.01, 0.1), (0.02, 0.05), (0.05, 0.1), (0.1, 0.1), (0.5, 0.25)]
)
def test_rows_needed_is_the_smallest_number_that_can_pass(alpha, delta):
    n = selective.rows_needed(alpha, delta)
    path = selective.Path(np.array([n - 1, n]), np.zeros(2, dtype=int))
    before, after = selective.p_values(path, alpha)
    assert before > delta >= after - 1e-12


def test_not_even_a_perfect_confidence_can_leave_less_than_the_bound():
    rng = np.random.default_rng(2)
    wrong = rng.random(10_000) < 0.16
    order = np.argsort(wrong, kind="stable")  # knows every error
    risk = np.cumsum(wrong[order]) / np.arange(1, 10_001)
    left = 1 - (np.flatnonzero(risk <= 0.10)[-1] + 1) / 10_000
    assert left == pytest.approx(selective.least_left(wrong.mean(), 0.10), abs=2e-4)
    assert selective.least_left(0.04, 0.05) == 0.0


def test_exact_intervals_agree_with_scipy():
    hits, n = np.array([0, 3, 17, 40, 0]), np.array([12, 40, 17, 41, 0])
    low, high = clopper_pearson(hits, n)
    for place, (k, m) in enumerate(zip(hits[:4], n[:4], strict=True)):
        expected = stats.binomtest(int(k), int(m)).proportion_ci(method="exact")
        assert (low[place], high[place]) == pytest.approx((expected.low, expected.high), abs=1e-10)
    assert (low[4], high[4]) == (0.0, 1.0)


@pytest.mark.parametrize("starts", [1, 4])
def test_mapie_gives_the_same_p_values_and_passes_the_same_thresholds(starts):
    """Its controller for the risk "wrong among the decided", and its fixed-sequence testing."""
    from mapie.risk_control import BinaryRisk, MultiClassificationLTTController
    from mapie.risk_control.fwer_control import FWERFixedSequenceTesting, control_fwer

    rng = np.random.default_rng(11)
    logits = 2.5 * rng.standard_normal((600, 3))
    chances = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    y = (rng.random(600)[:, None] > chances.cumsum(axis=1)).sum(axis=1)
    thresholds = np.round(np.linspace(0.99, 0.3, 24), 6)
    error = BinaryRisk(
        lambda true, said: true != said, lambda true, said: ~np.isnan(said), higher_is_better=False
    )
    # Bonferroni: its fixed sequence inside the controller warns wherever the observed risk is not monotone.
    controller = MultiClassificationLTTController(
        predict_function=lambda rows: chances[rows.astype(int).ravel()], risks=[error], target_level=[0.1],
        confidence_level=0.9, list_predict_params=thresholds, fwer_method="bonferroni",
    )  # fmt: skip
    controller.calibrate(np.arange(600).reshape(-1, 1), y)
    wrong = chances.argmax(axis=1) != y
    path = selective.path_of_thresholds(chances.max(axis=1), wrong, thresholds)
    p = selective.p_values(path, 0.1)
    # Theirs rounds n x (errors / n) up, which in floating point can count one error more.
    more = selective.p_values(selective.Path(path.decided, path.wrong + 1), 0.1)
    seen = np.ravel(controller.p_values)
    same, rounded = np.isclose(seen, p, atol=1e-9), np.isclose(seen, more, atol=1e-9)
    assert np.all(same | rounded) and same.sum() >= 20
    theirs = control_fwer(p, 0.1, FWERFixedSequenceTesting(n_starts=starts))
    found = selective.certify(path, 0.1, 0.1, tuple(k * (24 // starts) for k in range(starts)))
    assert np.flatnonzero(found.passed).tolist() == np.sort(theirs).tolist()
    assert found.passed.any() and not found.passed.all()

"""Two groups side by side, against statsmodels and by exact coverage."""

import doctest
import math

import numpy as np
import pytest
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, test_proportions_2indep

from interpretable.stats import permutation, ridge, two_groups

test_proportions_2indep.__test__ = False  # a function of statsmodels, not a test


def counts(repeats=60, *, inside=False):
    """Hits and rows of two groups; `inside`: neither none nor all."""
    random, least = np.random.default_rng(0), 1 if inside else 0
    for _ in range(repeats):
        n, m = (int(k) for k in random.integers(5, 300, 2))
        yield int(random.integers(least, n + 1 - least)), n, int(random.integers(least, m + 1 - least)), m


def test_newcombes_interval_is_that_of_statsmodels():
    for given in counts():
        theirs = confint_proportions_2indep(*given, method="newcomb", compare="diff")
        assert two_groups.share_difference(*given) == pytest.approx(theirs, abs=1e-8)


def test_katz_interval_is_that_of_statsmodels():
    for given in counts(inside=True):
        theirs = confint_proportions_2indep(*given, method="log", compare="ratio", correction=False)
        assert two_groups.ratio_log(*given) == pytest.approx(theirs, rel=1e-8)


def test_koopmans_interval_is_that_of_statsmodels():
    for given in counts(30, inside=True):
        theirs = confint_proportions_2indep(*given, method="score", compare="ratio", correction=False)
        assert two_groups.ratio_score(*given) == pytest.approx(theirs, rel=1e-8)


def test_the_score_test_is_that_of_statsmodels():
    for given in counts(inside=True):
        theirs = test_proportions_2indep(*given, method="score", compare="diff", correction=False)
        assert two_groups.share_p(*given) == pytest.approx(theirs.pvalue, abs=1e-8)


def test_holms_p_values_are_those_of_statsmodels():
    p = np.random.default_rng(1).random(23) ** 3
    assert permutation.holm(p) == pytest.approx(multipletests(p, method="holm")[1], abs=1e-12)
    assert permutation.holm(np.zeros(0)).shape == (0,)


def test_where_nobody_is_selected_the_ratio_is_open_on_that_side():
    assert two_groups.ratio_score(0, 50, 5, 50)[0] == 0.0
    assert two_groups.ratio_score(5, 50, 0, 50)[1] == math.inf
    assert two_groups.ratio_score(0, 50, 0, 50) == (0.0, math.inf)
    low, high = two_groups.ratio_score(50, 50, 50, 50)
    assert low < 1.0 < high


def probabilities(n, share):
    ways = [math.comb(n, k) for k in range(n + 1)]
    return np.array([w * share**k * (1 - share) ** (n - k) for k, w in enumerate(ways)])


@pytest.mark.parametrize("name", ["share_difference", "ratio_score"])
def test_with_50_rows_per_group_the_intervals_hold_the_truth_95_times_in_100(name):
    """Counted exactly over all pairs of counts, not simulated."""
    interval, n = getattr(two_groups, name), 50
    edges = np.array([[interval(i, n, j, n) for j in range(n + 1)] for i in range(n + 1)])
    for a, b in ((0.1, 0.1), (0.1, 0.3), (0.3, 0.5), (0.5, 0.5), (0.8, 0.5)):
        truth = a - b if name == "share_difference" else a / b
        weight = np.outer(probabilities(n, a), probabilities(n, b))
        held = float((weight * ((edges[..., 0] <= truth) & (truth <= edges[..., 1]))).sum())
        assert 0.93 <= held <= 0.97, (a, b, held)


def test_a_ratio_of_sums_by_person_counts_each_person_once():
    random = np.random.default_rng(2)
    above, below = random.random(40), 1.0 + random.random(40)
    value, error = two_groups.ratio_of_sums(above, below)
    twice = np.repeat(np.arange(40), 2)
    again, same = two_groups.ratio_of_sums(np.repeat(above, 2), np.repeat(below, 2), twice)
    assert (again, same) == pytest.approx((value, error), rel=1e-12)
    naive = two_groups.ratio_of_sums(np.repeat(above, 2), np.repeat(below, 2))[1]
    assert naive < 0.75 * error


def test_drawing_in_keeps_the_middle_and_moves_uncertain_figures_most():
    values, errors = np.array([-0.3, 0.0, 0.02, 0.3]), np.array([0.05, 0.05, 0.05, 0.4])
    drawn = two_groups.shrunk(values, errors)
    assert abs(drawn[3]) < 0.5 * abs(values[3])
    assert abs(drawn[0]) > 0.5 * abs(values[0])
    alike = two_groups.shrunk(np.array([0.01, -0.01, 0.0]), np.full(3, 0.1))
    assert np.ptp(alike) < 1e-12
    assert two_groups.shrunk(values[:2], errors[:2]).tolist() == values[:2].tolist()


def test_drawn_in_figures_are_nearer_to_the_truth_than_raw_ones():
    random = np.random.default_rng(3)
    raw = drawn = 0.0
    for _ in range(200):
        truth = random.normal(0, 0.05, 8)
        seen = truth + random.normal(0, 0.1, 8)
        raw += float(((seen - truth) ** 2).sum())
        drawn += float(((two_groups.shrunk(seen, np.full(8, 0.1)) - truth) ** 2).sum())
    assert drawn < 0.6 * raw


def test_ridge_out_of_fold_is_that_of_scikit_learn():
    from sklearn.linear_model import Ridge

    random = np.random.default_rng(4)
    x, folds = random.normal(size=(60, 4)), np.arange(60) % 3
    y = x @ np.array([[1.0, 0.0], [0.0, 2.0], [1.0, 1.0], [0.0, 0.0]]) + random.normal(size=(60, 2))
    theirs = np.zeros_like(y)
    for fold in range(3):
        model = Ridge(alpha=1.0).fit(x[folds != fold], y[folds != fold])
        theirs[folds == fold] = model.predict(x[folds == fold])
    assert ridge.out_of_fold(x, y, folds) == pytest.approx(theirs, abs=1e-8)


def test_the_examples_of_the_module_are_right():
    assert doctest.testmod(two_groups).failed == 0

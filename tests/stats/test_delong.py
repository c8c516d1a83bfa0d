"""DeLong from its definition, pair by pair, and the intervals of an AUROC."""

import numpy as np
import pytest
from scipy import stats as scipy_stats

from interpretable.stats import delong, metrics
from interpretable.stats.bootstrap import distribution, weighted_auroc


def brute_components(y, p):
    """Structural components V10 and V01 of DeLong et al. (1988) by comparing every pair."""
    wins = (p[y == 1][:, None] > p[y == 0]) + 0.5 * (p[y == 1][:, None] == p[y == 0])
    return wins.mean(axis=1), wins.mean(axis=0)


def brute_covariance(y, a, b):
    (a10, a01), (b10, b01) = brute_components(y, a), brute_components(y, b)
    return np.cov(a10, b10) / len(a10) + np.cov(a01, b01) / len(a01)


def make_pair(n=120, *, seed=0, decimals=8):
    rng = np.random.default_rng(seed)
    y = (rng.random(n) < 0.35).astype(int)
    base = y * 0.9 + rng.normal(size=n)
    return y, np.round(base, decimals), np.round(base + rng.normal(size=n), decimals)


@pytest.mark.parametrize("decimals", [8, 0])
def test_variance_and_paired_test_agree_with_the_definition(decimals):
    y, a, b = make_pair(decimals=decimals)
    covariance = brute_covariance(y, a, b)
    assert delong.variance(y, a) == pytest.approx(covariance[0, 0], abs=1e-14)
    first = metrics.auroc(y, a), delong.contributions(y, a)
    second = metrics.auroc(y, b), delong.contributions(y, b)
    difference, error, p = delong.paired(*first, *second)
    expected = np.sqrt(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1])
    assert error == pytest.approx(expected, abs=1e-14)
    assert p == pytest.approx(2 * scipy_stats.norm.sf(abs(difference) / expected), abs=1e-12)


def test_contributions_of_two_classes_give_the_binary_variance():
    y, a, _ = make_pair()
    p = metrics.expit(a)
    both = delong.macro_contributions(y, np.column_stack([1 - p, p]))
    assert (both**2).sum() == pytest.approx(delong.variance(y, a), abs=1e-14)


def test_macro_variance_agrees_with_the_bootstrap():
    rng = np.random.default_rng(5)
    p = rng.dirichlet(np.ones(3), 400)
    y = np.array([rng.choice(3, p=row) for row in p])
    each = [weighted_auroc(y == k, p[:, k]) for k in range(3)]
    draws = distribution(lambda w: np.mean([f(w) for f in each], axis=0), 400, resamples=3000, seed=0)
    error = np.sqrt((delong.macro_contributions(y, p) ** 2).sum())
    assert error == pytest.approx(draws.std(), rel=0.05)


def test_models_that_agree_on_every_row_cannot_differ():
    y, a, _ = make_pair()
    known = metrics.auroc(y, a), delong.contributions(y, a)
    assert delong.paired(*known, *known) == (0.0, 0.0, 1.0)


def test_two_areas_without_any_spread_have_no_p_value():
    y = np.array([0, 0, 1, 1])
    perfect, flat = np.array([1.0, 2, 3, 4]), np.ones(4)
    known = [(metrics.auroc(y, s), delong.contributions(y, s)) for s in (perfect, flat)]
    difference, error, p = delong.paired(*known[0], *known[1])
    assert (difference, error) == (0.5, 0.0)
    assert np.isnan(p)


@pytest.mark.parametrize(("area", "events", "others"), [(1.0, 5, 20), (0.0, 5, 20), (0.5, 1, 1), (0.8, 1, 9)])
def test_newcombe_interval_holds_the_area_and_stays_on_the_scale(area, events, others):
    low, high = delong.newcombe_interval(area, events, others)
    assert 0.0 <= low <= area <= high <= 1.0
    assert high - low > 0.05


def test_logit_interval_agrees_with_the_delta_method():
    low, high = delong.logit_interval(0.9, 0.03)
    edges = scipy_stats.norm(np.log(9), 0.03 / 0.09).interval(0.95)
    assert (low, high) == pytest.approx(metrics.expit(np.array(edges)), abs=1e-12)

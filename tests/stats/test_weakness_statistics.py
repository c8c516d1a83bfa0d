"""Slices, shuffling, PSI and the two-sample classifier against scipy, statsmodels and scikit-learn."""

import numpy as np
import pytest
from scipy import stats as oracle
from sklearn.linear_model import Ridge
from sklearn.metrics import roc_auc_score
from statsmodels.stats.multitest import multipletests

from interpretable.stats import permutation, psi, slices, two_sample

EXACT = {"rel": 1e-8, "abs": 1e-8}


def rng(seed=0):
    return np.random.default_rng(seed)


def make_members(n=300, *, seed=0):
    """Three features of two conditions each, and the feature of each condition."""
    random = rng(seed)
    first = random.random((n, 3)) < 0.4
    return np.hstack([first, ~first]).astype(float), np.array([0, 1, 2, 0, 1, 2])


def test_studentised_differences_of_all_slices_are_welchs_t():
    members, owner = make_members()
    values = rng(1).gamma(1.0, 1.0, 300)
    pairs = slices.make_pairs(members, owner, floor=10, paired=np.ones(6, dtype=bool))
    t = slices.studentised(pairs, values)
    compared = 0
    for i, j in np.argwhere(pairs.valid):
        inside = (members[:, i] * members[:, j]) > 0
        expected = oracle.ttest_ind(values[inside], values[~inside], equal_var=False).statistic
        assert t[i, j] == pytest.approx(expected, **EXACT)
        compared += 1
    assert compared == 6 + 12
    assert (t[~pairs.valid] == -np.inf).all()


def test_two_conditions_of_one_feature_and_small_slices_are_not_looked_at():
    members, owner = make_members(60)
    pairs = slices.make_pairs(members, owner, floor=20, paired=np.ones(6, dtype=bool))
    for i, j in np.argwhere(pairs.valid):
        assert i == j or owner[i] != owner[j]
        assert pairs.counts[i, j] >= 20
    alone = slices.make_pairs(members, owner, floor=1, paired=np.zeros(6, dtype=bool))
    assert (np.argwhere(alone.valid)[:, 0] == np.argwhere(alone.valid)[:, 1]).all()


def test_a_pair_that_is_one_of_its_two_conditions_again_is_left_out():
    members = np.array([[1, 1], [1, 1], [0, 1], [0, 0]], dtype=float).repeat(10, axis=0)
    pairs = slices.make_pairs(members, np.array([0, 1]), floor=5, paired=np.ones(2, dtype=bool))
    assert not pairs.valid[0, 1] and pairs.valid[0, 0]


def test_values_without_spread_stand_out_nowhere():
    members, owner = make_members()
    pairs = slices.make_pairs(members, owner, floor=10, paired=np.ones(6, dtype=bool))
    assert (slices.studentised(pairs, np.full(300, 0.7)) == -np.inf).all()
    assert (slices.largest_p(pairs, np.full(300, 0.7), resamples=9, seed=0) == 1.0).all()


def test_the_p_of_the_largest_keeps_its_level_over_all_slices_searched():
    smallest = []
    for seed in range(120):
        members, owner = make_members(150, seed=seed)
        pairs = slices.make_pairs(members, owner, floor=10, paired=np.ones(6, dtype=bool))
        smallest.append(
            slices.largest_p(pairs, rng(1000 + seed).gamma(0.5, 1.0, 150), resamples=39, seed=seed).min()
        )
    hits = int((np.array(smallest) <= 0.05).sum())
    assert oracle.binomtest(hits, 120, 0.05).pvalue > 0.005


def test_holm_is_that_of_statsmodels():
    p = rng().random(12) ** 3
    assert permutation.holm(p) == pytest.approx(multipletests(p, method="holm")[1], **EXACT)
    assert len(permutation.holm(np.zeros(0))) == 0


def test_welchs_difference_and_interval_are_those_of_scipy():
    a, b = rng(1).normal(1.0, 2.0, 17), rng(2).normal(0.0, 1.0, 40)
    found = oracle.ttest_ind(a, b, equal_var=False)
    gap, error, freedom = permutation.welch(a, b)
    assert (gap / error, freedom) == pytest.approx((found.statistic, found.df), **EXACT)
    low, high = found.confidence_interval(0.95)
    assert permutation.welch_interval(a, b) == pytest.approx((low, high), **EXACT)
    assert permutation.welch(np.ones(3), np.zeros(4)) == (1.0, 0.0, 5.0)


def test_the_shuffled_p_agrees_with_scipys_and_with_students_for_normal_values():
    values = rng(3).normal(0.0, 1.0, 60)
    mask = np.arange(60) < 20
    values[mask] += 0.4
    found = permutation.higher_inside(values, mask[:, None], resamples=4000, seed=0)[0]

    def statistic(x, y):
        return oracle.ttest_ind(x, y, equal_var=False).statistic

    told = oracle.permutation_test(
        (values[mask], values[~mask]), statistic, n_resamples=400, alternative="greater", rng=rng(4)
    )
    student = oracle.ttest_ind(values[mask], values[~mask], equal_var=False, alternative="greater").pvalue
    assert found == pytest.approx(told.pvalue, abs=0.05)
    assert found == pytest.approx(student, abs=0.015)


def test_several_subsets_get_the_p_each_would_get_alone():
    values, masks = rng(5).gamma(1.0, 1.0, 80), rng(6).random((80, 3)) < 0.3
    together = permutation.higher_inside(values, masks, resamples=500, seed=1)
    alone = [permutation.higher_inside(values, masks[:, [k]], resamples=500, seed=1)[0] for k in range(3)]
    assert together == pytest.approx(alone, **EXACT)


def test_the_shuffled_p_of_several_groups_agrees_with_the_analysis_of_variance():
    values, group = rng(7).normal(0.0, 1.0, 120), np.arange(120) % 4
    values[group == 2] += 0.5
    found = permutation.between_groups(values, group, resamples=4000, seed=0)
    expected = oracle.f_oneway(*(values[group == k] for k in range(4))).pvalue
    assert found == pytest.approx(expected, abs=0.015)


def test_psi_is_the_symmetrised_divergence_of_scipy():
    a, b = np.array([120, 30, 0, 50]), np.array([40, 40, 5, 3])
    p, q = (a + 0.5) / (a + 0.5).sum(), (b + 0.5) / (b + 0.5).sum()
    expected = oracle.entropy(p, q) + oracle.entropy(q, p)
    assert psi.psi(a, b) == pytest.approx(expected, **EXACT)
    assert psi.psi(np.array([5, 0, 5]), np.array([5, 0, 5])) == pytest.approx(0.0, abs=1e-12)


def test_floor_and_p_of_psi_are_those_of_the_chi_square():
    size = 1 / 400 + 1 / 150
    assert psi.floor(400, 150, 10) == pytest.approx(size * oracle.chi2.ppf(0.95, 9), **EXACT)
    assert psi.p_value(0.08, 400, 150, 10) == pytest.approx(oracle.chi2.sf(0.08 / size, 9), **EXACT)
    assert psi.floor(400, 150, 1) == 0.0 and psi.p_value(0.0, 400, 150, 1) == 1.0


@pytest.mark.parametrize(("n", "m"), [(2000, 500), (400, 150)])
def test_without_drift_psi_passes_its_floor_about_once_in_twenty(n, m):
    random, hits = rng(8), 0
    for _ in range(400):
        a, b = random.normal(size=n), random.normal(size=m)
        cuts = np.quantile(a, np.arange(1, 10) / 10)
        counts = [np.bincount(np.searchsorted(cuts, v), minlength=10) for v in (a, b)]
        hits += psi.psi(*counts) > psi.floor(n, m, 10)
    assert 0.02 <= hits / 400 <= 0.09


def make_hot(n=300, *, seed=0):
    codes = rng(seed).integers(0, 4, (n, 3))
    return np.hstack([np.eye(4)[codes[:, j]][:, 1:] for j in range(3)]), np.repeat([0, 1, 2], 3), codes


def test_the_two_sample_classifier_is_a_ridge_regression_of_scikit_learn():
    hot, _, _ = make_hot()
    label = rng(1).integers(0, 2, 300)
    weights, _, _ = two_sample.solve(hot, label[:, None].astype(float))
    expected = Ridge(alpha=two_sample.RIDGE).fit(hot, label).coef_
    assert weights[:, 0] == pytest.approx(expected, **EXACT)


def test_its_area_is_the_mean_over_folds_of_areas_by_scikit_learn():
    hot, block, codes = make_hot()
    label = (rng(2).random(300) < 0.3 + 0.1 * codes[:, 0]).astype(np.int64)
    folds = two_sample._folds(label, rng(9))
    scores = two_sample._cross_fitted(hot, label[:, None].astype(float), folds)[:, 0]
    areas = []
    for k in range(two_sample.FOLDS):
        model = Ridge(alpha=two_sample.RIDGE).fit(hot[folds != k], label[folds != k])
        areas.append(roc_auc_score(label[folds == k], np.round(model.predict(hot[folds == k]), 12)))
    found = two_sample._areas(label[:, None], scores[:, None])  # over all folds at once
    assert found[0] == pytest.approx(roc_auc_score(label, np.round(scores, 12)), **EXACT)
    told = two_sample.tell_apart(hot, label, block, resamples=9, seed=9)
    assert told.area == pytest.approx(np.mean(areas), **EXACT)
    assert np.argmax(told.blocks) == 0 and told.blocks.sum() == pytest.approx(1.0)


def test_without_drift_the_p_of_the_classifier_is_about_uniform_and_with_drift_it_is_small():
    p = []
    for seed in range(100):
        hot, block, _ = make_hot(160, seed=seed)
        label = (np.arange(160) < 50).astype(np.int64)
        p.append(two_sample.tell_apart(hot, label, block, resamples=39, seed=seed).p_value)
    assert oracle.kstest(np.array(p) - 1 / 80, "uniform").pvalue > 0.005
    hot, block, codes = make_hot()
    label = (rng(3).random(300) < np.where(codes[:, 1] == 2, 0.9, 0.3)).astype(np.int64)
    found = two_sample.tell_apart(hot, label, block, resamples=99, seed=0)
    assert found.p_value == 0.01 and np.argmax(found.blocks) == 1

"""Resampling against scipy, statsmodels, scikit-learn and published worked examples."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import integrate
from scipy import stats as scipy_stats
from sklearn.datasets import make_moons
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.model_selection import RepeatedStratifiedKFold, cross_val_score
from sklearn.svm import SVC

from interpretable.stats import (
    bca,
    bootstrap,
    calibration,
    clustered,
    delong,
    intervals,
    metrics,
    repeated,
    sample_size,
)


def make_rows(n=240, *, seed=0, persons=60):
    """Scores with ties, outcomes, and which person a row is of."""
    rng = np.random.default_rng(seed)
    groups = clustered.codes(rng.integers(0, persons, n))
    score = np.round(rng.normal(size=n) + 0.8 * rng.normal(size=groups.max() + 1)[groups], 1)
    return (rng.random(n) < metrics.expit(score - 0.3)).astype(int), metrics.expit(score), groups


def test_rank_metrics_of_resamples_agree_with_sklearn_ties_included():
    y, p, _ = make_rows()
    w = next(bootstrap.weights(len(y), resamples=20, seed=3))
    found = bootstrap.weighted_ranks(y, p)(w)
    for row, (area, precision) in zip(w, found, strict=True):
        assert area == pytest.approx(roc_auc_score(y, p, sample_weight=row), abs=1e-12)
        assert precision == pytest.approx(average_precision_score(y, p, sample_weight=row), abs=1e-12)


def test_rows_put_in_rank_order_first_give_the_same_figures():
    y, p, _ = make_rows()
    order = bootstrap.ranked(p)
    w = next(bootstrap.weights(len(y), resamples=5, seed=0))
    there = bootstrap.weighted_ranks(y[order], p[order])(w[:, order])
    assert there == pytest.approx(bootstrap.weighted_ranks(y, p)(w), abs=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_bca_agrees_with_scipy_on_the_same_resamples(seed):
    values = np.random.default_rng(seed).exponential(size=35)
    other = scipy_stats.bootstrap((values,), np.mean, method="BCa", n_resamples=999, rng=seed)
    left_out = bca.jackknife(bootstrap.weighted_mean(values), len(values))
    found = bca.bca(float(values.mean()), other.bootstrap_distribution, left_out)
    expected = other.confidence_interval
    assert found == pytest.approx((expected.low, expected.high), abs=1e-8)


def test_jackknife_leaves_out_persons_or_blocks_of_rows():
    values, groups = np.arange(24.0) ** 2, np.arange(24) // 2
    found = bca.jackknife(bootstrap.weighted_mean(values), 24, groups=groups)
    assert found == pytest.approx([values[groups != g].mean() for g in range(12)], abs=1e-12)
    assert len(bca.jackknife(bootstrap.weighted_mean(np.arange(5_000.0)), 5_000)) == bca.BLOCKS
    assert np.isnan(bca.jackknife(bootstrap.weighted_mean(values[:5]), 5)).all()


def test_persons_are_drawn_whole():
    groups = np.array([0, 0, 1, 2, 2, 2, *range(3, 12)])
    for w in bootstrap.weights(len(groups), resamples=50, seed=1, groups=groups):
        for group in range(12):
            assert (w[:, groups == group][:, 0] == w[:, groups == group].T).all()
        assert (w[:, np.unique(groups, return_index=True)[1]].sum(axis=1) == 12).all()


def obuchowski(y, p, groups):
    """The variance written out as in the paper, one placement value at a time."""
    events, others = p[y == 1], p[y == 0]
    psi = (events[:, None] > others[None, :]) + 0.5 * (events[:, None] == others[None, :])
    area, m, n = psi.mean(), len(events), len(others)
    clusters = np.unique(groups)
    x = np.array([(psi.mean(axis=1) - area)[groups[y == 1] == g].sum() for g in clusters])
    z = np.array([(psi.mean(axis=0) - area)[groups[y == 0] == g].sum() for g in clusters])
    with_event, without = len(np.unique(groups[y == 1])), len(np.unique(groups[y == 0]))
    s10 = with_event / ((with_event - 1) * m) * (x**2).sum()
    s01 = without / ((without - 1) * n) * (z**2).sum()
    s11 = len(clusters) / (len(clusters) - 1) * (x * z).sum()
    return s10 / m + s01 / n + 2 * s11 / (m * n)


def test_clustered_delong_is_the_variance_of_obuchowski():
    y, p, groups = make_rows()
    assert delong.variance(y, p, groups) == pytest.approx(obuchowski(y, p, groups), abs=1e-12)


def test_clustered_delong_of_persons_with_one_row_is_delong():
    y, p, _ = make_rows()
    assert delong.variance(y, p, np.arange(len(y))) == pytest.approx(delong.variance(y, p), abs=1e-15)


def test_rows_entered_twice_add_nothing_if_they_are_known_to_be_of_one_person():
    y, p, _ = make_rows(80)
    twice, persons = np.repeat(np.arange(80), 2), np.repeat(np.arange(80), 2)
    assert delong.variance(y[twice], p[twice], persons) == pytest.approx(delong.variance(y, p), abs=1e-12)
    assert delong.variance(y[twice], p[twice]) < 0.6 * delong.variance(y, p)
    values = metrics.log_losses(y, p)
    alone = bootstrap.mean_and_error(values)(np.ones((1, 80)))[0]
    found = bootstrap.mean_and_error(values[twice], persons)(np.ones((1, 160)))[0]
    assert found == pytest.approx(alone, abs=1e-12)


def test_error_of_a_mean_by_person_agrees_with_statsmodels():
    _, p, groups = make_rows()
    fit = sm.OLS(p, np.ones(len(p))).fit(
        cov_type="cluster", cov_kwds={"groups": groups, "use_correction": False}
    )
    count = groups.max() + 1
    expected = float(fit.bse[0]) * np.sqrt(count / (count - 1))
    assert clustered.mean_error(p, groups) == pytest.approx(expected, abs=1e-10)
    low, high = clustered.mean_t(p, groups)
    half = scipy_stats.t.ppf(0.975, count - 1) * expected
    assert (low, high) == pytest.approx((p.mean() - half, p.mean() + half), abs=1e-10)
    raw = bootstrap.mean_and_error(p, groups)(np.ones((1, len(p))))[0]
    assert raw == pytest.approx((p.mean(), float(fit.bse[0])), abs=1e-10)


def test_calibration_by_person_agrees_with_statsmodels():
    y, p, groups = make_rows()
    link, count = metrics.logit(p), groups.max() + 1
    kinds = {"cov_type": "cluster", "cov_kwds": {"groups": groups, "use_correction": False}, "tol": 1e-14}
    wide = scipy_stats.t.ppf(0.975, count - 1) * np.sqrt(count / (count - 1))
    slope = sm.GLM(y, sm.add_constant(link), family=sm.families.Binomial()).fit(**kinds)
    large = sm.GLM(y, np.ones(len(y)), offset=link, family=sm.families.Binomial()).fit(**kinds)
    for found, value, error in (
        (clustered.slope(y, p, groups), slope.params[1], slope.bse[1]),
        (clustered.intercept(y, p, groups), large.params[0], large.bse[0]),
    ):
        assert found == pytest.approx((value, value - wide * error, value + wide * error), abs=1e-8)


def test_line_by_person_is_the_jackknife_of_persons():
    rng = np.random.default_rng(0)
    groups = np.arange(60) // 3
    guess = rng.normal(100, 20, 60)
    y = 5 + 0.9 * guess + rng.normal(size=20)[groups] * 5
    whole = np.polyfit(guess, y, 1)
    left = np.array([np.polyfit(guess[groups != g], y[groups != g], 1) for g in range(20)])
    error = np.sqrt(((left - whole) ** 2).sum(axis=0) * 19 / 20)
    half = scipy_stats.t.ppf(0.975, 19) * error
    intercept, slope = clustered.line(y, guess, groups)
    assert slope == pytest.approx((whole[0], whole[0] - half[0], whole[0] + half[0]), abs=1e-8)
    assert intercept == pytest.approx((whole[1], whole[1] - half[1], whole[1] + half[1]), abs=1e-6)
    assert clustered.line(y, np.full(60, 3.0), groups) == "constant_prediction"
    alone = clustered.line(y, guess, np.arange(60))
    assert alone[1][0] == pytest.approx(calibration.line(y, guess)[1][0], abs=1e-10)


def test_share_by_person_is_wider_never_narrower_and_defined_at_its_ends():
    rng = np.random.default_rng(0)
    groups = np.arange(200) // 10
    hits = (rng.random(20) < 0.4)[groups]
    low, high = clustered.share(hits, groups)
    plain = intervals.wilson(int(hits.sum()), 200)
    assert high - low > 2.5 * (plain[1] - plain[0])
    t = scipy_stats.t.ppf(0.975, 19)
    assert clustered.share(np.zeros(200, bool), groups)[1] == pytest.approx(t * t / (20 + t * t))
    balanced = np.tile([True, False], 100)
    assert clustered.share(balanced, groups) == pytest.approx(intervals.wilson(100, 200, z=t))


def test_oe_by_person_of_single_rows_is_close_to_the_plain_one():
    y, p, _ = make_rows()
    plain, own = calibration.oe_ratio(y, p)[0], clustered.oe_ratio(y, p, np.arange(len(y)))[0]
    assert own[0] == plain[0]
    assert own[1:] == pytest.approx(plain[1:], rel=5e-3)
    assert clustered.oe_ratio(np.zeros(9), np.full(9, 0.2), np.arange(9) // 3)[1] == "exact poisson"
    assert clustered.oe_ratio(np.zeros(9), np.zeros(9), np.arange(9) // 3) == "zero_expected"


def test_numbering_of_persons_keeps_order_and_none_means_all_alone():
    assert clustered.codes(np.array([7, 3, 7, 9])).tolist() == [0, 1, 0, 2]
    assert clustered.codes(np.array([4, 2, 8])) is None


@pytest.fixture(scope="module")
def moons():
    """Differences of two classifiers over 10 x 10 folds: the example in scikit-learn's documentation."""
    x, y = make_moons(noise=0.352, random_state=1, n_samples=100)
    folds = RepeatedStratifiedKFold(n_splits=10, n_repeats=10, random_state=0)
    first, second = (
        cross_val_score(SVC(kernel=kernel, random_state=0), x, y, scoring="roc_auc", cv=folds)
        for kernel in ("rbf", "linear")
    )
    return first - second


def test_corrected_t_gives_the_figures_of_sklearns_documented_example(moons):
    found = repeated.lead(moons, test_to_train=10 / 90)
    assert found.mean / found.error == pytest.approx(0.750, abs=5e-4)
    assert found.beyond(0.0) == pytest.approx(1 - 0.227, abs=5e-4)
    assert intervals.corrected_t(moons, test_to_train=10 / 90)[:2] == pytest.approx((found.mean, found.error))


def test_rope_is_the_integral_of_the_posterior(moons):
    found = repeated.lead(moons, test_to_train=10 / 90)
    density = scipy_stats.t(len(moons) - 1, loc=found.mean, scale=found.error).pdf
    parts = [
        integrate.quad(density, *ends, epsabs=1e-12)[0] for ends in ((-1, -0.01), (-0.01, 0.01), (0.01, 1))
    ]
    assert repeated.rope(found, margin=0.01) == pytest.approx(parts, abs=1e-8)
    assert sum(repeated.rope(found, margin=0.01)) == pytest.approx(1.0, abs=1e-12)


def test_bounds_agree_with_scipy_and_decide_the_verdict():
    differences = np.random.default_rng(0).normal(0.004, 0.006, 20)
    found = repeated.lead(differences, test_to_train=0.25)
    expected = scipy_stats.t.interval(0.95, 19, loc=found.mean, scale=found.error)
    assert found.interval() == pytest.approx(expected, abs=1e-12)
    assert found.bound(0.05) == pytest.approx(found.mean - scipy_stats.t.ppf(0.95, 19) * found.error)
    gap = -found.bound(0.05)
    assert repeated.verdict(found, margin=max(gap, 0) + 1e-6) == "not_worse"
    assert repeated.verdict(repeated.lead(differences - 0.1, test_to_train=0.25), margin=0.01) == "worse"
    assert repeated.verdict(repeated.lead(differences * 50, test_to_train=0.25), margin=1e-9) == "open"


def test_models_that_agree_on_every_fold_are_the_same_for_certain():
    found = repeated.lead(np.full(10, 0.1) - 0.1, test_to_train=0.25)
    assert (found.error, repeated.verdict(found, margin=0.01)) == (0.0, "not_worse")
    assert repeated.rope(found, margin=0.01) == (0.0, 1.0, 0.0)


def test_a_true_difference_of_the_detectable_size_is_seen_four_times_in_five():
    rng, error, freedom = np.random.default_rng(0), 0.02, 9
    size = repeated.detectable(error, freedom=freedom)
    shown = rng.normal(size, error, 20_000)
    seen_error = error * np.sqrt(rng.chisquare(freedom, 20_000) / freedom)
    seen = np.abs(shown / seen_error) > scipy_stats.t.ppf(0.975, freedom)
    assert seen.mean() == pytest.approx(0.8, abs=0.02)
    assert repeated.detectable(1.0) == pytest.approx(2.8016, abs=1e-4)


@pytest.mark.parametrize(
    ("r2", "parameters", "prevalence", "expected"),
    [
        (0.288, 24, 0.174, (623, 662, 221)),  # the worked example of Riley et al. and of pmsampsize
        (0.55, 24, 0.174, (255, 532, 221)),
        (0.288, 36, 0.174, (934, 992, 221)),
        (0.288, 24, 0.25, (623, 590, 289)),
    ],
)
def test_rows_for_yes_or_no_are_those_of_pmsampsize(r2, parameters, prevalence, expected):
    found = sample_size.rows_binary(r2, parameters=parameters, prevalence=prevalence)
    assert tuple(found.values()) == expected


@pytest.mark.parametrize(
    ("r2", "parameters", "expected"),
    [(0.2, 25, (918, 401, 259)), (0.3, 25, (574, 351, 259)), (0.2, 50, (1924, 801, 284)),
     (0.5, 100, (1264, 1001, 334))],
)  # fmt: skip
def test_rows_for_numbers_are_those_of_pmsampsize(r2, parameters, expected):
    assert tuple(sample_size.rows_continuous(r2, parameters=parameters).values()) == expected


def test_expected_shrinkage_is_the_other_way_round_of_the_rows_needed():
    assert sample_size.expected_shrinkage(0.288, n=623, parameters=24) == pytest.approx(0.9, abs=5e-4)
    shrinkages = [sample_size.expected_shrinkage(0.2, n=n, parameters=20) for n in (50, 100, 400, 5_000)]
    assert shrinkages == sorted(shrinkages)
    assert sample_size.expected_shrinkage(0.1, n=5, parameters=50) == 0.0


def test_cox_snell_agrees_with_statsmodels():
    y, p, _ = make_rows()
    fit = sm.Logit(y, sm.add_constant(metrics.logit(p))).fit(disp=0)
    found = sample_size.cox_snell(-fit.llf / len(y), -fit.llnull / len(y))
    assert found == pytest.approx(1 - np.exp((fit.llnull - fit.llf) * 2 / len(y)), abs=1e-12)
    assert found < sample_size.largest_cox_snell(float(y.mean())) < 1.0

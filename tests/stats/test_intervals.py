"""Closed-form intervals, calibration and net benefit against statsmodels and scipy."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats as scipy_stats
from statsmodels.stats.proportion import proportion_confint

from interpretable.stats import calibration, intervals, logistic, metrics, net_benefit


def make_rows(n=250, *, seed=0, slope=0.7):
    rng = np.random.default_rng(seed)
    p = metrics.expit(rng.normal(-0.4, 1.5, n))
    return (rng.random(n) < metrics.expit(slope * metrics.logit(p) + 0.2)).astype(int), p


@pytest.mark.parametrize(("hits", "n"), [(0, 5), (5, 5), (1, 1), (8, 10), (137, 999)])
def test_wilson_agrees_with_statsmodels(hits, n):
    expected = proportion_confint(hits, n, method="wilson")
    assert intervals.wilson(hits, n) == pytest.approx(expected, abs=1e-12)


def test_mean_t_agrees_with_scipy():
    values = np.random.default_rng(1).normal(3, 2, 25)
    expected = scipy_stats.ttest_1samp(values, 0.0).confidence_interval(0.95)
    assert intervals.mean_t(values) == pytest.approx((expected.low, expected.high), abs=1e-10)


def test_corrected_t_widens_the_plain_t_by_the_shared_training_rows():
    differences = np.array([0.02, 0.01, 0.03, 0.0, 0.02])
    plain = scipy_stats.ttest_1samp(differences, 0.0, alternative="greater")
    mean, error, p = intervals.corrected_t(differences, test_to_train=0.25)
    assert mean == pytest.approx(0.016)
    assert error == pytest.approx(mean / plain.statistic * np.sqrt((1 / 5 + 1 / 4) * 5), abs=1e-12)
    assert p == pytest.approx(scipy_stats.t.sf(mean / error, 4), abs=1e-12)
    assert intervals.corrected_t(differences, test_to_train=0.0)[2] == pytest.approx(plain.pvalue, abs=1e-12)


def test_corrected_t_without_spread_is_certain_one_way_or_the_other():
    assert intervals.corrected_t(np.full(5, 0.25), test_to_train=0.25) == (0.25, 0.0, 0.0)
    assert intervals.corrected_t(np.zeros(5), test_to_train=0.25)[2] == 1.0


def test_calibration_slope_and_intercept_agree_with_statsmodels():
    y, p = make_rows()
    link = metrics.logit(p)
    slope = sm.GLM(y, sm.add_constant(link), family=sm.families.Binomial()).fit(tol=1e-14)
    large = sm.GLM(y, np.ones(len(y)), offset=link, family=sm.families.Binomial()).fit(tol=1e-14)
    expected = (slope.params[1], *slope.conf_int()[1])
    assert calibration.slope(y, p) == pytest.approx(expected, abs=1e-8)
    assert calibration.intercept(y, p) == pytest.approx((large.params[0], *large.conf_int()[0]), abs=1e-8)


def test_calibration_slope_says_why_it_has_no_value():
    y = np.array([0, 0, 1, 1])
    assert calibration.slope(y, np.full(4, 0.3)) == "constant_prediction"
    assert calibration.slope(y, np.array([0.1, 0.2, 0.3, 0.4])) == "separation"
    assert calibration.slope(y, np.array([0.4, 0.3, 0.3, 0.1])) == "separation"


def test_logistic_fit_refuses_columns_that_say_the_same():
    y = np.array([0, 1, 0, 1, 1])
    assert logistic.fit(np.ones((5, 2)), y) is None


def test_oe_ratio_at_its_edges():
    y, p = make_rows()
    (value, low, high), method = calibration.oe_ratio(y, p)
    assert value == pytest.approx(y.sum() / p.sum())
    assert low < value < high
    assert method == "delta"
    (value, low, high), method = calibration.oe_ratio(np.zeros(10), np.full(10, 0.2))
    assert (value, low, method) == (0.0, 0.0, "exact poisson")
    assert high == pytest.approx(scipy_stats.chi2.ppf(0.975, 2) / 2 / 2.0)
    assert calibration.oe_ratio(np.zeros(3), np.zeros(3)) == "zero_expected"


def test_oe_error_agrees_with_the_ratio_estimator_of_a_survey_text():
    y, p = make_rows()
    (value, low, high), _ = calibration.oe_ratio(y, p)
    n = len(y)
    table = np.cov(y, p)
    spread = table[0, 0] - 2 * value * table[0, 1] + value**2 * table[1, 1]
    error = np.sqrt(spread / n) / p.mean()
    assert np.log(high / low) / 2 / 1.959963984540054 == pytest.approx(error / value, rel=1e-10)


def test_bins_hold_every_row_once_and_keep_equal_predictions_together():
    p = np.round(np.random.default_rng(0).random(200), 1)
    found = calibration.bins(p)
    assert sorted(np.concatenate(found).tolist()) == list(range(200))
    owners = [set(p[rows]) for rows in found]
    assert all(a.isdisjoint(b) for i, a in enumerate(owners) for b in owners[i + 1 :])
    assert len(calibration.bins(np.full(100, 0.3))) == 1
    assert len(calibration.bins(np.random.default_rng(0).random(1000))) == 10
    assert calibration.bins(np.zeros(0)) == []


def test_regression_line_agrees_with_statsmodels_hc3():
    rng = np.random.default_rng(2)
    guess = rng.normal(100, 20, 90)
    y = 5 + 0.9 * guess + rng.normal(size=90) * guess / 10
    fitted = sm.OLS(y, sm.add_constant(guess)).fit(cov_type="HC3", use_t=True)
    first, second = calibration.line(y, guess)
    assert first == pytest.approx((fitted.params[0], *fitted.conf_int()[0]), abs=1e-8)
    assert second == pytest.approx((fitted.params[1], *fitted.conf_int()[1]), abs=1e-8)
    assert calibration.line(y, np.full(90, 3.0)) == "constant_prediction"
    assert calibration.line(y[:3], guess[:3]) == "too_few_rows"


def test_net_benefit_follows_its_definition():
    y, p = np.array([1, 1, 0, 0, 0]), np.array([0.9, 0.1, 0.8, 0.2, 0.25])
    assert net_benefit.net_benefit(y, p, threshold=0.25) == pytest.approx(1 / 5 - 2 / 5 * (0.25 / 0.75))
    curve = net_benefit.curve(y, p)
    assert [round(point.threshold, 2) for point in (curve[0], curve[-1])] == [0.01, 0.99]
    assert all(
        point.everyone == pytest.approx(0.4 - 0.6 * point.threshold / (1 - point.threshold))
        for point in curve
    )


def test_net_benefit_interval_is_the_t_interval_of_a_mean():
    y, p = make_rows()
    shares = net_benefit.per_row(y, p, 0.3)
    expected = scipy_stats.ttest_1samp(shares, 0.0).confidence_interval(0.95)
    found = net_benefit.interval(y, p, threshold=0.3)
    assert found == pytest.approx((expected.low, expected.high), abs=1e-12)

"""Smooth curves, debiased errors, isotonic and Venn-Abers maps against independent oracles."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.interpolate import CubicSpline
from scipy.stats import norm
from sklearn.isotonic import IsotonicRegression

from interpretable.stats import calibration, isotonic, smooth, spline
from interpretable.stats.metrics import expit, logit


def draw(n=300, *, level=-0.3, seed=0, slope=1.0):
    rng = np.random.default_rng(seed)
    link = level + 1.3 * rng.normal(size=n)
    return (rng.random(n) < expit(slope * link)).astype(float), expit(link)


def natural_basis(x, knots):
    """Natural cubic splines through each knot, straight beyond the ends: another basis, same curves."""
    columns = []
    for row in np.eye(len(knots)):
        piece = CubicSpline(knots, row, bc_type="natural")
        inside = piece(np.clip(x, knots[0], knots[-1]))
        below, above = np.minimum(x - knots[0], 0.0), np.maximum(x - knots[-1], 0.0)
        columns.append(inside + below * piece(knots[0], 1) + above * piece(knots[-1], 1))
    return np.column_stack(columns)


@pytest.mark.parametrize("n", [60, 300, 700])
def test_the_smooth_curve_and_its_band_are_those_of_statsmodels_on_another_basis(n):
    y, p = draw(n, slope=0.6)
    grid = np.quantile(p, [0.03, 0.3, 0.7, 0.97])
    found = smooth.chances(y, p, grid)
    knots = np.quantile(logit(p), spline.QUANTILES[smooth.knots_for(n)])
    model = sm.GLM(y, natural_basis(logit(p), knots), family=sm.families.Binomial()).fit(tol=1e-14)
    expected = model.get_prediction(natural_basis(logit(grid), knots)).summary_frame(alpha=0.05)
    assert found.value == pytest.approx(expected["mean"].to_numpy(), abs=1e-8)
    assert found.low == pytest.approx(expected["mean_ci_lower"].to_numpy(), abs=1e-8)
    assert found.high == pytest.approx(expected["mean_ci_upper"].to_numpy(), abs=1e-8)
    assert found.at_rows == pytest.approx(model.fittedvalues, abs=1e-8)


def test_the_smooth_mean_and_its_band_are_those_of_statsmodels_with_hc3():
    rng = np.random.default_rng(1)
    guess = rng.normal(50, 10, 200)
    y = guess + 0.02 * (guess - 50) ** 2 + rng.normal(size=200) * guess / 20
    grid = np.array([35.0, 50.0, 65.0])
    found = smooth.amounts(y, guess, grid)
    knots = np.quantile(guess, spline.QUANTILES[4])
    model = sm.OLS(y, natural_basis(guess, knots)).fit(cov_type="HC3", use_t=True)
    expected = model.get_prediction(natural_basis(grid, knots)).conf_int(alpha=0.05)
    assert np.column_stack([found.low, found.high]) == pytest.approx(expected, abs=1e-8)


def test_clustered_rows_have_the_band_of_statsmodels_cluster_errors():
    y, p = draw(200)
    y, p, groups = np.repeat(y, 2), np.repeat(p, 2), np.repeat(np.arange(200), 2)
    found = smooth.chances(y, p, np.array([0.3, 0.5]), groups=groups)
    knots = np.quantile(logit(p), spline.QUANTILES[4])
    model = sm.GLM(y, natural_basis(logit(p), knots), family=sm.families.Binomial()).fit(
        tol=1e-14, cov_type="cluster", cov_kwds={"groups": groups, "use_correction": False}
    )
    columns = natural_basis(logit(np.array([0.3, 0.5])), knots)
    error = np.sqrt(np.einsum("ij,jk,ik->i", columns, model.cov_params(), columns) * 200 / 199)
    width = logit(found.high) - logit(found.low)
    assert width == pytest.approx(2 * 1.9719565442517533 * error, abs=1e-8)


@pytest.mark.parametrize(("n", "level"), [(50, 0.0), (184, -2.0), (500, -0.5)])
def test_the_band_holds_the_true_curve_about_95_times_in_100_at_each_place(n, level):
    rng = np.random.default_rng(n)
    places = level + 1.3 * np.array([-1.28, -0.67, 0.0, 0.67, 1.28])
    truth, hits = expit(0.7 * places - 0.2), []
    for _ in range(300):
        link = level + 1.3 * rng.normal(size=n)
        y = (rng.random(n) < expit(0.7 * link - 0.2)).astype(float)
        found = smooth.chances(y, expit(link), expit(places))
        if not isinstance(found, str):
            hits.append((found.low <= truth) & (truth <= found.high))
    share = np.mean(hits, axis=0)
    assert len(hits) > 290
    assert (share > 0.905).all() and (share < 0.995).all()
    assert 0.93 <= share.mean() <= 0.975


def test_the_ici_by_chance_is_passed_by_one_perfect_model_in_twenty():
    beyond = []
    for seed in range(60):
        y, p = draw(150, seed=seed)
        found = smooth.chances(y, p, np.array([0.5]))
        ici = smooth.distances(found.at_rows, p)[0]
        beyond.append(ici > smooth.ici_by_chance(p, seed=seed, draws=60))
    assert 0.0 <= np.mean(beyond) < 0.16


def test_distances_follow_their_definition():
    ici, middle, far = smooth.distances(np.array([0.1, 0.2, 0.3, 0.4]), np.array([0.1, 0.1, 0.1, 0.1]))
    assert (ici, middle) == pytest.approx((0.15, 0.15))
    assert far == pytest.approx(0.27)


@pytest.mark.parametrize(
    ("y", "p", "reason"),
    [
        (np.zeros(50), np.linspace(0.1, 0.9, 50), "one_class"),
        (np.r_[np.zeros(48), 1, 1], np.linspace(0.1, 0.9, 50), "too_few_rows"),
        (np.arange(50) % 2.0, np.full(50, 0.3), "constant_prediction"),
        (np.arange(10) % 2.0, np.linspace(0.1, 0.9, 10), "too_few_rows"),
        (np.r_[np.zeros(25), np.ones(25)], np.linspace(0.1, 0.9, 50), "separation"),
    ],
)
def test_where_no_curve_can_be_drawn_the_reason_is_said(y, p, reason):
    assert smooth.chances(y, p, np.array([0.5])) == reason


def test_few_distinct_predictions_leave_a_straight_line():
    y, _ = draw(200)
    found = smooth.chances(y, np.where(np.arange(200) % 2 == 0, 0.3, 0.6), np.array([0.3, 0.6]))
    assert found.knots == 0
    assert found.value == pytest.approx([y[::2].mean(), y[1::2].mean()], abs=1e-8)


def test_the_debiased_error_is_the_mean_over_pairs_of_rows_where_a_bin_has_one_prediction():
    rng = np.random.default_rng(3)
    p = np.repeat([0.2, 0.5, 0.9], 60)
    y = (rng.random(180) < np.repeat([0.4, 0.5, 0.7], 60)).astype(float)
    total = 0.0
    for value in (0.2, 0.5, 0.9):
        gap = y[p == value] - value
        pairs = np.outer(gap, gap)
        total += (pairs.sum() - np.trace(pairs)) / (60 * 59) / 3
    assert calibration.bin_error(y, p)[1] == pytest.approx(np.sqrt(total), abs=1e-8)


def test_perfect_predictions_have_a_debiased_error_near_zero_and_a_plain_one_that_is_not():
    squares = [np.square(calibration.bin_error(*draw(200, seed=seed))) for seed in range(200)]
    seen, unbiased = np.mean(squares, axis=0)
    assert seen > 0.004
    assert unbiased < 0.5 * seen


def test_spiegelhalters_z_follows_its_formula_and_its_distribution():
    y, p = draw(80)
    top, bottom = 0.0, 0.0
    for one, chance in zip(y, p, strict=True):
        top += (one - chance) * (1 - 2 * chance)
        bottom += (1 - 2 * chance) ** 2 * chance * (1 - chance)
    z, p_value = calibration.spiegelhalter(y, p)
    assert z == pytest.approx(top / bottom**0.5, abs=1e-8)
    assert p_value == pytest.approx(2 * norm.sf(abs(z)), abs=1e-8)
    values = [calibration.spiegelhalter(*draw(200, seed=seed))[1] for seed in range(300)]
    assert 0.02 <= np.mean(np.array(values) < 0.05) <= 0.09
    assert calibration.spiegelhalter(y, np.full(80, 0.5)) == "constant_prediction"


scores = st.lists(
    st.tuples(st.sampled_from([0.1, 0.2, 0.25, 0.4, 0.5, 0.7, 0.9]), st.booleans()), min_size=1, max_size=25
)


@settings(max_examples=40, deadline=None)
@given(scores)
def test_isotonic_is_that_of_scikit_learn(rows):
    s, y = np.array([r[0] for r in rows]), np.array([float(r[1]) for r in rows])
    x, fitted = isotonic.isotonic(s, y)
    assert fitted == pytest.approx(IsotonicRegression().fit(s, y).predict(x), abs=1e-8)


@settings(max_examples=40, deadline=None)
@given(scores)
def test_venn_abers_is_isotonic_regression_with_one_more_row(rows):
    s, y = np.array([r[0] for r in rows]), np.array([float(r[1]) for r in rows])
    x, p0, p1 = isotonic.venn_abers(s, y)
    for place, low, high in zip(x, p0, p1, strict=True):
        for label, value in ((0.0, low), (1.0, high)):
            model = IsotonicRegression().fit(np.append(s, place), np.append(y, label))
            assert value == pytest.approx(model.predict([place])[0], abs=1e-8)
    assert (p0 < p1).all()
    single = isotonic.merged(p0, p1)
    assert ((p0 <= single + 1e-12) & (single <= p1 + 1e-12)).all()
    assert (np.diff(single) >= -1e-12).all()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 3), min_size=1, max_size=12))
def test_dropped_knots_change_no_straight_line(steps):
    y = np.cumsum(np.array(steps, dtype=float))
    x, keep = np.arange(len(y), dtype=float), isotonic.knots_needed(y)
    at = np.linspace(0, len(y), 50)
    assert np.interp(at, x[keep], y[keep]) == pytest.approx(np.interp(at, x, y), abs=1e-12)

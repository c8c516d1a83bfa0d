"""Recalibration against statsmodels and scipy, and where the scores separate the classes."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax

from interpretable.stats import metrics, platt


def make_link(n=400, *, seed=0):
    rng = np.random.default_rng(seed)
    link = rng.normal(0.5, 2.0, n)
    return link, (rng.random(n) < metrics.expit(0.6 * link - 0.3)).astype(int)


def test_platt_agrees_with_statsmodels_on_smoothed_targets():
    link, y = make_link()
    events, others = y.sum(), (1 - y).sum()
    target = np.where(y == 1, (events + 1) / (events + 2), 1 / (others + 2))
    model = sm.GLM(target, sm.add_constant(link), family=sm.families.Binomial()).fit(tol=1e-14)
    assert platt.fit_platt(link, y) == pytest.approx((model.params[1], model.params[0]), abs=1e-8)


def test_platt_is_finite_where_the_scores_separate_the_classes():
    slope, intercept = platt.fit_platt(np.array([-3.0, -2, -1, 1, 2, 3]), np.array([0, 0, 0, 1, 1, 1]))
    assert 0 < slope < 50
    assert abs(intercept) < 1e-6


def test_platt_never_turns_the_ranking_round():
    link, y = make_link()
    slope, intercept = platt.fit_platt(-link, y)
    assert slope == platt.MIN_SLOPE
    assert metrics.expit(slope * -link + intercept).mean() == pytest.approx(y.mean(), abs=0.01)


@pytest.mark.parametrize("y", [np.zeros(20, int), np.ones(20, int)])
def test_platt_with_one_class_keeps_the_slope_and_moves_the_level(y):
    slope, intercept = platt.fit_platt(np.linspace(-2, 2, 20), y)
    assert slope == 1.0
    expected = (20 * y[0] + 1) / 22
    assert metrics.expit(np.linspace(-2, 2, 20) + intercept).mean() == pytest.approx(expected, abs=1e-6)


def test_platt_with_a_constant_score_gives_the_prevalence():
    y = np.array([0] * 70 + [1] * 30)
    slope, intercept = platt.fit_platt(np.full(100, 2.5), y)
    assert slope == 1.0
    assert metrics.expit(2.5 + intercept) == pytest.approx(0.3, abs=0.01)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.floats(-700, 700), st.booleans()), min_size=2, max_size=40),
    st.sampled_from([1e-6, 1.0, 1e6]),
)
def test_platt_is_finite_with_a_positive_slope_whatever_comes(rows, scale):
    link, y = np.array([r[0] for r in rows]) * scale, np.array([int(r[1]) for r in rows])
    slope, intercept = platt.fit_platt(link, y)
    assert slope > 0
    assert np.isfinite([slope, intercept]).all()


def test_temperature_is_the_best_slope_of_the_smoothed_likelihood():
    rng = np.random.default_rng(0)
    links = rng.normal(size=(500, 4))
    y = np.array([rng.choice(4, p=np.exp(r)) for r in log_softmax(0.5 * links, axis=1)])
    target = platt._smoothed_classes(y, 4)
    best = minimize_scalar(
        lambda s: -(target * log_softmax(s * links, axis=1)).sum(),
        bounds=(0.01, 5),
        method="bounded",
        options={"xatol": 1e-10},
    )
    slope = platt.fit_temperature(links, y)
    assert slope == pytest.approx(best.x, abs=1e-5)
    assert slope == pytest.approx(0.5, abs=0.15)


def test_temperature_is_finite_on_separated_and_positive_on_useless_scores():
    links = np.eye(3)[np.arange(30) % 3]
    assert 1 < platt.fit_temperature(links, np.arange(30) % 3) < 100
    assert platt.fit_temperature(links, (np.arange(30) + 1) % 3) == platt.MIN_SLOPE
    assert platt.fit_temperature(np.zeros((10, 3)), np.arange(10) % 3) == 1.0

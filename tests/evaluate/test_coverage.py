"""Simulated coverage: a 95 % interval holds the truth about 95 times in 100."""

from functools import cache

import numpy as np
import pytest

from interpretable.evaluate import binary, multiclass, regression
from interpretable.stats import metrics, net_benefit

REPEATS = 400
CUT = 0.3
SETTINGS = {"50 rows": (50, 0.0), "300 rows, few events": (300, -2.0)}
# 93 to 97 % with a binomial tolerance of 2.5 standard errors (1.1 points each) for the number of repeats.
LOW, HIGH = 0.93 - 0.025, 0.97 + 0.02
# Normal intervals of a rank measure of rare events, and of a skewed ratio, are known to be a little short.
LENIENT = {"auprc": 0.89, "brier_skill": 0.89}


def draw(rng, n, level):
    p = metrics.expit(level + 1.3 * rng.normal(size=n))
    return (rng.random(n) < p).astype(int), p


@cache
def truth(level):
    """The figures of a calibrated model on two million rows."""
    y, p = draw(np.random.default_rng(0), 2_000_000, level)
    chosen = p >= CUT
    return {
        "auroc": metrics.auroc(y, p),
        "auprc": metrics.average_precision(y, p),
        "prevalence": y.mean(),
        "log_loss": metrics.log_loss(y, p),
        "brier": metrics.brier(y, p),
        "brier_skill": metrics.brier_skill(y, p),
        "calibration_slope": 1.0,
        "calibration_intercept": 0.0,
        "oe_ratio": 1.0,
        "sensitivity": chosen[y == 1].mean(),
        "specificity": 1 - chosen[y == 0].mean(),
        "ppv": y[chosen].mean(),
        "npv": 1 - y[~chosen].mean(),
        "net_benefit": net_benefit.net_benefit(y, p, threshold=CUT),
        "selection_rate": chosen.mean(),
    }


@pytest.mark.parametrize("setting", list(SETTINGS))
def test_intervals_of_binary_figures_hold_the_truth_as_often_as_they_say(setting):
    n, level = SETTINGS[setting]
    rng, expected = np.random.default_rng(1), truth(level)
    held = dict.fromkeys(expected, 0)
    for repeat in range(REPEATS):
        found = binary.figures(*draw(rng, n, level), cut=CUT, seed=repeat, resamples=150)
        for name, figure in found.items():
            held[name] += figure.low is not None and figure.low <= expected[name] <= figure.high
    shares = {name: count / REPEATS for name, count in held.items()}
    assert {k: v for k, v in shares.items() if not LENIENT.get(k, LOW) <= v <= HIGH} == {}


def test_intervals_of_regression_figures_hold_the_truth():
    rng = np.random.default_rng(2)
    expected = {"rmse": 2.0, "mae": 2.0 * np.sqrt(2 / np.pi), "r2": 1 - 4 / 13, "bias": 0.0}
    expected |= {"calibration_slope": 1.0, "calibration_intercept": 0.0}
    held = dict.fromkeys(expected, 0)
    for repeat in range(REPEATS):
        guess = rng.normal(0, 3, 80)
        found = regression.figures(guess + rng.normal(0, 2, 80), guess, seed=repeat, resamples=150)
        for name, figure in found.items():
            held[name] += figure.low <= expected[name] <= figure.high
    assert {k: v / REPEATS for k, v in held.items() if not LOW <= v / REPEATS <= HIGH} == {}


def test_interval_of_the_macro_auroc_holds_the_truth():
    def rows(rng, n):
        link = 1.2 * rng.normal(size=(n, 3))
        p = np.exp(link) / np.exp(link).sum(axis=1, keepdims=True)
        return (p.cumsum(axis=1) < rng.random((n, 1))).sum(axis=1), p

    expected, rng, held = (
        metrics.macro_auroc(*rows(np.random.default_rng(0), 500_000)),
        np.random.default_rng(3),
        0,
    )
    for repeat in range(REPEATS):
        figure = multiclass.figures(*rows(rng, 120), seed=repeat, resamples=10)["auroc"]
        held += figure.low <= expected <= figure.high
    assert LOW <= held / REPEATS <= HIGH

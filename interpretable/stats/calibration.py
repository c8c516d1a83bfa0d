"""Does 30 % mean 30 in 100? Slope, intercept, observed to expected, and bins.

Terms after Van Calster et al. (2016, 2019): the intercept is calibration-in-the-large, fitted with the
predictions' log-odds as offset; 0 is wanted. The slope is that of a logistic regression on the log-odds; 1
is wanted.
"""

from __future__ import annotations

import math

import numpy as np

from interpretable.stats import logistic
from interpretable.stats.delong import Z
from interpretable.stats.metrics import logit

Estimate = tuple[float, float, float]  # value, low, high
WIDEST = 100.0  # log-odds: a standard error past this means that the rows do not bound the value


def separates(link: np.ndarray, observed: np.ndarray) -> bool:
    """Whether one line on the link divides the classes, so that a slope has no finite maximum likelihood."""
    one, zero = link[observed == 1], link[observed == 0]
    return bool(one.min() >= zero.max() or one.max() <= zero.min())


def slope(observed: np.ndarray, probability: np.ndarray) -> Estimate | str:
    """Calibration slope with a Wald interval, or the code of why it has none."""
    link = logit(probability)
    if np.ptp(link) <= 1e-9:
        return "constant_prediction"
    if separates(link, observed):
        return "separation"
    centre, spread = float(link.mean()), float(link.std())
    solution = logistic.fit(np.column_stack([np.ones(len(link)), (link - centre) / spread]), observed)
    if solution is None:
        return "separation"
    value, error = solution[0][1] / spread, math.sqrt(solution[1][1, 1]) / spread
    return float(value), float(value - Z * error), float(value + Z * error)


def intercept(observed: np.ndarray, probability: np.ndarray) -> Estimate | str:
    """Calibration-in-the-large on the log-odds scale with a Wald interval; both classes must be present."""
    solution = logistic.fit(np.ones((len(observed), 1)), observed, offset=logit(probability))
    if solution is None:
        return "separation"
    value, error = float(solution[0][0]), math.sqrt(float(solution[1][0, 0]))
    if error > WIDEST:
        return "separation"
    return value, value - Z * error, value + Z * error


def oe_ratio(observed: np.ndarray, probability: np.ndarray) -> tuple[Estimate, str] | str:
    """Observed over expected events, and how its interval was made.

    On the log scale with the linearised variance of a ratio of two means of the same rows (Cochran, 1977,
    section 2.11). Without events: 0, with the exact upper Poisson limit of Garwood (1936).
    """
    expected, events = float(probability.sum()), float(observed.sum())
    if expected <= 0.0:
        return "zero_expected"
    if events == 0:
        return (0.0, 0.0, -math.log(0.025) / expected), "exact poisson"
    ratio, n = events / expected, len(observed)
    residual = observed - ratio * probability
    spread = math.sqrt(float((residual**2).sum()) * n / max(n - 1, 1)) / events
    return (ratio, ratio * math.exp(-Z * spread), ratio * math.exp(Z * spread)), "delta"


def bins(predicted: np.ndarray, *, most: int = 10, rows_each: int = 15) -> list[np.ndarray]:
    """Row positions in bins of about equal size, lowest prediction first; equal predictions stay together."""
    n = len(predicted)
    if n == 0:
        return []
    count = int(np.clip(n // rows_each, 1, most))
    order = np.argsort(predicted, kind="stable")
    edges = np.quantile(predicted, np.arange(1, count) / count)
    cuts = np.unique(np.searchsorted(predicted[order], edges, side="left"))
    return [part for part in np.split(order, cuts) if len(part)]


def bin_error(observed: np.ndarray, probability: np.ndarray) -> tuple[float, float]:
    """Root mean square distance of happened and said over bins of equal size: as seen, and debiased.

    Even perfect predictions are off by chance in each bin. The second number takes the expected size of that
    off, y(1 - y)/(n - 1) per bin, and is 0 where nothing is left (Kumar, Liang and Ma, 2019, definition 5.1).
    """
    seen = unbiased = 0.0
    for rows in bins(probability):
        share, n = float(observed[rows].mean()), len(rows)
        gap = (float(probability[rows].mean()) - share) ** 2
        seen += n * gap
        unbiased += n * (gap - share * (1.0 - share) / max(n - 1, 1))
    return math.sqrt(seen / len(observed)), math.sqrt(max(unbiased / len(observed), 0.0))


def spiegelhalter(observed: np.ndarray, probability: np.ndarray) -> tuple[float, float] | str:
    """Spiegelhalter's z (1986) of "these are the true probabilities", and its two-sided p."""
    weight = 1.0 - 2.0 * probability
    variance = float((weight**2 * probability * (1.0 - probability)).sum())
    if variance <= 1e-12:
        return "constant_prediction"
    z = float(((observed - probability) * weight).sum()) / math.sqrt(variance)
    return z, math.erfc(abs(z) / math.sqrt(2.0))


def line(observed: np.ndarray, predicted: np.ndarray) -> tuple[Estimate, Estimate] | str:
    """Regression: intercept and slope of observed on predicted, intervals robust to unequal spread.

    Least squares with HC3 standard errors and Student's t (MacKinnon and White, 1985; Long and Ervin, 2000).
    """
    from scipy.special import stdtrit

    n, spread = len(observed), float(predicted.std())
    if n < 4:
        return "too_few_rows"
    if spread <= 1e-12 * (1.0 + abs(float(predicted.mean()))):
        return "constant_prediction"
    scaled = (predicted - predicted.mean()) / spread
    design = np.column_stack([np.ones(n), scaled])
    inverse = np.linalg.inv(design.T @ design)
    beta = inverse @ design.T @ observed
    leverage = np.minimum(np.einsum("ij,jk,ik->i", design, inverse, design), 1.0 - 1e-9)
    scores = design * ((observed - design @ beta) / (1.0 - leverage))[:, None]
    covariance = inverse @ (scores.T @ scores) @ inverse
    back = np.array([[1.0, -float(predicted.mean()) / spread], [0.0, 1.0 / spread]])
    values, errors = back @ beta, np.sqrt(np.diag(back @ covariance @ back.T))
    half = float(stdtrit(n - 2, 0.975)) * errors
    low, high = values - half, values + half
    first = float(values[0]), float(low[0]), float(high[0])
    return first, (float(values[1]), float(low[1]), float(high[1]))

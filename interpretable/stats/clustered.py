"""Closed-form intervals where one person has several rows: persons are independent, their rows are not.

`groups` is int[n], 0..G-1, everywhere. Variances are those of sums over groups with the factor G / (G - 1);
quantiles are Student's t with G - 1 degrees of freedom (Cameron and Miller, 2015, section VI).
"""

from __future__ import annotations

import math

import numpy as np

from interpretable.stats import logistic
from interpretable.stats.calibration import WIDEST, Estimate, separates
from interpretable.stats.intervals import wilson
from interpretable.stats.metrics import expit, logit


def codes(groups: np.ndarray) -> np.ndarray | None:
    """0..G-1 for each row, numbered by first appearance; None if every row stands alone."""
    _, first, inverse = np.unique(groups, return_index=True, return_inverse=True)
    if len(first) == len(groups):
        return None
    return np.argsort(np.argsort(first, kind="stable"), kind="stable")[inverse]


def quantile(groups: np.ndarray) -> float:
    """97.5 % point of Student's t with one degree of freedom fewer than groups."""
    from scipy.special import stdtrit

    return float(stdtrit(max(int(groups.max()), 1), 0.975))


def sums(parts: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Sum of f8[n] or f8[n, m] over the rows of each group."""
    if parts.ndim == 1:
        return np.bincount(groups, weights=parts)
    return np.column_stack([np.bincount(groups, weights=column) for column in parts.T])


def mean_error(values: np.ndarray, groups: np.ndarray) -> float:
    """Standard error of the mean over rows: a ratio of two sums over groups (Cochran, 1977, section 2.11)."""
    count = int(groups.max()) + 1
    apart = sums(values - values.mean(), groups)
    return math.sqrt(float((apart**2).sum()) * count / max(count - 1, 1)) / len(values)


def mean_t(values: np.ndarray, groups: np.ndarray) -> tuple[float, float] | None:
    """Interval of the mean over rows; None for a single group."""
    if groups.max() < 1:
        return None
    half, middle = quantile(groups) * mean_error(values, groups), float(values.mean())
    return middle - half, middle + half


def share(hits: np.ndarray, groups: np.ndarray) -> tuple[float, float]:
    """Wilson's interval of the share of true bool[n] with the number of rows that is left after clustering.

    n / (design effect), never more than n (Korn and Graubard, 1998; Dean and Pagano, 2015). Where all rows
    agree the design effect cannot be seen: groups count as rows.
    """
    n, count = len(hits), int(groups.max()) + 1
    p = float(hits.mean())
    error = mean_error(hits.astype(float), groups)
    spread = p * (1.0 - p)
    effective = float(count) if spread == 0.0 else spread / max(error**2, spread / n)
    return wilson(p * effective, effective, z=quantile(groups))


def slope(observed: np.ndarray, probability: np.ndarray, groups: np.ndarray) -> Estimate | str:
    """Calibration slope with a cluster-robust interval (Liang and Zeger, 1986), or why it has none."""
    link = logit(probability)
    if np.ptp(link) <= 1e-9:
        return "constant_prediction"
    if separates(link, observed):
        return "separation"
    centre, spread = float(link.mean()), float(link.std())
    design = np.column_stack([np.ones(len(link)), (link - centre) / spread])
    found = _robust(design, observed, np.zeros(len(link)), groups)
    if found is None:
        return "separation"
    value, error = found[0][1] / spread, found[1][1] / spread
    return value, value - quantile(groups) * error, value + quantile(groups) * error


def intercept(observed: np.ndarray, probability: np.ndarray, groups: np.ndarray) -> Estimate | str:
    """Calibration-in-the-large with a cluster-robust interval."""
    found = _robust(np.ones((len(observed), 1)), observed, logit(probability), groups)
    if found is None or found[1][0] > WIDEST:
        return "separation"
    value, error = float(found[0][0]), float(found[1][0])
    return value, value - quantile(groups) * error, value + quantile(groups) * error


def _robust(
    design: np.ndarray, observed: np.ndarray, offset: np.ndarray, groups: np.ndarray
) -> tuple[np.ndarray, np.ndarray] | None:
    """Coefficients and cluster-robust standard errors of a logistic regression."""
    solution = logistic.fit(design, observed, offset=offset)
    if solution is None:
        return None
    beta, covariance = solution
    scores = sums(design * (observed - expit(design @ beta + offset))[:, None], groups)
    return beta, np.sqrt(np.diag(_sandwich(covariance, scores)))


def _sandwich(bread: np.ndarray, scores: np.ndarray) -> np.ndarray:
    count = len(scores)
    return bread @ (scores.T @ scores) @ bread * (count / max(count - 1, 1))


def oe_ratio(observed: np.ndarray, probability: np.ndarray, groups: np.ndarray) -> tuple[Estimate, str] | str:
    """Observed over expected on the log scale, linearised over groups; without events as many as groups."""
    expected, events = float(probability.sum()), float(observed.sum())
    if expected <= 0.0:
        return "zero_expected"
    count = int(groups.max()) + 1
    if events == 0:  # Garwood's limit, with rows of a group counted as one
        crowd = len(observed) / count
        return (0.0, 0.0, -math.log(0.025) * crowd / expected), "exact poisson"
    ratio = events / expected
    apart = sums(observed - ratio * probability, groups)
    error = math.sqrt(float((apart**2).sum()) * count / max(count - 1, 1)) / events
    half = quantile(groups) * error
    return (ratio, ratio * math.exp(-half), ratio * math.exp(half)), "delta cluster"


def line(observed: np.ndarray, predicted: np.ndarray, groups: np.ndarray) -> tuple[Estimate, Estimate] | str:
    """Regression: intercept and slope of observed on predicted, leaving out one group at a time.

    The jackknife of groups is the clustered HC3 (Bell and McCaffrey, 2002; MacKinnon et al., 2023).
    """
    n, spread, count = len(observed), float(predicted.std()), int(groups.max()) + 1
    if n < 4 or count < 3:
        return "too_few_rows"
    if spread <= 1e-12 * (1.0 + abs(float(predicted.mean()))):
        return "constant_prediction"
    centre = float(predicted.mean())
    x = (predicted - centre) / spread
    moments = sums(np.column_stack([np.ones(n), x, x * x, observed, x * observed]), groups)
    whole, left = _lines(moments.sum(axis=0)), _lines(moments.sum(axis=0) - moments)
    back = np.array([[1.0, -centre / spread], [0.0, 1.0 / spread]])
    values, apart = back @ whole, (left - whole) @ back.T
    errors = np.sqrt((apart**2).sum(axis=0) * (count - 1) / count)
    low, high = values - quantile(groups) * errors, values + quantile(groups) * errors
    first = float(values[0]), float(low[0]), float(high[0])
    return first, (float(values[1]), float(low[1]), float(high[1]))


def _lines(moments: np.ndarray) -> np.ndarray:
    """Intercept and slope from (n, sum x, sum xx, sum y, sum xy), along the last axis."""
    n, x, xx, y, xy = np.moveaxis(moments, -1, 0)
    below = np.maximum(n * xx - x * x, 1e-12)
    tilt = (n * xy - x * y) / below
    return np.stack([(y - tilt * x) / n, tilt], axis=-1)

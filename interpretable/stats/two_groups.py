"""Two independent groups side by side: differences and ratios of shares, means and areas, 95 %.

A difference of shares gets Newcombe's hybrid score interval (1998, method 10), a ratio of shares Koopman's
score interval (1984) or Katz's interval on the log scale (Katz et al., 1978). Everything else that is a ratio
of two sums of the same rows (a mean, observed over expected) gets linearised standard errors (Cochran, 1977,
section 2.11).
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from interpretable.stats.delong import Z
from interpretable.stats.intervals import wilson

Edges = tuple[float, float]
SUMMED = 1e-15  # below this a standard error is rounding


def share_difference(hits: int, n: int, hits_reference: int, n_reference: int) -> Edges:
    """Newcombe's interval of hits/n - hits_reference/n_reference; both n must be positive.

    Examples
    --------
    >>> [round(v, 4) for v in share_difference(56, 70, 48, 80)]
    [0.0524, 0.3339]
    """
    ours, other = hits / n, hits_reference / n_reference
    return recovered_difference(ours, wilson(hits, n), other, wilson(hits_reference, n_reference))


def recovered_difference(value: float, edges: Edges, reference: float, reference_edges: Edges) -> Edges:
    """Interval of a difference from the two single intervals (MOVER; Zou and Donner, 2008)."""
    below = math.hypot(value - edges[0], reference_edges[1] - reference)
    above = math.hypot(edges[1] - value, reference - reference_edges[0])
    return value - reference - below, value - reference + above


def ratio_log(hits: int, n: int, hits_reference: int, n_reference: int) -> Edges | None:
    """Katz's interval of a ratio of shares; None where a count is zero."""
    if hits == 0 or hits_reference == 0:
        return None
    error = math.sqrt(1.0 / hits - 1.0 / n + 1.0 / hits_reference - 1.0 / n_reference)
    return log_interval(hits / n / (hits_reference / n_reference), error)


def log_interval(value: float, error: float) -> Edges:
    """Interval of a positive value from the standard error of its logarithm."""
    factor = math.exp(min(Z * error, 700.0))
    return value / factor, value * factor if factor < 1e300 else math.inf


def ratio_score(hits: int, n: int, hits_reference: int, n_reference: int) -> Edges:
    """Koopman's score interval of a ratio of shares; (0, inf) is possible, where nobody is selected.

    Examples
    --------
    >>> [round(v, 3) for v in ratio_score(36, 40, 16, 80)]
    [2.94, 7.152]
    """

    def z(log_ratio: float) -> float:
        return _score(math.exp(log_ratio), hits, n, hits_reference, n_reference)

    # One hit more or less bounds the search from both sides.
    start = math.log((hits + 0.5) / (n + 0.5) / ((hits_reference + 0.5) / (n_reference + 0.5)))
    low = 0.0 if hits == 0 else math.exp(_crossing(z, start, -1.0, Z))
    high = math.inf if hits_reference == 0 else math.exp(_crossing(z, start, 1.0, -Z))
    return low, high


def _score(ratio: float, hits: int, n: int, hits_reference: int, n_reference: int) -> float:
    """Score statistic of "the ratio of the shares is `ratio`", from the shares most likely under it."""
    a = (n + n_reference) * ratio
    b = -(ratio * (n + hits_reference) + hits + n_reference)
    c = hits + hits_reference
    other = (-b - math.sqrt(max(b * b - 4.0 * a * c, 0.0))) / (2.0 * a)
    ours = min(ratio * other, 1.0)
    spread = ours * (1.0 - ours) / n + ratio * ratio * other * (1.0 - other) / n_reference
    gap = hits / n - ratio * hits_reference / n_reference
    return gap / math.sqrt(spread) if spread > 0.0 else math.copysign(math.inf, gap) if gap else 0.0


def _crossing(z: Callable[[float], float], start: float, direction: float, level: float) -> float:
    """Where the falling function z meets `level`, searched from `start` in the given direction."""
    step, outside = 1.0, start + direction
    inside = start
    while (z(outside) - level) * direction > 0.0 and step < 700.0:
        inside, step = outside, 2.0 * step
        outside = start + direction * step
    for _ in range(90):
        middle = 0.5 * (inside + outside)
        if (z(middle) - level) * direction > 0.0:
            inside = middle
        else:
            outside = middle
    return 0.5 * (inside + outside)


def share_p(hits: int, n: int, hits_reference: int, n_reference: int) -> float:
    """Two-sided p of equal shares: the score test with the pooled share."""
    pooled = (hits + hits_reference) / (n + n_reference)
    error = math.sqrt(pooled * (1.0 - pooled) * (1.0 / n + 1.0 / n_reference))
    return normal_p(hits / n - hits_reference / n_reference, error)


def normal_p(difference: float, error: float) -> float:
    """Two-sided p of "no difference" of a normal estimate; 1 where nothing differs and nothing varies."""
    if error <= SUMMED:
        return 1.0 if abs(difference) <= SUMMED else 0.0
    return math.erfc(abs(difference) / error / math.sqrt(2.0))


def ratio_of_sums(
    above: np.ndarray, below: np.ndarray, persons: np.ndarray | None = None
) -> tuple[float, float]:
    """sum(above) / sum(below) of the same rows f8[n] and its linearised standard error.

    `persons` i8[n], 0 to G - 1: rows of one person are summed first.
    """
    total = float(below.sum())
    value = float(above.sum()) / total
    residual = above - value * below
    if persons is not None:
        residual = np.bincount(persons, weights=residual).astype(float)
    n = len(residual)
    return value, math.sqrt(float((residual**2).sum()) * n / max(n - 1, 1)) / abs(total)


def shrunk(values: np.ndarray, errors: np.ndarray) -> np.ndarray:
    """Values f8[m] drawn towards their common mean, the more the less is known of each.

    Normal-normal empirical Bayes with the moment estimate of the spread between groups (DerSimonian and
    Laird, 1986; Morris, 1983): the largest of many noisy figures is largest partly by luck.
    """
    if len(values) < 3:
        return np.asarray(values, dtype=float).copy()
    weight = 1.0 / np.maximum(np.asarray(errors, dtype=float), 1e-9) ** 2
    middle = float((weight * values).sum() / weight.sum())
    surplus = float((weight * (values - middle) ** 2).sum()) - (len(values) - 1)
    between = max(surplus / float(weight.sum() - (weight**2).sum() / weight.sum()), 0.0)
    both = 1.0 / (1.0 / weight + between)
    centre = float((both * values).sum() / both.sum())
    return centre + between * both * (np.asarray(values) - centre)

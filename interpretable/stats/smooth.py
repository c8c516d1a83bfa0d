"""The smooth calibration curve: what happened, as a smooth function of what was said.

Chances: logistic regression of the outcome on a restricted cubic spline of the log-odds of the prediction
(Harrell, 2015, section 10.11; Austin and Steyerberg, 2014). Amounts: least squares on a spline of the
prediction with HC3 errors. Bands are pointwise, by the delta method: they hold at each place by itself, not
for the whole curve at once. Distances from the diagonal are the ICI, E50 and E90 of Austin and Steyerberg
(2019).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from interpretable.stats import clustered, logistic
from interpretable.stats.delong import Z
from interpretable.stats.metrics import expit, logit
from interpretable.stats.spline import basis, place_knots

FEWEST = 20  # rows: below, no curve
DRAWS, CELLS = 200, 2_000_000


@dataclass(frozen=True, eq=False)
class Smooth:
    """The curve at `grid`, with its band, and at the rows themselves."""

    grid: np.ndarray
    value: np.ndarray
    low: np.ndarray
    high: np.ndarray
    at_rows: np.ndarray
    knots: int


def knots_for(n: int) -> int:
    """3 knots below 100 rows, 4 below 500, else 5 (Harrell's advice of 3 to 5, by sample size)."""
    return 3 if n < 100 else 4 if n < 500 else 5


@dataclass(frozen=True, eq=False)
class _Design:
    """Standardised scale, knots on it, and the columns of the rows."""

    centre: float
    spread: float
    knots: np.ndarray
    rows: np.ndarray

    def at(self, x: np.ndarray) -> np.ndarray:
        return basis((x - self.centre) / self.spread, self.knots)


def _design(x: np.ndarray) -> _Design | str:
    if len(x) < FEWEST:
        return "too_few_rows"
    centre, spread = float(x.mean()), float(x.std())
    if spread <= 1e-9 * (1.0 + abs(centre)):
        return "constant_prediction"
    scaled = (x - centre) / spread
    knots = place_knots(scaled, knots_for(len(x)))
    if len(np.unique(scaled)) <= len(knots):  # fewer values than bends: the straight line is all there is
        knots = np.zeros(0)
    return _Design(centre, spread, knots, basis(scaled, knots))


def chances(
    observed: np.ndarray, probability: np.ndarray, grid: np.ndarray, *, groups: np.ndarray | None = None
) -> Smooth | str:
    """The curve of a 0/1 outcome at the probabilities `grid`, or the code of why there is none.

    With `groups` (int[n], 0..G-1) the band is cluster-robust (Liang and Zeger, 1986).
    """
    link = logit(probability)
    design = _design(link)
    if isinstance(design, str):
        return design
    if min(observed.sum(), len(observed) - observed.sum()) < 5:
        return "one_class" if len(np.unique(observed)) < 2 else "too_few_rows"
    solution = logistic.fit(design.rows, observed)
    if solution is None:
        return "separation"
    at_rows, covariance, wide = expit(design.rows @ solution[0]), solution[1], Z
    if groups is not None:
        covariance = _clustered(design.rows * (observed - at_rows)[:, None], covariance, groups)
        wide = clustered.quantile(groups)
    middle, error = _line(design.at(logit(grid)), solution[0], covariance)
    low, high = expit(middle - wide * error), expit(middle + wide * error)
    return Smooth(grid, expit(middle), low, high, at_rows, len(design.knots))


def _clustered(scores: np.ndarray, inverse: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Sandwich covariance from the rows' scores f8[n, m], summed by group."""
    summed = clustered.sums(scores, groups)
    count = len(summed)
    return inverse @ (summed.T @ summed) @ inverse * count / max(count - 1, 1)


def amounts(
    observed: np.ndarray, predicted: np.ndarray, grid: np.ndarray, *, groups: np.ndarray | None = None
) -> Smooth | str:
    """The curve of an amount at the predictions `grid`, or the code of why there is none."""
    from scipy.special import stdtrit

    design = _design(predicted)
    if isinstance(design, str):
        return design
    beta, inverse, scores = _least_squares(design.rows, observed)
    covariance, degrees = inverse @ (scores.T @ scores) @ inverse, len(observed) - len(beta)
    if groups is not None:
        covariance, degrees = _clustered(scores, inverse, groups), max(int(groups.max()), 1)
    middle, error = _line(design.at(grid), beta, covariance)
    half = float(stdtrit(degrees, 0.975)) * error
    return Smooth(grid, middle, middle - half, middle + half, design.rows @ beta, len(design.knots))


def _least_squares(rows: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Coefficients, inverse of rows' rows, and the scores of HC3 errors (MacKinnon and White, 1985)."""
    inverse = np.linalg.inv(rows.T @ rows)
    beta = inverse @ rows.T @ y
    leverage = np.minimum(np.einsum("ij,jk,ik->i", rows, inverse, rows), 1.0 - 1e-9)
    scores = rows * ((y - rows @ beta) / (1.0 - leverage))[:, None]
    return beta, inverse, scores


def _line(columns: np.ndarray, beta: np.ndarray, covariance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    variance = np.einsum("ij,jk,ik->i", columns, covariance, columns)
    return columns @ beta, np.sqrt(np.maximum(variance, 0.0))


def distances(happened: np.ndarray, said: np.ndarray) -> tuple[float, float, float]:
    """ICI, E50 and E90: mean, median and 90th percentile of |curve - prediction| over the rows."""
    gap = np.abs(happened - said)
    middle, far = np.quantile(gap, [0.5, 0.9])
    return float(gap.mean()), float(middle), float(far)


def ici_by_chance(
    probability: np.ndarray, *, seed: int, draws: int = DRAWS, level: float = 0.95
) -> float | None:
    """The ICI that perfectly calibrated predictions stay under in `level` of samples of this size.

    The curve follows chance, so an ICI of 0 is never seen; outcomes are drawn from the predictions.
    """
    design = _design(logit(probability))
    if isinstance(design, str):
        return None
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(max(min(draws, CELLS // len(probability)), 40)):
        y = (rng.random(len(probability)) < probability).astype(float)
        solution = logistic.fit(design.rows, y) if 0 < y.sum() < len(y) else None
        if solution is not None:
            found.append(float(np.abs(expit(design.rows @ solution[0]) - probability).mean()))
    return float(np.quantile(found, level)) if len(found) >= 20 else None

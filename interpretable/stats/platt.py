"""Recalibration with few parameters: Platt scaling (binary) and temperature (multiclass).

Both use Platt's smoothed targets (Platt, 1999): a row of a class with N rows counts as (N + 1) / (N + 2) of
an event, not 1. The solution is then finite even where the scores separate the classes. A slope below
MIN_SLOPE would turn the ranking round, so it is held there.
"""

from __future__ import annotations

import numpy as np

from interpretable.stats import logistic
from interpretable.stats.metrics import expit

MIN_SLOPE = 1e-3


def fit_platt(link: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Slope > 0 and intercept so that expit(slope * link + intercept) is calibrated.

    Newton with step halving (Lin, Lin and Weng, 2007). One class only, or a constant link: the slope cannot
    be known and stays 1, the intercept alone is fitted.

    Parameters
    ----------
    link : f8[n], out-of-fold scores on the log-odds scale
    y : 0/1, [n]

    Examples
    --------
    >>> slope, intercept = fit_platt(np.array([-4.0, -2, 2, 4] * 50), np.array([0, 1, 0, 1] * 50))
    >>> round(slope, 2), round(abs(intercept), 2)
    (0.21, 0.0)
    """
    scores, positive = np.asarray(link, dtype=float), np.asarray(y) == 1
    target = _smoothed(positive)
    spread = float(scores.std())
    if positive.all() or not positive.any() or spread <= 1e-12 * (1.0 + abs(float(scores.mean()))):
        return 1.0, _intercept(scores, target)
    centre = float(scores.mean())
    design = np.column_stack([np.ones(len(scores)), (scores - centre) / spread])
    solution = logistic.fit(design, target)
    slope = solution[0][1] / spread if solution is not None else -1.0
    if solution is None or slope < MIN_SLOPE:
        return MIN_SLOPE, _intercept(MIN_SLOPE * scores, target)
    return float(slope), float(solution[0][0] - slope * centre)


def _smoothed(positive: np.ndarray) -> np.ndarray:
    events, others = int(positive.sum()), int((~positive).sum())
    return np.where(positive, (events + 1.0) / (events + 2.0), 1.0 / (others + 2.0))


def _intercept(offset: np.ndarray, target: np.ndarray) -> float:
    """The shift that makes the mean probability equal the mean target; monotone, so found by bisection."""
    reach = float(np.abs(offset).max()) + 40.0
    low, high = -reach, reach
    for _ in range(200):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if expit(offset + middle).mean() < target.mean() else (low, middle)
    return 0.5 * (low + high)


def fit_temperature(links: np.ndarray, y: np.ndarray) -> float:
    """Slope > 0 so that softmax(slope * links) is calibrated (Guo et al., 2017; slope = 1 / temperature).

    Parameters
    ----------
    links : f8[n, K], out-of-fold scores before the softmax
    y : class indices, [n]
    """
    centred = np.asarray(links, dtype=float) - np.max(links, axis=1, keepdims=True)
    target = _smoothed_classes(np.asarray(y, dtype=int), centred.shape[1])
    wanted = float((target * centred).sum())
    low, high = MIN_SLOPE, MIN_SLOPE
    if _pull(centred, low) >= wanted or not np.ptp(centred):
        return MIN_SLOPE if np.ptp(centred) else 1.0
    while _pull(centred, high) < wanted and high < 1e6:
        high *= 2.0
    for _ in range(100):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if _pull(centred, middle) < wanted else (low, middle)
    return 0.5 * (low + high)


def _pull(centred: np.ndarray, slope: float) -> float:
    """Expected score under the model, rising in the slope: the derivative of the log-partition function."""
    weight = np.exp(slope * centred)
    return float(((weight * centred).sum(axis=1) / weight.sum(axis=1)).sum())


def _smoothed_classes(y: np.ndarray, classes: int) -> np.ndarray:
    counts = np.bincount(y, minlength=classes)[y]
    kept = (counts + 1.0) / (counts + 2.0)
    target = np.repeat(((1.0 - kept) / max(classes - 1, 1))[:, None], classes, axis=1)
    target[np.arange(len(y)), y] = kept
    return target

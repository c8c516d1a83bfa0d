"""Restricted cubic splines: smooth in the middle, straight lines beyond the outer knots.

Harrell (2015), Regression Modeling Strategies, section 2.4.5: knots at fixed quantiles.
"""

from __future__ import annotations

import numpy as np

QUANTILES = {
    3: (0.10, 0.50, 0.90),
    4: (0.05, 0.35, 0.65, 0.95),
    5: (0.05, 0.275, 0.50, 0.725, 0.95),
}


def place_knots(x: np.ndarray, count: int) -> np.ndarray:
    """Knots at Harrell's quantiles; fewer where values repeat, none where that leaves fewer than three.

    Examples
    --------
    >>> place_knots(np.arange(101.0), 3)
    array([10., 50., 90.])
    """
    knots = np.unique(np.quantile(x, QUANTILES[count]))
    if len(knots) == count:
        return knots
    return place_knots(x, count - 1) if count > 3 else np.zeros(0)


def basis(x: np.ndarray, knots: np.ndarray) -> np.ndarray:
    """f8[n, max(k, 2)] for k knots: 1, x and k - 2 curved columns, in units of x."""
    x = np.asarray(x, dtype=float)
    columns = [np.ones(len(x)), x]
    if len(knots) >= 3:
        last, before = knots[-1], knots[-2]
        span = (last - knots[0]) ** 2
        tail, edge = _cubed(x - last), _cubed(x - before)
        for knot in knots[:-2]:
            bent = _cubed(x - knot) - edge * (last - knot) / (last - before)
            columns.append((bent + tail * (before - knot) / (last - before)) / span)
    return np.column_stack(columns)


def _cubed(x: np.ndarray) -> np.ndarray:
    return np.maximum(x, 0.0) ** 3

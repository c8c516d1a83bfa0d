"""Fine steps of a curve joined into a few: the best cut into segments, by dynamic programming."""

from __future__ import annotations

import numpy as np


def segment(
    values: np.ndarray, weights: np.ndarray, *, most: int, smallest: float, enough: float
) -> tuple[int, ...]:
    """First positions of the segments that lose least of a step function (Bellman, 1961).

    Parameters
    ----------
    values : f8[n] height of each step
    weights : f8[n] rows in each step
    most : segments, at most
    smallest : rows in each segment, at least (a single segment may have fewer)
    enough : share of the weighted variance at which no further segment is worth its line on the card

    Returns
    -------
    Rising positions, the first is 0.

    Examples
    --------
    >>> segment(np.array([0.0, 0.1, 2.0, 2.1]), np.full(4, 10.0), most=3, smallest=10, enough=0.9)
    (0, 2)
    """
    cost = _costs(values, weights, smallest)
    count = len(values)
    best = [cost[0].copy()]  # best[m][j]: steps 0..j in m + 1 segments
    first: list[np.ndarray] = []
    for _ in range(1, most):
        before = np.concatenate([[np.inf], best[-1][:-1]])  # up to the step before a segment's first
        table = before[:, None] + cost
        first.append(np.argmin(table, axis=0))
        best.append(table[first[-1], np.arange(count)])
    losses = np.array([one[-1] for one in best])
    losses[0] = cost[0, -1] if np.isfinite(cost[0, -1]) else np.inf
    total = _spread(values, weights)
    good = np.flatnonzero(losses <= (1.0 - enough) * total + 1e-12)
    pieces = int(good[0]) if len(good) else int(np.argmin(losses))
    starts, end = [], count - 1
    for place in range(pieces, 0, -1):
        starts.append(int(first[place - 1][end]))
        end = starts[-1] - 1
    return (0, *reversed(starts))


def _spread(values: np.ndarray, weights: np.ndarray) -> float:
    middle = np.average(values, weights=weights + 1e-12)
    return float(np.sum(weights * (values - middle) ** 2))


def _costs(values: np.ndarray, weights: np.ndarray, smallest: float) -> np.ndarray:
    """f8[n, n]: squared loss of the segment i..j; infinite where it is empty or has too few rows."""
    w = np.concatenate([[0.0], np.cumsum(weights)])
    wy = np.concatenate([[0.0], np.cumsum(weights * values)])
    wyy = np.concatenate([[0.0], np.cumsum(weights * values**2)])
    ends = np.arange(1, len(w))
    rows = w[None, ends] - w[:-1, None]
    sums = wy[None, ends] - wy[:-1, None]
    cost = np.maximum(wyy[None, ends] - wyy[:-1, None] - sums**2 / np.maximum(rows, 1e-12), 0.0)
    allowed = (ends[None, :] > np.arange(len(values))[:, None]) & (rows >= smallest)
    allowed[0, -1] = True
    return np.where(allowed, cost, np.inf)

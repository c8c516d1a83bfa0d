"""Rows that do not repeat one another."""

from __future__ import annotations

from typing import Any

import numpy as np


def distances(points: Any, row: int) -> np.ndarray:
    """Euclidean distances f8[m] of all points to one of them; `points` is f8[m, d], dense or sparse CSR."""
    if isinstance(points, np.ndarray):
        return np.sqrt(((points - points[row]) ** 2).sum(axis=1))
    lengths = np.asarray(points.multiply(points).sum(axis=1)).ravel()
    products = np.asarray((points @ points[[row]].T).todense()).ravel()
    return np.sqrt(np.maximum(lengths + lengths[row] - 2.0 * products, 0.0))


def typical_distance(points: Any, *, most: int = 50) -> float:
    """Median distance between up to `most` of the points and all that differ from them; 0 if none do."""
    rows = np.unique(np.linspace(0, points.shape[0] - 1, min(most, points.shape[0])).astype(int))
    found = np.concatenate([distances(points, int(r)) for r in rows])
    apart = found[found > 1e-9]
    return float(np.median(apart)) if len(apart) else 0.0


def without_copies(points: Any, n: int, *, before: int, alike: float) -> list[int]:
    """Up to n positions in their order, leaving out what is nearly the same as a row taken earlier.

    Parameters
    ----------
    points : f8[m, d], dense or sparse CSR
    before : the last `before` points are taken already
    alike : rows nearer than this share of the typical distance are nearly the same
    """
    m = points.shape[0]
    left = np.arange(m) < m - before
    least = alike * typical_distance(points) if m else 0.0
    for row in range(m - before, m):
        left &= distances(points, row) > least
    taken: list[int] = []
    while len(taken) < n and left.any():
        taken.append(int(np.argmax(left)))
        left &= distances(points, taken[-1]) > least
    return taken

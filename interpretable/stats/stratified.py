"""The share of a whole from chance samples of its parts: point and interval."""

from __future__ import annotations

import math

import numpy as np

from interpretable.stats.delong import Z
from interpretable.stats.intervals import wilson


def share(
    hits: np.ndarray, n: np.ndarray, sizes: np.ndarray, *, z: float = Z
) -> tuple[float, tuple[float, float]]:  # fmt: skip
    """Share of all rows, each part weighing as many rows as it has, and its interval.

    The limits of the parts (Wilson, 1927) are put together by recovering variance estimates (Zou and
    Donner, 2008): the distance of the limit from the estimate is the root of the summed squares of the parts'
    weighted distances. It keeps a width where a part shows no hit, which the textbook variance does not.

    Parameters
    ----------
    hits, n : i8[h] hits among the rows drawn by chance from each part; every n above 0
    sizes : i8[h] rows of each part

    Examples
    --------
    >>> value, (low, high) = share(np.array([1, 6]), np.array([20, 20]), np.array([300, 100]))
    >>> round(value, 4), round(low, 3), round(high, 3)
    (0.1125, 0.063, 0.262)
    """
    weights = np.asarray(sizes, dtype=float) / float(np.sum(sizes))
    own = np.asarray(hits, dtype=float) / np.asarray(n, dtype=float)
    ends = np.array([wilson(float(k), float(m), z=z) for k, m in zip(hits, n, strict=True)])
    value = float(weights @ own)
    down = math.sqrt(float(np.sum((weights * (own - ends[:, 0])) ** 2)))
    up = math.sqrt(float(np.sum((weights * (ends[:, 1] - own)) ** 2)))
    return value, (max(value - down, 0.0), min(value + up, 1.0))


def allocate(sizes: np.ndarray, wanted: int, *, least: int = 2) -> np.ndarray:
    """Rows i8[h] to draw from each part: by its size, but `least` of each, if it has as many."""
    sizes = np.asarray(sizes, dtype=np.int64)
    wanted = min(wanted, int(sizes.sum()))
    exact = sizes * wanted / max(int(sizes.sum()), 1)
    floor = np.minimum(sizes, least if least * int((sizes > 0).sum()) <= wanted else 0)
    given = np.minimum(sizes, np.maximum(np.floor(exact).astype(np.int64), floor))
    while given.sum() < wanted:
        room = given < sizes
        given[int(np.argmax(np.where(room, exact - given, -np.inf)))] += 1
    while given.sum() > wanted:
        spare = given > floor
        given[int(np.argmax(np.where(spare, given - exact, -np.inf)))] -= 1
    return given


def kappa(table: np.ndarray) -> float:
    """Agreement beyond chance (Cohen, 1960) of shares or counts f8[K, K]; nan where both always say the same.

    Examples
    --------
    >>> round(kappa(np.array([[20, 5], [10, 15]])), 2)
    0.4
    """
    shares = np.asarray(table, dtype=float) / float(np.sum(table))
    chance = float(shares.sum(axis=1) @ shares.sum(axis=0))
    return math.nan if chance >= 1.0 - 1e-12 else (float(np.trace(shares)) - chance) / (1.0 - chance)

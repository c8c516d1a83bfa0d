"""Maps that never fall, learned from outcomes: isotonic regression and Venn-Abers.

Isotonic regression is the monotone curve with the least squared error (Ayer et al., 1955; Zadrozny and
Elkan, 2002). Venn-Abers (Vovk, Petej and Fedorova, 2015) asks it twice for each case, once with the case
counted as an event and once as none: two probabilities, of which one is calibrated whatever the
distribution, as long as rows are exchangeable. A single number is p1 / (1 - p0 + p1), the one with the
least worst log loss.
"""

from __future__ import annotations

import numpy as np


def isotonic(score: np.ndarray, observed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Distinct scores f8[m], rising, and the isotonic fit there; between them a straight line is meant."""
    from scipy.optimize import isotonic_regression

    distinct, mean, weight = _joined(score, observed)
    return distinct, np.asarray(isotonic_regression(mean, weights=weight).x)


def venn_abers(score: np.ndarray, observed: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Distinct scores f8[m] and p0, p1 there: the isotonic fit with one more row, 0 or 1, at it."""
    distinct, mean, weight = _joined(score, observed)
    upper = _with_one_more(mean, weight)
    lower = 1.0 - _with_one_more(1.0 - mean[::-1], weight[::-1])[::-1]
    return distinct, lower, upper


def merged(p0: np.ndarray, p1: np.ndarray) -> np.ndarray:
    """The single probability of the two."""
    return p1 / (1.0 - p0 + p1)


def _joined(score: np.ndarray, observed: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Distinct scores, mean outcome and number of rows at each."""
    distinct, place = np.unique(np.asarray(score, dtype=float), return_inverse=True)
    weight = np.bincount(place).astype(float)
    return distinct, np.bincount(place, weights=np.asarray(observed, dtype=float)) / weight, weight


def _with_one_more(mean: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """At each place, the isotonic fit there with one more event at it, in O(m) after sorting.

    Algorithms 1 and 2 of Vovk, Petej and Fedorova (2015): slopes of the greatest convex minorant of the
    cumulated sums, while the extra row walks from left to right.
    """
    sums = np.concatenate([[0.0], np.cumsum(mean * weight)]).tolist()
    rows = np.concatenate([[0.0], np.cumsum(weight)]).tolist()
    point = list(zip(rows, sums, strict=True))
    hull = [(-1.0, -1.0), point[0]]
    for p in point[1:]:
        while len(hull) > 1 and not _turns_left(hull[-2], hull[-1], p):
            hull.pop()
        hull.append(p)
    walk, found, before = hull[::-1], np.empty(len(mean)), (-1.0, -1.0)
    for i in range(1, len(point)):
        top, under = walk[-1], walk[-2]
        found[i - 1] = (under[1] - top[1]) / (under[0] - top[0])
        before = (before[0] + point[i][0] - point[i - 1][0], before[1] + point[i][1] - point[i - 1][1])
        if _cross(top, under, before) >= 0.0:
            continue
        walk.pop()
        while len(walk) > 1 and not _turns_left(before, walk[-1], walk[-2]):
            walk.pop()
        walk.append(before)
    return np.clip(found, 0.0, 1.0)


Point = tuple[float, float]


def _cross(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _turns_left(a: Point, b: Point, c: Point) -> bool:
    return _cross(a, b, c) > 0.0


def knots_needed(y: np.ndarray) -> np.ndarray:
    """Marks the knots without which the straight lines would be others: the ends, and the edges of steps."""
    keep = np.ones(len(y), dtype=bool)
    keep[1:-1] = (y[1:-1] != y[:-2]) | (y[1:-1] != y[2:])
    return keep

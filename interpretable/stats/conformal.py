"""Split conformal prediction: ranges and sets of answers that hold the truth in a stated share of all cases.

A score says how badly a candidate answer fits a case; the quantile of the scores of rows that the model never
saw is the border (Vovk, Gammerman and Shafer, 2005; Lei et al., 2018). The only assumption is that these rows
and the new case are exchangeable. The promise is about all cases together (marginal), not about one person;
with one quantile per class or group it holds within each (Mondrian).
"""

from __future__ import annotations

import math

import numpy as np


def quantile(scores: np.ndarray, level: float) -> float | None:
    """The ceil((n + 1) level)-th smallest score; None where n rows are too few for this level.

    Examples
    --------
    >>> quantile(np.arange(1.0, 10.0), 0.9), quantile(np.arange(1.0, 9.0), 0.9)
    (9.0, None)
    """
    n = len(scores)
    rank = rank_of(n, level)
    return float(np.partition(scores, rank - 1)[rank - 1]) if 0 < rank <= n else None


def rank_of(n: int, level: float) -> int:
    """ceil((n + 1) level), safe against 0.9 x 10 = 9.000000000000002."""
    return math.ceil(round((n + 1) * level, 9))


def promised(n: int, level: float) -> tuple[float, float] | None:
    """Where the true share lies in 95 % of all draws of the n rows: Beta(k, n + 1 - k) (Vovk, 2012).

    Exact for scores without ties; with ties the share is at least that.
    """
    from scipy.special import betaincinv

    rank = rank_of(n, level)
    if not 0 < rank <= n:
        return None
    low, high = betaincinv(rank, n + 1 - rank, [0.025, 0.975])
    return float(low), float(high)


def residuals(observed: np.ndarray, predicted: np.ndarray, scale: np.ndarray | None = None) -> np.ndarray:
    """|observed - predicted|, in units of the typical miss `scale` of such a case where it is given."""
    gap = np.abs(observed - predicted)
    return gap if scale is None else gap / scale


def lac_scores(observed: np.ndarray, probability: np.ndarray) -> np.ndarray:
    """1 - probability of what happened, f8[n] (Sadinle, Lei and Wasserman, 2019)."""
    return 1.0 - probability[np.arange(len(observed)), observed]


def lac_sets(probability: np.ndarray, border: float | np.ndarray) -> np.ndarray:
    """bool[n, K]: answers whose 1 - probability is not above the border (one, or one per class).

    The smallest sets on average; a case can get none.
    """
    return 1.0 - probability <= border


def aps_scores(observed: np.ndarray, probability: np.ndarray) -> np.ndarray:
    """Summed probability of the answers from the likeliest down to what happened (Romano et al., 2020)."""
    order = np.argsort(-probability, axis=1, kind="stable")
    summed = np.cumsum(np.take_along_axis(probability, order, axis=1), axis=1)
    place = np.argmax(order == np.asarray(observed)[:, None], axis=1)
    return summed[np.arange(len(order)), place]


def aps_sets(probability: np.ndarray, border: float) -> np.ndarray:
    """bool[n, K]: the likeliest answers as long as their sum is not above the border, and always the first.

    Not randomised, so that a case always gets the same set; the first answer is kept so that no set is empty,
    which can only raise the coverage. With few classes many sums are 1, and ties hold more than was promised.
    """
    order = np.argsort(-probability, axis=1, kind="stable")
    inside = np.zeros(probability.shape, dtype=bool)
    summed = np.cumsum(np.take_along_axis(probability, order, axis=1), axis=1)
    kept = summed <= border + 1e-12  # rounding of sums that are 1
    kept[:, :1] = True
    np.put_along_axis(inside, order, kept, axis=1)
    return inside


def typical_miss(predicted: np.ndarray, miss: np.ndarray, *, most: int = 8) -> tuple[np.ndarray, np.ndarray]:
    """Mean |residual| as straight lines over the prediction: knots f8[k] and heights f8[k], k at least 1.

    Bins of equal size with at least 30 rows each; heights are kept above a tenth of their mean, so that a
    range never closes.
    """
    count = int(np.clip(len(miss) // 30, 1, most))
    parts = np.array_split(np.argsort(predicted, kind="stable"), count)
    centres = np.array([predicted[p].mean() for p in parts])
    heights = np.array([miss[p].mean() for p in parts])
    knots, first = np.unique(centres, return_index=True)
    floor = max(0.1 * float(miss.mean()), 1e-12)
    return knots, np.maximum(heights[first], floor)

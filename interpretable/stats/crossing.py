"""From how many rows on is one method ahead of another? Where two learning curves cross, and its range."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from interpretable.stats import bootstrap

RESAMPLES = 2000


def crossing(sizes: Sequence[int], lead: np.ndarray) -> float:
    """Number of rows from which on `lead` stays above 0, straight between the sizes on a logarithmic scale.

    Parameters
    ----------
    sizes : rising numbers of training rows
    lead : f8[S], above 0 where the first method is ahead

    Returns
    -------
    The first size where it is ahead at every size; infinity where it is behind at the last.

    Examples
    --------
    >>> round(crossing([10, 100, 1000], np.array([-1.0, -1.0, 1.0])), 1)
    316.2
    """
    behind = np.flatnonzero(np.asarray(lead) <= 0.0)
    if not len(behind):
        return float(sizes[0])
    last = int(behind[-1])
    if last == len(sizes) - 1:
        return math.inf
    part = -lead[last] / (lead[last + 1] - lead[last])
    low, high = math.log(sizes[last]), math.log(sizes[last + 1])
    return math.exp(low + part * (high - low))


def crossing_range(
    sizes: Sequence[int], leads: np.ndarray, *, seed: int = 0, resamples: int = RESAMPLES
) -> tuple[float, float]:
    """95 % percentile interval of `crossing` over test rows; either end may be infinite.

    The rows are resampled together at all sizes. It does not hold the chance of another draw of training
    rows.

    Parameters
    ----------
    leads : f8[S, n], lead on each test row at each size
    """
    rows = leads.shape[1]
    draws = [
        crossing(sizes, leads @ (weight / weight.sum()))
        for block in bootstrap.weights(rows, resamples=resamples, seed=seed)
        for weight in np.atleast_2d(block)
    ]
    low, high = np.quantile(draws, [0.025, 0.975], method="inverted_cdf")
    return float(low), float(high)

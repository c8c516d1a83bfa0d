"""Bias-corrected and accelerated bootstrap interval (Efron, 1987; Efron and Tibshirani, 1993, section 14.3).

It moves the ends of the percentile interval for median bias (from the resamples) and skewness (from leaving
out one row, one person, or one block of rows at a time).
"""

from __future__ import annotations

import numpy as np

from interpretable.stats.bootstrap import CELLS, FEWEST, USABLE, Statistic, percentile

BLOCKS = 200  # left out one by one, at most: the acceleration needs no more


def jackknife(statistic: Statistic, n: int, *, groups: np.ndarray | None = None) -> np.ndarray:
    """The statistic without each row (or group): f8[u] or f8[u, m]. Above BLOCKS units, without each block.

    NaN below FEWEST units, as of `bootstrap.distribution`.
    """
    unit = np.arange(n) if groups is None else groups
    count = int(unit.max(initial=-1)) + 1
    if count > BLOCKS:  # a fixed shuffle: rows come sorted by score, and neighbours would be alike
        unit, count = np.random.default_rng(0).permutation(count)[unit] % BLOCKS, BLOCKS
    if count < FEWEST:
        return np.full_like(statistic(np.ones((max(count, 1), n))), np.nan)
    step = max(1, CELLS // n)
    left_out = [np.arange(s, min(s + step, count)) for s in range(0, count, step)]
    return np.concatenate([statistic((unit[None, :] != some[:, None]).astype(float)) for some in left_out])


def bca(
    value: float, draws: np.ndarray, left_out: np.ndarray, *, level: float = 0.95
) -> tuple[float, float] | None:
    """BCa interval from f8[b] resamples and f8[u] of `jackknife`; None where one is too often undefined."""
    from scipy.special import ndtr, ndtri

    kept, without = draws[np.isfinite(draws)], left_out[np.isfinite(left_out)]
    if len(kept) < max(FEWEST, USABLE * len(draws)) or len(without) < max(FEWEST, USABLE * len(left_out)):
        return None
    tolerance = 1e-12 * max(1.0, abs(value))
    below = (kept < value - tolerance).mean() + 0.5 * (np.abs(kept - value) <= tolerance).mean()
    if not 0.0 < below < 1.0:
        return percentile(draws, level=level)
    bias = ndtri(below)
    apart = without.mean() - without
    square = float((apart**2).sum())
    pull = 0.0 if square <= 0.0 else float((apart**3).sum()) / (6.0 * square**1.5)
    z = bias + ndtri(np.array([(1 - level) / 2, (1 + level) / 2]))
    ends = ndtr(bias + z / (1.0 - pull * z))
    low, high = np.quantile(kept, ends)
    return float(low), float(high)

"""Tests by shuffling, and adjustment for several of them."""

from __future__ import annotations

import math

import numpy as np

CELLS = 4_000_000  # shuffled values held at once


def holm(p_values: np.ndarray) -> np.ndarray:
    """p-values adjusted for all of them (Holm, 1979).

    Examples
    --------
    >>> [round(float(p), 3) for p in holm(np.array([0.01, 0.04, 0.03]))]
    [0.03, 0.06, 0.06]
    """
    given = np.asarray(p_values, dtype=float)
    order = np.argsort(given, kind="stable")
    stepped = np.maximum.accumulate(given[order] * np.arange(len(given), 0, -1))
    adjusted = np.empty(len(given))
    adjusted[order] = np.minimum(stepped, 1.0)
    return adjusted


def welch(inside: np.ndarray, outside: np.ndarray) -> tuple[float, float, float]:
    """Difference of means, its standard error and degrees of freedom (Welch, 1947); two values on each side.

    Without any spread the error is 0 and the degrees of freedom are those of a pooled test.
    """
    a, b = (float(np.var(v, ddof=1)) / len(v) for v in (inside, outside))
    gap = float(np.mean(inside)) - float(np.mean(outside))
    if a + b <= 0.0:
        return gap, 0.0, float(len(inside) + len(outside) - 2)
    freedom = (a + b) ** 2 / (a**2 / (len(inside) - 1) + b**2 / (len(outside) - 1))
    return gap, math.sqrt(a + b), freedom


def welch_interval(inside: np.ndarray, outside: np.ndarray, *, level: float = 0.95) -> tuple[float, float]:
    """Interval of the difference of two means."""
    from scipy.special import stdtrit

    gap, error, freedom = welch(inside, outside)
    half = float(stdtrit(freedom, (1 + level) / 2)) * error
    return gap - half, gap + half


def higher_inside(values: np.ndarray, masks: np.ndarray, *, resamples: int, seed: int) -> np.ndarray:
    """One-sided p per subset of "the mean inside is not higher than outside".

    Values are shuffled over the rows; the statistic is Welch's t, which keeps the level also where the spread
    differs (Janssen, 1997). p = (b + 1) / (m + 1).

    Parameters
    ----------
    values : f8[n]
    masks : bool[n, m], each with at least two rows inside and outside
    """
    middle, inside = values - values.mean(), masks.astype(float)
    sizes = inside.sum(axis=0)
    own = _welch_t(middle[None, :], inside, sizes)[0]
    random, beyond, done = np.random.default_rng(seed), np.ones(masks.shape[1]), 0
    while done < resamples:
        step = min(max(CELLS // max(len(values), 1), 1), resamples - done)
        shuffled = random.permuted(np.tile(middle, (step, 1)), axis=1)
        beyond += (_welch_t(shuffled, inside, sizes) >= own - 1e-12).sum(axis=0)
        done += step
    return beyond / (resamples + 1)


def _welch_t(values: np.ndarray, inside: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """f8[b, m] of values f8[b, n] and masks f8[n, m]; 0 where there is no spread."""
    rest = values.shape[1] - sizes
    first, second = values @ inside, values**2 @ inside
    left, left_second = values.sum(axis=1, keepdims=True), (values**2).sum(axis=1, keepdims=True)
    spread = np.maximum(second - first**2 / sizes, 0.0) / (sizes - 1) / sizes
    spread = spread + np.maximum(left_second - second - (left - first) ** 2 / rest, 0.0) / (rest - 1) / rest
    gap = first / sizes - (left - first) / rest
    return np.divide(gap, np.sqrt(spread), out=np.zeros_like(gap), where=spread > 1e-300)


def between_groups(values: np.ndarray, group: np.ndarray, *, resamples: int, seed: int) -> float:
    """p of "the mean is the same in every group": shuffled values, weighted spread of the group means.

    Parameters
    ----------
    values : f8[n]
    group : i8[n] in 0..G-1, each with at least one row
    """
    middle = values - values.mean()
    hot = np.eye(int(group.max()) + 1)[group]
    sizes = hot.sum(axis=0)
    own = float((((middle @ hot) ** 2) / sizes).sum())
    random, beyond, done = np.random.default_rng(seed), 1, 0
    while done < resamples:
        step = min(max(CELLS // max(len(values), 1), 1), resamples - done)
        shuffled = random.permuted(np.tile(middle, (step, 1)), axis=1)
        beyond += int(((((shuffled @ hot) ** 2) / sizes).sum(axis=1) >= own * (1 - 1e-12)).sum())
        done += step
    return beyond / (resamples + 1)

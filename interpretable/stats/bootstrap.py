"""Bootstrap by row weights: a resample is a row of counts, a statistic is a function of weights.

Rows are sorted once, not per resample: 2,000 resamples of 20,000 rows take seconds where a loop over a
library metric takes most of a minute. Intervals are percentile intervals (Efron and Tibshirani, 1993,
chapter 13), bootstrap-t for mean losses; p-values are (b + 1) / (m + 1) and so never zero (Davison and
Hinkley, 1997, section 4.2).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

Statistic = Callable[[np.ndarray], np.ndarray]  # f8[b, n] weights -> f8[b] or f8[b, m]

CELLS = 2_000_000  # weights held at once: 16 MB
FEWEST = 10  # rows: below this the resamples are too alike to speak of an interval
USABLE = 0.9  # share of resamples on which the statistic must be defined


def weights(n: int, *, resamples: int, seed: int) -> Iterator[np.ndarray]:
    """Counts of n draws with replacement, f8[b, n] per step, b chosen so that memory stays flat."""
    rng = np.random.default_rng(seed)
    step = max(1, min(resamples, CELLS // max(n, 1)))
    for start in range(0, resamples, step):
        rows = min(step, resamples - start)
        drawn = rng.integers(0, n, size=(rows, n)) + np.arange(rows)[:, None] * n
        yield np.bincount(drawn.ravel(), minlength=rows * n).reshape(rows, n).astype(float)


def distribution(statistic: Statistic, n: int, *, resamples: int, seed: int) -> np.ndarray:
    """The statistic on every resample of n rows: f8[resamples] or f8[resamples, m]; NaN below FEWEST rows."""
    if n < FEWEST:
        return np.full_like(statistic(np.ones((resamples, n))), np.nan)
    return np.concatenate([statistic(w) for w in weights(n, resamples=resamples, seed=seed)])


def percentile(draws: np.ndarray, *, level: float = 0.95) -> tuple[float, float] | None:
    """Percentile interval; None where the statistic was undefined on more than a tenth of the resamples."""
    kept = draws[np.isfinite(draws)]
    if len(draws) == 0 or len(kept) < USABLE * len(draws):
        return None
    low, high = np.quantile(kept, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def studentised(values: np.ndarray, draws: np.ndarray, *, level: float = 0.95) -> tuple[float, float] | None:
    """Bootstrap-t interval of the mean of f8[n] `values`, from `draws` of `mean_and_error` (f8[b, 2]).

    For the mean of a skewed loss it keeps its level in small samples, where the percentile interval does
    not: with 50 rows and 5 % events, log loss, 95 % against 88 % (Efron and Tibshirani, 1993, section 12.5;
    Hall, 1988).
    """
    mean, error = mean_and_error(values)(np.ones((1, len(values))))[0]
    gap = draws[:, 0] - mean
    ratios = np.divide(gap, draws[:, 1], out=np.full_like(gap, np.nan), where=draws[:, 1] > 1e-12 * error)
    edges = percentile(ratios, level=level)
    return None if edges is None else (float(mean - edges[1] * error), float(mean - edges[0] * error))


def mean_and_error(values: np.ndarray) -> Statistic:
    """Weighted mean of f8[n] and its standard error: f8[b, 2]."""
    middle = float(values.mean()) if len(values) else 0.0
    moments = weighted_mean(np.column_stack([values - middle, (values - middle) ** 2]))

    def statistic(w: np.ndarray) -> np.ndarray:
        first, second = moments(w).T
        spread = np.maximum(second - first**2, 0.0)
        return np.column_stack([first + middle, np.sqrt(spread / w.sum(axis=1))])

    return statistic


def p_value(draws: np.ndarray, estimate: float) -> float | None:
    """Two-sided p of "no difference": how often a recentred resample is as far from zero as the estimate."""
    kept = draws[np.isfinite(draws)]
    if len(draws) == 0 or len(kept) < USABLE * len(draws):
        return None
    tolerance = 1e-12 * max(1.0, abs(estimate))
    beyond = int((np.abs(kept - estimate) >= abs(estimate) - tolerance).sum())
    return (beyond + 1) / (len(kept) + 1)


def weighted_mean(values: np.ndarray) -> Statistic:
    """Weighted mean of f8[n] or f8[n, m]."""

    def statistic(w: np.ndarray) -> np.ndarray:
        total = w.sum(axis=1)
        return (w @ values) / (total if values.ndim == 1 else total[:, None])

    return statistic


def _per_score(score: np.ndarray) -> tuple[np.ndarray, np.ndarray, bool]:
    """Order from the highest score down, first place of each distinct score, whether there are ties."""
    order = np.argsort(-np.asarray(score, dtype=float), kind="stable")
    ranked = np.asarray(score)[order]
    starts = np.flatnonzero(np.r_[True, ranked[1:] != ranked[:-1]]) if len(ranked) else np.zeros(0, int)
    return order, starts, len(starts) < len(ranked)


def _joined(score: np.ndarray, observed: np.ndarray) -> Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Weights -> weight of (all, events) per distinct score, highest score first."""
    order, starts, ties = _per_score(score)
    event = (np.asarray(observed)[order] == 1).astype(float)

    def join(w: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        ranked = w[:, order]
        events = ranked * event
        if not ties:
            return ranked, events
        return np.add.reduceat(ranked, starts, axis=1), np.add.reduceat(events, starts, axis=1)

    return join


def weighted_average_precision(observed: np.ndarray, score: np.ndarray) -> Statistic:
    """Average precision of weighted rows; NaN where no event has weight."""
    join = _joined(score, observed)

    def statistic(w: np.ndarray) -> np.ndarray:
        every, events = join(w)
        seen = np.maximum(np.cumsum(every, axis=1), 1e-300)
        area = (events * np.cumsum(events, axis=1) / seen).sum(axis=1)
        total = events.sum(axis=1)
        return np.divide(area, total, out=np.full_like(area, np.nan), where=total > 0)

    return statistic


def weighted_auroc(observed: np.ndarray, score: np.ndarray) -> Statistic:
    """AUROC of weighted rows, ties count one half; NaN where a class has no weight."""
    join = _joined(score, observed)

    def statistic(w: np.ndarray) -> np.ndarray:
        every, events = join(w)
        others = every - events
        above = np.cumsum(events, axis=1) - 0.5 * events
        pairs = events.sum(axis=1) * others.sum(axis=1)
        won = (others * above).sum(axis=1)
        return np.divide(won, pairs, out=np.full_like(won, np.nan), where=pairs > 0)

    return statistic

"""How well one column alone tells the target: ranks, and levels judged on rows they were not counted from."""

from __future__ import annotations

import numpy as np
import pandas as pd

_BINS = 50
_FOLDS = 5


def rank_auroc(scores: np.ndarray, event: np.ndarray) -> float:
    """Chance that a random event scores higher than a random non-event, ties half (Mann-Whitney).

    scores f8[n], event bool[n]; NaN where there is only one kind.
    """
    events = int(event.sum())
    others = len(event) - events
    if not events or not others:
        return float("nan")
    ranks = mid_ranks(scores)
    return float((ranks[event].sum() - events * (events + 1) / 2) / (events * others))


def mid_ranks(scores: np.ndarray) -> np.ndarray:
    """Ranks from 1, ties sharing their mean rank."""
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return (ends - (counts - 1) / 2)[inverse]


def cell_codes(values: np.ndarray) -> np.ndarray:
    """A cell per row: 0 for missing, numbers in up to 50 bins of equal count, every other level by itself."""
    if values.dtype != np.float64:
        return pd.factorize(values)[0] + 1
    present = values[~np.isnan(values)]
    if not len(present):
        return np.zeros(len(values), dtype=np.int64)
    levels = np.unique(present)
    cuts = (
        levels
        if len(levels) <= _BINS
        else np.unique(np.quantile(present, np.linspace(0, 1, _BINS + 1)[1:-1]))
    )
    return np.where(np.isnan(values), 0, np.searchsorted(cuts, values, side="right") + 1)


def out_of_fold_rates(cells: np.ndarray, outcome: np.ndarray) -> np.ndarray:
    """Mean outcome of each row's cell on the other folds, drawn to the overall mean by one row's weight.

    Leaving out only the row itself would give its outcome away (the mean of the others falls where it is
    high), and counting the row in would let a column of unique values look perfect.

    cells int[n], outcome f8[n] -> f8[n]
    """
    rng = np.random.default_rng(0)
    fold = rng.permutation(len(cells)) % _FOLDS
    n_cells = int(cells.max(initial=0)) + 1
    both = cells * _FOLDS + fold
    counts = np.bincount(both, minlength=n_cells * _FOLDS).reshape(n_cells, _FOLDS)
    sums = np.bincount(both, weights=outcome, minlength=n_cells * _FOLDS).reshape(n_cells, _FOLDS)
    elsewhere_n = counts.sum(axis=1, keepdims=True) - counts
    elsewhere = sums.sum(axis=1, keepdims=True) - sums
    rates = (elsewhere + outcome.mean()) / (elsewhere_n + 1)
    return rates[cells, fold]


def class_auroc(values: np.ndarray, target: np.ndarray, classes: int, *, hopeless: float = 1.0) -> float:
    """AUROC of one column alone: binary, or the mean over classes against the rest; 0.5 where unknown.

    A number is also taken as it is, in both directions, on the rows where it is known. Counting stops when
    the mean cannot come nearer to 1 than `hopeless` any more; the value is then only an upper bound.
    """
    cells = cell_codes(values)
    chosen = (1,) if classes == 2 else range(classes)
    short = 0.0  # of perfect, over the classes so far
    for label in chosen:
        event = target == label
        if event.any():
            short += 1 - rank_auroc(out_of_fold_rates(cells, event.astype(np.float64)), event)
        if short > hopeless * len(chosen):
            break
    best = 1 - short / len(chosen)
    if classes == 2 and values.dtype == np.float64:
        best = max(best, _direct(values, target))
    return best


def _direct(values: np.ndarray, target: np.ndarray) -> float:
    known = ~np.isnan(values)
    event = target[known] == 1
    if known.mean() < 0.2 or min(event.sum(), (~event).sum()) < 10:
        return 0.5
    value = rank_auroc(values[known], event)
    return max(value, 1 - value)


def rank_correlation(values: np.ndarray, target: np.ndarray) -> float:
    """Absolute Spearman correlation with a numeric target, on the rows where the column is known."""
    known = ~np.isnan(values)
    if known.mean() < 0.2 or known.sum() < 20:
        return 0.0
    x, y = mid_ranks(values[known]), mid_ranks(target[known])
    if x.std() == 0 or y.std() == 0:
        return 0.0
    return float(abs(np.corrcoef(x, y)[0, 1]))


def partitions(values: np.ndarray, target: np.ndarray) -> int:
    """Number of levels that cut a numeric target into bands without overlap; 0 where they do not.

    Levels of fewer than 3 rows are not counted, and 2 levels at least must be left.
    """
    cells = cell_codes(values) if values.dtype != np.float64 else pd.factorize(values)[0] + 1
    bands = (
        pd.DataFrame({"cell": cells, "y": target})[cells > 0].groupby("cell")["y"].agg(["min", "max", "size"])
    )
    bands = bands[bands["size"] >= 3].sort_values(["min", "max"])
    if len(bands) < 2 or bands["size"].sum() < 0.8 * len(target) or bands["size"].mean() < 5:
        return 0
    apart = bands["max"].to_numpy()[:-1] <= bands["min"].to_numpy()[1:]
    return len(bands) if apart.all() else 0

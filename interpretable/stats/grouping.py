"""Grouping loss: what one sureness hides, because it is right for all rows together but not for each kind.

A sureness can be calibrated and still say 80 % of two kinds of rows of which one is right in 95 % and the
other in 65 %. The part of the Brier score that is lost by this is the grouping loss (Kull and Flach, 2015).
It cannot be measured without knowing every row's own chance, but any division into regions bounds it from
below: the spread of the regions' shares within bins of equal sureness (Perez-Lebel, Le Morvan and Varoquaux,
2023). The regions must have been drawn on other rows.
"""

from __future__ import annotations

import numpy as np

from interpretable.stats.bootstrap import weights

BIN_ROWS = 40  # rows to a bin of sureness, about


def bins_of(sureness: np.ndarray, *, most: int = 5) -> np.ndarray:
    """Bin i8[n] of each row, bins of about equal counts; ties stay together."""
    count = max(1, min(most, len(sureness) // BIN_ROWS))
    cuts = np.quantile(sureness, np.arange(1, count) / count) if count > 1 else np.zeros(0)
    return np.asarray(np.searchsorted(cuts, sureness, side="right"))


def lower_bound(
    bins: np.ndarray, regions: np.ndarray, right: np.ndarray, *, seed: int = 0, resamples: int = 1000
) -> tuple[float, float]:
    """(estimate, 95 % one-sided lower end) of the grouping loss that the regions explain, Brier scale.

    In each bin: the weighted variance of the regions' shares, less what sampling alone would give
    (share x (1 - share) / (n - 1) for a region, less the same for the whole bin). A region of one row in a
    bin adds nothing. The estimate can be below 0: then the regions explain nothing.

    Parameters
    ----------
    bins, regions : i8[n]
    right : bool[n]
    """
    hits = np.asarray(right, dtype=float)
    cells = bins * (int(regions.max(initial=0)) + 1) + regions
    found = _explained(np.ones((1, len(hits))), bins, cells, hits)[0]
    drawn = [
        _explained(w, bins, cells, hits) for w in weights(len(hits), resamples=resamples, seed=seed)
    ]  # each resample carries the noise of sampling once more than the rows do
    spread = float(np.concatenate(drawn).std())
    return float(found), float(found - 1.6448536269514722 * spread)


def _explained(w: np.ndarray, bins: np.ndarray, cells: np.ndarray, hits: np.ndarray) -> np.ndarray:
    """f8[b] for weights f8[b, n]."""
    total, out = w.sum(axis=1), np.zeros(len(w))
    for one in np.unique(bins):
        inside = bins == one
        size = w[:, inside].sum(axis=1)
        share = _ratio((w[:, inside] * hits[inside]).sum(axis=1), size)
        for cell in np.unique(cells[inside]):
            own = cells == cell
            n = w[:, own].sum(axis=1)
            mean = _ratio((w[:, own] * hits[own]).sum(axis=1), n)
            noise = mean * (1 - mean) / np.maximum(n - 1, 1) * (1 - _ratio(n, size))
            out += n / total * np.where(n > 1, (mean - share) ** 2 - noise, 0.0)
    return out


def _ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    return np.divide(above, below, out=np.zeros_like(above), where=below > 0)

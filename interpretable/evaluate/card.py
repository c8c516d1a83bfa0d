"""What became of the test rows at each total of a points card."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from interpretable.evaluate.figure import proportion, whole
from interpretable.records.evaluation import Figure
from interpretable.records.simple import CardBand
from interpretable.stats.intervals import mean_t

BANDS = 8
FEWEST = 5  # rows of a band: fewer could point at a person


def card_bands(
    totals: np.ndarray, target: np.ndarray, estimates: np.ndarray, *, lowest: int, binary: bool
) -> tuple[CardBand, ...]:
    """Neighbouring totals joined to about `BANDS` bands of equal size, each with what was observed.

    Parameters
    ----------
    totals : i8[n] total points of each row
    target : [n] 0/1 or values
    estimates : f8[m] the model's estimate at the totals lowest, lowest + 1, ...

    Returns
    -------
    Bands from the lowest total that can be reached to the highest, without gaps; () for fewer than 5 rows.
    """
    if len(totals) < FEWEST:
        return ()
    highest = lowest + len(estimates) - 1
    ends = _ends(totals, lowest, highest)
    starts = [lowest, *(end + 1 for end in ends[:-1])]
    found = []
    for low, high in zip(starts, ends, strict=True):
        inside = (totals >= low) & (totals <= high)
        found.append(
            CardBand(
                low=low,
                high=high,
                n=int(inside.sum()),
                observed=_observed(target[inside], binary=binary),
                estimate=float(estimates[totals[inside] - lowest].mean()),
                estimate_low=float(estimates[low - lowest]),
                estimate_high=float(estimates[high - lowest]),
            )
        )
    return tuple(found)


def _ends(totals: np.ndarray, lowest: int, highest: int) -> list[int]:
    """Last total of each band."""
    counts = np.bincount(totals - lowest, minlength=highest - lowest + 1)
    least = max(FEWEST, round(counts.sum() / BANDS))
    ends = list(_full(counts, least, lowest))
    rest = counts[(ends[-1] - lowest + 1) if ends else 0 :].sum()
    if ends and rest < FEWEST:
        ends.pop()
    return [*ends, highest]


def _full(counts: np.ndarray, least: int, lowest: int) -> Iterator[int]:
    held = 0
    for place, count in enumerate(counts[:-1]):
        held += count
        if held >= least:
            yield lowest + place
            held = 0


def _observed(target: np.ndarray, *, binary: bool) -> Figure:
    if binary:
        return proportion(int(target.sum()), len(target), empty="no_rows")
    return whole(float(target.mean()), mean_t(target), "t")

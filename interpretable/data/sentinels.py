"""Values that look like a code for "missing": isolated, implausible, and of a shape people use."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

WORDS = frozenset(
    {"NA", "N/A", "n/a", "#N/A", "NaN", "nan", "NULL", "null", "<NA>", "?", "-", ".", "--", "#NULL!", "NAN"}
)
_WORD_LEVELS = WORDS | {"-9", "-99", "-999", "-9999", "999", "9999"}
_LOW = frozenset({-1.0, -7.0, -8.0, -9.0, -77.0, -88.0, -99.0, -777.0, -888.0, -999.0, -9999.0, -99999.0})
_HIGH = frozenset(
    {
        9.0,
        77.0,
        88.0,
        98.0,
        99.0,
        777.0,
        888.0,
        998.0,
        999.0,
        7777.0,
        8888.0,
        9998.0,
        9999.0,
        99999.0,
        999999.0,
    }
)


@dataclass(frozen=True)
class Suspect:
    """A value that may mean "not known", how often it occurs, and the range of all others."""

    code: str
    count: int
    low: str = ""
    high: str = ""


def number_codes(values: np.ndarray) -> list[Suspect]:
    """Suspects among the numbers f8[n]. The rest must be a real spread, from which they stand apart."""
    levels, counts = np.unique(values[~np.isnan(values)], return_counts=True)
    if len(levels) < 5:
        return []
    marked = np.zeros(len(levels), dtype=bool)
    for judge in (_below, _zero, _above):
        marked |= judge(levels, counts, ~marked)
    if not marked.any() or (~marked).sum() < 3:
        return []
    low, high = (f"{levels[~marked][at]:g}" for at in (0, -1))
    return [Suspect(f"{v:g}", int(n), low, high) for v, n in zip(levels[marked], counts[marked], strict=True)]


def word_codes(values: np.ndarray) -> list[Suspect]:
    """Levels such as "NA", "?" or "-999" in a column of other words."""
    counts = pd.Series(values, dtype=object).value_counts()
    if all(_numeric(level) for level in counts.index):
        return []
    return [Suspect(str(level), int(n)) for level, n in counts.items() if level in _WORD_LEVELS]


def _numeric(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _below(levels: np.ndarray, counts: np.ndarray, rest: np.ndarray) -> np.ndarray:
    """The only negative values, all of them codes."""
    negative = levels < 0
    if not negative.any() or not set(levels[negative]) <= _LOW:
        return np.zeros(len(levels), dtype=bool)
    others = levels[~negative]
    gap = others.min() - levels[negative].max()
    single_step = len(others) < 5 or gap <= np.median(np.diff(others)) * 1.5
    return np.zeros(len(levels), dtype=bool) if single_step and levels[negative].min() >= -1 else negative


def _zero(levels: np.ndarray, counts: np.ndarray, rest: np.ndarray) -> np.ndarray:
    """0, where every other value is positive, far from 0 and densely spread."""
    out = np.zeros(len(levels), dtype=bool)
    others = levels[rest & (levels != 0)]
    if 0.0 not in levels or len(others) < 10 or others[0] <= 0:
        return out
    middle, spread = _middle(levels, counts, rest & (levels != 0))
    far = others[0] >= 0.25 * middle and middle / max(spread, 1e-12) > 3.5
    if far and others[0] > 10 * np.median(np.diff(others)):
        out[levels == 0] = True
    return out


def _above(levels: np.ndarray, counts: np.ndarray, rest: np.ndarray) -> np.ndarray:
    """Values at the top, all nines or the like, after a gap wider than half the range of the others."""
    out = np.zeros(len(levels), dtype=bool)
    top = len(levels)
    while top > 1 and levels[top - 1] in _HIGH and rest[top - 1]:
        top -= 1
        others = levels[:top][rest[:top]]
        if len(others) < 4 or counts[top:].sum() < 3:
            continue
        middle, spread = _middle(levels, counts, rest & (np.arange(len(levels)) < top))
        gap = levels[top] - others[-1]
        if gap >= 0.5 * np.ptp(others) and gap > 1 and levels[top] - middle > 3.5 * spread:
            out[top:] = True
    return out


def _middle(levels: np.ndarray, counts: np.ndarray, chosen: np.ndarray) -> tuple[float, float]:
    """Median, and the standard deviation a normal distribution with these quartiles has."""
    cumulated = np.cumsum(counts[chosen]) / counts[chosen].sum()
    quarter, half, three = (levels[chosen][np.searchsorted(cumulated, share)] for share in (0.25, 0.5, 0.75))
    return float(half), float((three - quarter) / 1.349)

"""Cutting a sensitive column into groups that have names."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from interpretable.records.task import Column

NOT_KNOWN = "not known"
SMALL = "other, under 5 rows each"
SMALL_ROWS = 5  # smaller levels could point at a person
FEW_VALUES = 6  # a number with no more distinct values than this is a code, not a quantity
BANDS = 4

Group = tuple[str, np.ndarray]  # label, row positions


def groups_of(values: np.ndarray, column: Column) -> list[Group]:
    """Named groups that hold every row once: levels or bands in order, then small ones, then missing."""
    if column.kind == "number":
        numbers = values.astype(float)
        missing = np.isnan(numbers)
        known = numbers[~missing]
        labels = _codes(known) if len(np.unique(known)) <= FEW_VALUES else _bands(known)
    else:
        missing = np.array([v is None or v != v for v in values], dtype=bool)
        labels = _levels([str(v) for v in values[~missing]], column.levels)
    place = np.flatnonzero(~missing)
    groups = [(name, place[rows]) for name, rows in _join_small(labels)]
    return [*groups, (NOT_KNOWN, np.flatnonzero(missing))] if missing.any() else groups


def _levels(values: list[str], declared: tuple[str, ...]) -> list[Group]:
    """Declared order first, then the others in alphabetical order."""
    text = np.array(values, dtype=object)
    seen = set(values)
    order = [level for level in declared if level in seen] + sorted(seen.difference(declared))
    return [(level, np.flatnonzero(text == level)) for level in order]


def _codes(known: np.ndarray) -> list[Group]:
    return [(f"{value:g}", np.flatnonzero(known == value)) for value in np.unique(known)]


def _join_small(groups: list[Group]) -> list[Group]:
    large = [g for g in groups if len(g[1]) >= SMALL_ROWS]
    small = [g[1] for g in groups if len(g[1]) < SMALL_ROWS]
    return [*large, (SMALL, np.sort(np.concatenate(small)))] if small else large


def _bands(known: np.ndarray) -> list[Group]:
    """About four bands with round edges over the middle nine tenths of the values."""
    edges = round_edges(known)
    place = np.searchsorted(edges, known, side="right")
    whole = bool(np.all(known == np.round(known))) and bool(np.all(edges == np.round(edges)))
    names = band_names(edges, whole=whole)
    return [(name, rows) for k, name in enumerate(names) if len(rows := np.flatnonzero(place == k))]


def round_edges(known: np.ndarray) -> np.ndarray:
    """Inner edges at multiples of 1, 2, 2.5 or 5 times a power of ten; the median where that leaves none."""
    low, high = np.quantile(known, [0.05, 0.95])
    rough = (high - low) / BANDS
    if rough <= 0.0:
        return np.array([float(np.median(known))])
    power = 10.0 ** math.floor(math.log10(rough))
    step = power * min((1.0, 2.0, 2.5, 5.0, 10.0), key=lambda m: abs(math.log(m * power / rough)))
    first, last = math.floor(low / step) + 1, math.ceil(high / step) - 1
    edges = np.round(np.arange(first, last + 1) * step, 12)
    return edges if len(edges) else np.array([float(np.median(known))])


def band_names(edges: np.ndarray, *, whole: bool) -> list[str]:
    """ "< 40", "40 – 49" (whole numbers) or "40 – < 50", "≥ 60": signs, the same in every language."""
    inner = [
        f"{a:.6g} – {b - 1:.6g}" if whole and b - a > 1 else f"{a:.6g}" if whole else f"{a:.6g} – < {b:.6g}"
        for a, b in pairwise(edges)
    ]
    return [f"< {edges[0]:.6g}", *inner, f"≥ {edges[-1]:.6g}"]

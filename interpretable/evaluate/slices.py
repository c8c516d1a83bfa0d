"""Cutting columns into conditions that have names, and finding the rows that meet them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas

from interpretable.evaluate.bands import FEW_VALUES, NOT_KNOWN, SMALL_ROWS, band_names
from interpretable.records.dataset import Dataset
from interpretable.records.diagnostics import Condition, Conditions
from interpretable.records.task import Column

FINE = 20.0  # round edges are multiples of about a twentieth of the middle nine tenths
QUARTERS = (0.25, 0.5, 0.75)
MOST_LEVELS = 12
SMALLEST_EDGE_ROWS = 5  # no band of the training rows holds fewer


def round_quantiles(known: np.ndarray, shares: Sequence[float]) -> np.ndarray:
    """Quantiles of f8[n] at multiples of 1, 2, 2.5 or 5 times a power of ten; perhaps fewer, or none."""
    low, high = np.quantile(known, [0.05, 0.95])
    rough = (high - low) / FINE or float(np.ptp(known)) / FINE
    if rough <= 0.0:
        return np.zeros(0)
    power = 10.0 ** math.floor(math.log10(rough))
    step = power * min((1.0, 2.0, 2.5, 5.0, 10.0), key=lambda m: abs(math.log(m * power / rough)))
    edges = np.unique(np.round(np.round(np.quantile(known, list(shares)) / step) * step, 12))
    below = np.array([(known < edge).sum() for edge in edges])
    kept = (below >= SMALLEST_EDGE_ROWS) & (len(known) - below >= SMALLEST_EDGE_ROWS)
    return edges[kept]


def conditions_of(column: Column, values: np.ndarray, *, halves: bool = True) -> list[Condition]:
    """Bands of about a quarter of the rows and, with `halves`, of about half; levels of at least 5 rows.

    A number of at most 6 different values is a code: each value is a condition. Missing values are one too,
    where at least 5 rows have them. Free text has none.
    """
    if column.kind == "text":
        return []
    missing = pandas.isna(pandas.Series(values, dtype=object)).to_numpy()
    known = values[~missing]
    found = (
        _numbers(column, known.astype(float), halves) if column.kind == "number" else _levels(column, known)
    )
    if missing.sum() >= SMALL_ROWS and len(known) >= SMALL_ROWS:
        found.append(Condition(feature=column.name, kind="missing", group=NOT_KNOWN))
    return found


def _levels(column: Column, known: np.ndarray) -> list[Condition]:
    counts = pandas.Series([str(v) for v in known], dtype=object).value_counts()
    common = sorted(level for level in counts.index[:MOST_LEVELS] if counts[level] >= SMALL_ROWS)
    return [Condition(feature=column.name, kind="level", group=level) for level in common]


def _numbers(column: Column, known: np.ndarray, halves: bool) -> list[Condition]:
    if len(known) == 0:
        return []
    values, counts = np.unique(known, return_counts=True)
    if len(values) <= FEW_VALUES:
        shown = [float(v) for v, n in zip(values, counts, strict=True) if n >= SMALL_ROWS]
        return [Condition(feature=column.name, kind="code", group=f"{v:g}", low=v) for v in shown]
    found = _bands(column.name, known, round_quantiles(known, QUARTERS))
    middle = _bands(column.name, known, round_quantiles(known, (0.5,))) if halves else []
    return found + [c for c in middle if c not in found]


def _bands(name: str, known: np.ndarray, edges: np.ndarray) -> list[Condition]:
    if len(edges) == 0:
        return []
    whole = bool(np.all(known == np.round(known))) and bool(np.all(edges == np.round(edges)))
    ends = [None, *(float(e) for e in edges), None]
    return [
        Condition(feature=name, kind="band", group=label, low=low, high=high)
        for label, (low, high) in zip(band_names(edges, whole=whole), pairwise(ends), strict=True)
    ]


def member(condition: Condition, values: np.ndarray) -> np.ndarray:
    """bool[n]: which values meet the condition."""
    missing = pandas.isna(pandas.Series(values, dtype=object)).to_numpy()
    if condition.kind == "missing":
        return missing
    if condition.kind == "level":
        return ~missing & np.array([str(v) == condition.group for v in values], dtype=bool)
    numbers = np.asarray(values, dtype=float)
    if condition.kind == "code":
        return np.asarray(numbers == condition.low)
    low = -np.inf if condition.low is None else condition.low
    high = np.inf if condition.high is None else condition.high
    return np.asarray((numbers >= low) & (numbers < high))


def rows_of(conditions: Conditions, rows: Dataset) -> np.ndarray:
    """bool[n]: which rows meet all conditions."""
    met = np.ones(len(rows), dtype=bool)
    for condition in conditions:
        met &= member(condition, rows.frame[condition.feature].to_numpy())
    return met


def members(conditions: Sequence[Condition], rows: Dataset) -> np.ndarray:
    """f8[n, C] 0/1."""
    parts = [member(c, rows.frame[c.feature].to_numpy()) for c in conditions]
    return np.column_stack(parts).astype(float) if parts else np.zeros((len(rows), 0))


def search_space(rows: Dataset, names: Sequence[str], *, most: int = 30) -> list[Condition]:
    """Conditions of these columns, in their order, as cut on these rows."""
    found = []
    for name in list(names)[:most]:
        found += conditions_of(rows.task.column(name), rows.frame[name].to_numpy())
    return found

"""Kinds of rows on which a language model's sureness is off: a small tree, grown and shown on other rows.

The tree looks, among the calibration answers, for columns that tell where the answer is right more or less
often than the (already recalibrated) sureness says. On the test answers each kind is then held against what
is said of it, and the grouping loss that the kinds explain is bounded from below (`stats/grouping`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from interpretable.evaluate.selective import exact
from interpretable.records.dataset import Dataset
from interpretable.records.llm_baseline import Condition, Kind, Kinds
from interpretable.stats import grouping

LEAF = 15  # calibration answers to a kind
NEEDED = 60  # answers, calibration and test each
FEWEST = 10  # right, and wrong answers
DEPTH = 2
CUTS = (0.2, 0.4, 0.5, 0.6, 0.8)  # quantiles where a number may be divided


@dataclass(frozen=True, eq=False, kw_only=True)
class Answers:
    """Answered rows: how sure the answer is f8[n], and whether it is right bool[n]."""

    rows: Dataset
    sureness: np.ndarray
    right: np.ndarray

    def __len__(self) -> int:
        return len(self.right)


def find_kinds(mode: str, proof: Answers, test: Answers, *, seed: int = 0) -> Kinds:
    """Grow on the calibration answers, show on the test answers."""
    told = Kinds(mode=mode, fitted=len(proof), needed=NEEDED)
    wrong = int((~proof.right).sum())
    if min(len(proof), len(test)) < NEEDED or min(wrong, len(proof) - wrong) < FEWEST:
        return replace(told, skipped="too_few")
    paths = list(_grow(proof, np.arange(len(proof)), (), proof.right - proof.sureness))
    if len(paths) < 2:
        return replace(told, skipped="nothing_divides")
    regions = np.zeros(len(test), dtype=np.int64)
    for i, path in enumerate(paths):
        regions[np.all([meets(one, test.rows) for one in path], axis=0)] = i
    loss, low = grouping.lower_bound(grouping.bins_of(test.sureness), regions, test.right, seed=seed)
    found = []
    for i, path in enumerate(paths):
        own = regions == i
        n = int(own.sum())
        says = float(test.sureness[own].mean()) if n else 0.0
        found.append(Kind(path=path, n=n, says=says, right=exact(int(test.right[own].sum()), n)))
    return replace(told, kinds=tuple(found), loss=loss, loss_low=low)


def _grow(
    proof: Answers, inside: np.ndarray, path: tuple[Condition, ...], off: np.ndarray
) -> Iterator[tuple[Condition, ...]]:
    """Paths to the kinds: divided where that sets apart best where the sureness is off, no side too small."""
    best, most = None, 0.0
    for condition in _questions(proof.rows.take(inside)) if len(path) < DEPTH else ():
        met = meets(condition, proof.rows.take(inside))
        if LEAF <= met.sum() <= len(inside) - LEAF:
            gap = float(off[inside][met].mean() - off[inside][~met].mean())
            gain = gap**2 * met.sum() * (~met).sum() / len(inside)
            if gain > most:
                best, most = (condition, met), gain
    if best is None:
        yield path
        return
    condition, met = best
    yield from _grow(proof, inside[met], (*path, condition), off)
    yield from _grow(proof, inside[~met], (*path, opposite(condition)), off)


def _questions(rows: Dataset) -> Iterator[Condition]:
    """Every question that may divide these rows; groups that are declared count as columns."""
    for column in rows.task.columns:
        if column.kind == "text" or (column.exclude and not column.sensitive):
            continue
        values = rows.frame[column.name].dropna()
        if column.kind == "number":
            cuts = np.unique(np.quantile(values, CUTS)) if len(values) else ()
            yield from (Condition(column=column.name, low=float(cut)) for cut in cuts)
        else:
            yield from (Condition(column=column.name, level=str(one)) for one in sorted(set(values)))


def opposite(condition: Condition) -> Condition:
    """The other side; rows whose value is not known are there."""
    return replace(condition, negated=not condition.negated)


def meets(condition: Condition, rows: Dataset) -> np.ndarray:
    """bool[n]"""
    values = rows.frame[condition.column]
    if condition.low is not None:
        met = values.to_numpy(dtype=float) >= condition.low
    else:
        met = (values == condition.level).to_numpy(dtype=bool)
    return ~met if condition.negated else met

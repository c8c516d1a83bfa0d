"""A points card read back from the additive model it is."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np

from interpretable.errors import BrokenPromise
from interpretable.records.additive import AdditiveModel, TableTerm
from interpretable.records.dataset import Dataset
from interpretable.records.simple import CardColumn, CardLine
from interpretable.score.coding import code

FEW = 5  # levels of fewer training rows could point at a person: they are not named
EXACT = 1e-6  # of a point


def points_of(model: AdditiveModel, unit: float) -> tuple[np.ndarray, ...]:
    """Integer points i8[cells] of each term; BrokenPromise where the scores are no multiples of the unit."""
    found = []
    for term in model.terms:
        if not isinstance(term, TableTerm) or len(term.features) != 1:
            raise BrokenPromise("A points card holds something else than one table per column.")
        raw = term.scores[:, 0] / unit
        if np.abs(raw - np.round(raw)).max() > EXACT:
            raise BrokenPromise("A points card holds scores that are no whole points.")
        found.append(np.round(raw).astype(int))
    return tuple(found)


def totals(model: AdditiveModel, points: tuple[np.ndarray, ...], rows: Dataset) -> np.ndarray:
    """Total points i8[n] of the rows."""
    total = np.zeros(len(rows), dtype=int)
    for term, own in zip(model.terms, points, strict=True):
        if isinstance(term, TableTerm):
            values = rows.frame[model.features[term.features[0]].name].to_numpy()
            total += own[code(term.axes[0], values)]
    return total


def card_columns(
    model: AdditiveModel, points: tuple[np.ndarray, ...], train: Dataset
) -> tuple[CardColumn, ...]:
    """The card column by column, the column with the widest points first."""
    found = []
    for term, own in zip(model.terms, points, strict=True):
        if isinstance(term, TableTerm):
            name = model.features[term.features[0]].name
            found.append((int(np.ptp(own)), CardColumn(feature=name, lines=_lines(term, own, train, name))))
    return tuple(column for _, column in sorted(found, key=lambda one: -one[0]))


def _lines(term: TableTerm, points: np.ndarray, train: Dataset, name: str) -> tuple[CardLine, ...]:
    axis = term.axes[0]
    missing = CardLine(kind="missing", points=int(points[0]))
    if axis.cuts is not None:
        ends = [None, *(float(cut) for cut in axis.cuts), None]
        bins = [
            CardLine(kind="bin", points=int(points[i]), low=low, high=high)
            for i, (low, high) in enumerate(pairwise(ends), start=1)
        ]
        return (*_joined(bins), missing)
    seen = Counter(train.frame[name].dropna())
    lines = []
    for worth in sorted({int(points[cell]) for cell in axis.codes}):
        labels = [a for a, cell in zip(axis.labels, axis.codes, strict=True) if points[cell] == worth]
        named = tuple(label for label in labels if seen[label] >= FEW)
        lines.append(CardLine(kind="level", points=worth, levels=named, rare=len(named) < len(labels)))
    return (*lines, missing, CardLine(kind="other", points=int(points[-1])))


def _joined(bins: list[CardLine]) -> list[CardLine]:
    """Neighbouring bins of equal points as one line."""
    kept = bins[:1]
    for line in bins[1:]:
        if line.points == kept[-1].points:
            kept[-1] = CardLine(kind="bin", points=line.points, low=kept[-1].low, high=line.high)
        else:
            kept.append(line)
    return kept

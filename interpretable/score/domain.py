"""Is this row like those the model learned from?

Four questions, each answered per row: is a number outside the (widened) training range, or a level never
seen; is a text written in words that were hardly ever seen (score/familiar.py); is there a pair of values
that training rows hardly ever had together though both are common; is the row as a whole further from the
middle (Mahalanobis distance of the scaled numbers) than nearly all training rows. The limits of the last
three are set on rows held out of the fit, so that each alone flags about 1 % of rows like the training rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pandas

from interpretable.records.additive import Axis, Feature
from interpretable.records.domain import DomainModel, LevelSet, NumberRange, RareCell
from interpretable.records.explanation import Domain
from interpretable.score.additive import Columns
from interpretable.score.coding import code
from interpretable.score.familiar import Familiar, fit_familiar

KEEP = 0.99  # share of held-out rows below each limit
MARGIN = 0.1  # of the training range
CELLS = 8  # quantile cells of a number
MOST_FEATURES = 25  # in pairs
MOST_LEVELS = 50
FLOOR = 1.8  # log(expected / observed) below which a combination is never called rare


def _range(feature: Feature, values: np.ndarray) -> NumberRange:
    seen = values[~np.isnan(values)]
    if not len(seen):
        return NumberRange(feature=feature.name, low=0.0, high=0.0, cuts=(), centre=0.0, scale=1.0)
    low, high = float(seen.min()), float(seen.max())
    inner = np.unique(np.quantile(seen, np.linspace(0, 1, CELLS + 1)[1:-1]))
    margin = MARGIN * (high - low)
    return NumberRange(
        feature=feature.name,
        low=low - margin,
        high=high + margin,
        cuts=tuple(float(c) for c in inner if c > low),
        centre=float(np.median(seen)),
        scale=float(seen.std()) or 1.0,
    )


def _axes(numbers: tuple[NumberRange, ...], levels: tuple[LevelSet, ...]) -> dict[str, Axis]:
    axes = {n.feature: Axis(cuts=np.array(n.cuts)) for n in numbers}
    for known in levels:
        codes = tuple(range(1, len(known.levels) + 1))
        axes[known.feature] = Axis(labels=known.levels, codes=codes)
    return axes


def _pair_features(axes: dict[str, Axis]) -> list[str]:
    usable = [name for name, axis in axes.items() if 3 < axis.cells <= MOST_LEVELS + 2]
    return usable[:MOST_FEATURES]


def _tables(cells: dict[str, np.ndarray], sizes: dict[str, int]) -> dict[tuple[str, str], np.ndarray]:
    """log((expected + 1/2) / (observed + 1/2)) of every pair of cells, under independence."""
    tables = {}
    for a, b in combinations(cells, 2):
        flat = np.bincount(cells[a] * sizes[b] + cells[b], minlength=sizes[a] * sizes[b])
        observed = flat.reshape(sizes[a], sizes[b]).astype(float)
        expected = observed.sum(1, keepdims=True) * observed.sum(0, keepdims=True) / max(observed.sum(), 1)
        tables[a, b] = np.log((expected + 0.5) / (observed + 0.5))
    return tables


def _surprise(
    tables: dict[tuple[str, str], np.ndarray], cells: dict[str, np.ndarray], rows: int
) -> np.ndarray:
    worst = np.zeros(rows)
    for (a, b), table in tables.items():
        worst = np.maximum(worst, table[cells[a], cells[b]])
    return worst


def _take(cells: dict[str, np.ndarray], keep: np.ndarray) -> dict[str, np.ndarray]:
    return {name: values[keep] for name, values in cells.items()}


def _held_out_surprise(cells: dict[str, np.ndarray], sizes: dict[str, int], part: np.ndarray) -> np.ndarray:
    scores = np.zeros(len(part))
    for fold in np.unique(part):
        tables = _tables(_take(cells, part != fold), sizes)
        scores[part == fold] = _surprise(tables, _take(cells, part == fold), int((part == fold).sum()))
    return scores


def _rare_cells(cells: dict[str, np.ndarray], sizes: dict[str, int], limit: float) -> list[RareCell]:
    found = []
    rows = len(next(iter(cells.values()), ()))
    for (a, b), table in _tables(cells, sizes).items():
        for i, j in np.argwhere(table > limit):
            observed = int(((cells[a] == i) & (cells[b] == j)).sum())
            expected = float((cells[a] == i).mean() * (cells[b] == j).mean() * rows)
            found.append(
                RareCell(
                    first=a,
                    first_cell=int(i),
                    second=b,
                    second_cell=int(j),
                    observed=observed,
                    expected=expected,
                )
            )
    return found


def _scaled(numbers: tuple[NumberRange, ...], columns: Columns) -> np.ndarray:
    """Scaled numbers f8[n, p]; a missing value stands at the middle, extremes are held at 10 deviations."""
    parts = [(np.asarray(columns[n.feature], dtype=np.float64) - n.centre) / n.scale for n in numbers]
    return np.clip(np.nan_to_num(np.column_stack(parts), nan=0.0), -10, 10)


def _precision(scaled: np.ndarray) -> np.ndarray:
    covariance = np.atleast_2d(np.cov(scaled, rowvar=False))
    return np.linalg.inv(covariance + 0.05 * np.eye(len(covariance)))


def _distance(scaled: np.ndarray, precision: np.ndarray) -> np.ndarray:
    return np.sqrt(np.einsum("ij,jk,ik->i", scaled, precision, scaled))


def _held_out_distance(scaled: np.ndarray, part: np.ndarray) -> np.ndarray:
    distances = np.zeros(len(part))
    for fold in np.unique(part):
        distances[part == fold] = _distance(scaled[part == fold], _precision(scaled[part != fold]))
    return distances


def fit_domain(features: tuple[Feature, ...], columns: Columns, rows: int, *, seed: int = 0) -> DomainModel:
    """Describe the training rows."""
    numbers = tuple(
        _range(f, np.asarray(columns[f.name], dtype=float)) for f in features if f.kind == "number"
    )
    labelled = [f.name for f in features if f.kind not in ("number", "text")]
    levels = tuple(
        LevelSet(feature=name, levels=tuple(sorted(set(pandas.Series(columns[name], dtype=object).dropna()))))
        for name in labelled
    )
    texts = tuple(
        fit_familiar(f.name, np.asarray(columns[f.name]), seed=seed) for f in features if f.kind == "text"
    )
    part = np.random.default_rng(seed).permutation(rows) % 5
    axes = _axes(numbers, levels)
    names = _pair_features(axes)
    cells = {name: code(axes[name], np.asarray(columns[name])) for name in names}
    sizes = {name: axes[name].cells for name in names}
    limit = max(float(np.quantile(_held_out_surprise(cells, sizes, part), KEEP)), FLOOR) if cells else np.inf
    rare = tuple(_rare_cells(cells, sizes, limit))
    model = DomainModel(numbers=numbers, levels=levels, texts=texts, rare=rare)
    return _with_distance(model, columns, part) if numbers and rows > 5 * len(numbers) else model


def _with_distance(model: DomainModel, columns: Columns, part: np.ndarray) -> DomainModel:
    scaled = _scaled(model.numbers, columns)
    held_out = _held_out_distance(scaled, part)
    return replace(
        model,
        precision=tuple(tuple(row) for row in _precision(scaled).tolist()),
        distance_limit=float(np.quantile(held_out, KEEP)),
        distance_quantiles=tuple(np.quantile(held_out, np.linspace(0, 1, 101)).tolist()),
    )


class DomainCheck:
    """Asks a DomainModel about rows."""

    def __init__(self, model: DomainModel):
        self.model = model
        self._axes = _axes(model.numbers, model.levels)
        self._precision = np.array(model.precision)
        self._texts = {told.feature: Familiar(told) for told in model.texts}

    def _outside(self, columns: Columns) -> dict[str, np.ndarray]:
        found = {}
        for n in self.model.numbers:
            values = np.asarray(columns[n.feature], dtype=np.float64)
            found[n.feature] = (values < n.low) | (values > n.high)
        return found

    def _unknown(self, columns: Columns) -> dict[str, np.ndarray]:
        axes = {known.feature: self._axes[known.feature] for known in self.model.levels}
        return {name: code(axis, np.asarray(columns[name])) == axis.cells - 1 for name, axis in axes.items()}

    def _rare(self, columns: Columns) -> dict[tuple[str, str], np.ndarray]:
        names = {name for cell in self.model.rare for name in (cell.first, cell.second)}
        cells = {name: code(self._axes[name], np.asarray(columns[name])) for name in names}
        found: dict[tuple[str, str], np.ndarray] = {}
        for cell in self.model.rare:
            hit = (cells[cell.first] == cell.first_cell) & (cells[cell.second] == cell.second_cell)
            pair = (cell.first, cell.second)
            found[pair] = found[pair] | hit if pair in found else hit
        return found

    def _words(self, columns: Columns) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        """Unknown and all words of every text column."""
        return {name: one.count(np.asarray(columns[name])) for name, one in self._texts.items()}

    def _unfamiliar(self, words: dict[str, tuple[np.ndarray, np.ndarray]]) -> dict[str, np.ndarray]:
        return {name: self._texts[name].unfamiliar(*counted) for name, counted in words.items()}

    def _ranks(self, columns: Columns, rows: int) -> tuple[np.ndarray, np.ndarray]:
        """Share of training rows nearer to the middle, and whether the row is beyond the limit."""
        if not len(self._precision):
            return np.zeros(rows), np.zeros(rows, dtype=bool)
        distance = _distance(_scaled(self.model.numbers, columns), self._precision)
        ranks = np.searchsorted(self.model.distance_quantiles, distance) / 101
        return ranks, distance > self.model.distance_limit

    def inside(self, columns: Columns, rows: int) -> np.ndarray:
        """bool[n]: nothing unusual was found."""
        unfamiliar = self._unfamiliar(self._words(columns))
        found = (self._outside(columns), self._unknown(columns), self._rare(columns), unfamiliar)
        return ~_any(self._ranks(columns, rows)[1], *found)

    def explain(self, columns: Columns, rows: int) -> list[Domain]:
        """What is unusual about each row."""
        outside, unknown, rare = self._outside(columns), self._unknown(columns), self._rare(columns)
        words = self._words(columns)
        unfamiliar = self._unfamiliar(words)
        ranks, far = self._ranks(columns, rows)
        inside = ~_any(far, outside, unknown, rare, unfamiliar)
        return [
            Domain(
                inside=bool(inside[i]),
                outside_range=tuple(name for name, hit in outside.items() if hit[i]),
                unknown_levels=tuple(name for name, hit in unknown.items() if hit[i]),
                rare_pairs=tuple(pair for pair, hit in rare.items() if hit[i])[:3],
                unfamiliar_texts=tuple(name for name, hit in unfamiliar.items() if hit[i]),
                unknown_words=tuple((name, int(u[i]), int(n[i])) for name, (u, n) in words.items()),
                distance_rank=float(ranks[i]),
                far=bool(far[i]),
            )
            for i in range(rows)
        ]


def _any(far: np.ndarray, *found: Mapping[Any, np.ndarray]) -> np.ndarray:
    """bool[n]: any of these hits."""
    flagged = far.copy()
    for group in found:
        for hit in group.values():
            flagged |= hit
    return flagged

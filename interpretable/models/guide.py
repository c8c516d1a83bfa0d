"""Where a points card may cut its columns: an EBM without pairs is fitted, and its fine steps are joined."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from interpret.glassbox import ExplainableBoostingClassifier, ExplainableBoostingRegressor
from sklearn.isotonic import isotonic_regression

from interpretable.models.base import Effort
from interpretable.models.segment import segment
from interpretable.records.additive import Axis, Feature
from interpretable.records.dataset import Dataset

SETTINGS = {
    "outer_bags": 3, "interactions": 0, "learning_rate": 0.1, "max_rounds": 500, "max_bins": 48,
    "min_samples_leaf": 4, "early_stopping_rounds": 20,
}  # fmt: skip
KINDS = {"number": "continuous", "category": "nominal", "ordinal": "nominal", "boolean": "nominal"}
MOST = 5  # lines of a column on the card, without the one for missing values
ENOUGH = 0.9  # of a curve's variance: finer steps are hardly worth a line


Inner = tuple[np.ndarray, np.ndarray]  # heights and rows of fine steps


def _fitted(train: Dataset, features: tuple[Feature, ...], effort: Effort) -> Any:
    regression = train.task.kind == "regression"
    kind = ExplainableBoostingRegressor if regression else ExplainableBoostingClassifier
    model = kind(
        feature_names=[f.name for f in features], feature_types=[KINDS[f.kind] for f in features],
        random_state=effort.seed, n_jobs=effort.threads, **SETTINGS,
    )  # fmt: skip
    with warnings.catch_warnings():
        # The warning is about interpret's own charts.
        warnings.filterwarnings("ignore", message="Missing values detected")
        return model.fit(train.frame[[f.name for f in features]], train.target)


def directions(train: Dataset) -> dict[str, int]:
    """Columns whose declared direction must be kept: 1 up, -1 down."""
    return {c.name: 1 if c.expected == "up" else -1 for c in train.task.features if c.enforce}


@dataclass(frozen=True, eq=False)
class Coarse:
    """A few cells of one column, and the height of the EBM's curve in each: f8[cells], 0 on average."""

    axis: Axis
    heights: np.ndarray


def coarsen(train: Dataset, features: tuple[Feature, ...], effort: Effort) -> tuple[Coarse, ...]:
    """One axis of a few cells per feature; a single bin where the EBM sees no difference."""
    model = _fitted(train, features, effort)
    wanted, found = directions(train), []
    for (position,), scores, weights in zip(
        model.term_features_, model.term_scores_, model.bin_weights_, strict=True
    ):
        feature, bins = features[position], model.bins_[position][0]
        fine = np.asarray(scores, float), np.asarray(weights, float)
        inner = fine[0][1:-1], fine[1][1:-1]
        sign = wanted.get(feature.name, 0)
        if isinstance(bins, dict):
            axis, cells = _level_axis(feature, bins, inner, sign=sign, rows=len(train))
        else:
            axis, cells = _number_axis(np.asarray(bins, float), inner, sign=sign, rows=len(train))
        found.append(Coarse(axis, _heights(np.array([0, *cells, axis.cells - 1]), fine, axis.cells)))
    return tuple(found)


def _heights(cells: np.ndarray, fine: Inner, count: int) -> np.ndarray:
    """Mean height over the rows of each coarse cell; 0, the average, where it has none."""
    rows = np.bincount(cells, weights=fine[1], minlength=count)
    sums = np.bincount(cells, weights=fine[0] * fine[1], minlength=count)
    return np.where(rows > 0, sums / np.maximum(rows, 1e-12), 0.0)


def _smallest(rows: int) -> float:
    return max(5.0, 0.03 * rows)


def _kept(values: np.ndarray, weights: np.ndarray, sign: int) -> np.ndarray:
    """The nearest curve that keeps the direction; the curve itself where none is asked for."""
    if not sign or len(values) < 2:
        return values
    return np.asarray(isotonic_regression(values, sample_weight=weights + 1e-9, increasing=sign > 0))


def _number_axis(cuts: np.ndarray, inner: Inner, *, sign: int, rows: int) -> tuple[Axis, np.ndarray]:
    """The axis, and the coarse cell of every fine bin."""
    values, weights = inner
    starts = segment(
        _kept(values, weights, sign), weights, most=MOST, smallest=_smallest(rows), enough=ENOUGH
    )
    cells = np.searchsorted(np.array(starts), np.arange(len(values)), side="right")
    return Axis(cuts=cuts[np.array(starts[1:], dtype=int) - 1]), cells


def _level_axis(
    feature: Feature, bins: dict[str, int], inner: Inner, *, sign: int, rows: int
) -> tuple[Axis, np.ndarray]:
    """Levels joined: an ordinal's neighbours in its own order, other levels by the height of their steps."""
    labels = sorted(bins, key=lambda label: bins[label])
    values, weights = inner
    order = np.argsort(values, kind="stable")
    if feature.kind == "ordinal":
        ranks = {level: rank for rank, level in enumerate(feature.levels)}
        order = np.array(
            sorted(range(len(labels)), key=lambda i: (ranks.get(labels[i], len(ranks)), labels[i]))
        )
    starts = segment(
        _kept(values[order], weights[order], sign), weights[order], most=MOST, smallest=_smallest(rows),
        enough=ENOUGH,
    )  # fmt: skip
    of_place = np.searchsorted(np.array(starts), np.arange(len(labels)), side="right")
    cells = np.empty(len(labels), dtype=int)
    cells[order] = of_place
    listed = tuple(labels[i] for i in order)
    return Axis(labels=listed, codes=tuple(int(c) for c in of_place)), cells

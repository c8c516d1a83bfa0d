"""interpret's boosting on our columns: types and cuts are always given, so it finds out nothing itself."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas
from interpret.glassbox import ExplainableBoostingClassifier, ExplainableBoostingRegressor
from interpret.utils import measure_interactions

from interpretable.models.bins import Slot, coarsened, table
from interpretable.records.dataset import Dataset

Pair = tuple[int, int]  # positions among the slots of the curves


@dataclass(frozen=True, eq=False)
class NativeEBM:
    """A fitted estimator and the columns it reads."""

    model: Any
    slots: tuple[Slot, ...]
    regression: bool

    def scores(self, frame: pandas.DataFrame) -> np.ndarray:
        """Link scores f8[n, K]; what the fit was started from is not in them."""
        rows = table(frame, self.slots)
        raw = self.model.predict(rows) if self.regression else self.model.decision_function(rows)
        return np.asarray(raw, dtype=np.float64).reshape(len(frame), -1)


def _columns(
    slots: tuple[Slot, ...], pairs: tuple[Pair, ...], frame: pandas.DataFrame, *, curves: bool
) -> tuple[tuple[Slot, ...], list[Pair], list[tuple[int]]]:
    """The columns to hand over, the pairs by their places, and the places that get no curve of their own."""
    used = sorted({place for pair in pairs for place in pair})
    coarse = {place: coarsened(slots[place], frame) for place in used}
    if not curves:
        order = {place: position for position, place in enumerate(used)}
        return tuple(coarse.values()), [(order[a], order[b]) for a, b in pairs], []
    added = [place for place in used if coarse[place] is not slots[place]]
    where = {place: place for place in used} | {p: len(slots) + i for i, p in enumerate(added)}
    columns = (*slots, *(coarse[place] for place in added))
    return columns, [(where[a], where[b]) for a, b in pairs], [(where[place],) for place in added]


def fit_native(
    rows: Dataset, slots: tuple[Slot, ...], *, settings: dict[str, Any], pairs: tuple[Pair, ...] = (),
    signs: dict[str, int] | None = None, start: np.ndarray | None = None, weights: np.ndarray | None = None,
    bags: np.ndarray | None = None, offset: np.ndarray | None = None,
) -> NativeEBM:  # fmt: skip
    """Curves and then the given pairs; with `start` f8[n] (link scores of the curves) the pairs alone.

    With `offset` f8[n] or f8[n, K] the curves begin from these link scores, which the fit does not hold.
    `signs` holds +1 or -1 by column name, for directions that the curves must keep. `weights` f8[n] are those
    of the rows; `bags` i1[n, B] says which rows each bag fits (1) and which it stops by (-1).
    """
    columns, places, silent = _columns(slots, pairs, rows.frame, curves=start is None)
    regression = rows.task.kind == "regression"
    kind = ExplainableBoostingRegressor if regression else ExplainableBoostingClassifier
    found = signs or {}
    model = kind(
        feature_names=[slot.name for slot in columns],
        feature_types=[slot.type for slot in columns],
        exclude="mains" if start is not None else silent or None,
        interactions=places or 0,
        monotone_constraints=[found.get(slot.source, 0) for slot in columns] if found else None,
        **settings,
    )
    with warnings.catch_warnings():
        # The warning is about interpret's own charts; ours draw the missing cell.
        warnings.filterwarnings("ignore", message="Missing values detected")
        begin = offset if start is None else start
        model.fit(table(rows.frame, columns, fitting=True), rows.target, weights, bags, init_score=begin)
    return NativeEBM(model, columns, regression)


def rank_pairs(
    rows: Dataset, slots: tuple[Slot, ...], start: np.ndarray, *, candidates: list[Pair], most: int
) -> tuple[Pair, ...]:
    """The candidates that explain most of what the curves leave, strongest first (FAST, Lou et al., 2013)."""
    columns, places, _ = _columns(slots, tuple(candidates), rows.frame, curves=False)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Missing values detected")
        found = measure_interactions(
            table(rows.frame, columns, fitting=True),
            rows.target,
            interactions=places,
            init_score=start,
            feature_names=[slot.name for slot in columns],
            feature_types=[slot.type for slot in columns],
            objective="rmse" if rows.task.kind == "regression" else "log_loss",
        )
    back = dict(zip(places, candidates, strict=True))
    strongest = sorted(found, key=lambda item: (-item[1], item[0]))
    return tuple(back[tuple(pair)] for pair, _ in strongest[:most])

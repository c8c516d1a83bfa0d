"""Text beside a table in one exact sum: the table's curves first, then tokens for what these leave open.

The curves are those of the EBM family. Every one of its bags leaves out a part of the rows, so that each row
gets a score from curves that were not fitted on it. On these scores stands the text layer: link score =
factor * curves + constant + sum over tokens, with a ridge on the tokens' weights and none on the factor
(at least 0). Words, then characters and other units, stay where the losses of inner folds say that they help
beyond what stands already; where none does, the model is the table alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from interpretable.models.base import Effort, Fitted, families
from interpretable.models.beside import BesideFit, fit_beside
from interpretable.models.calibrate import recalibrate
from interpretable.models.ebm import fit_curves, settings_for
from interpretable.models.folds import make_folds
from interpretable.models.text import Recipe, TextDesign, choose_recipe
from interpretable.models.textual import TextLayout
from interpretable.records.additive import AdditiveModel, Feature
from interpretable.records.dataset import Dataset
from interpretable.records.task import Task, TaskKind
from interpretable.score.scorer import AdditiveScorer

PARTS = 8  # of the rows, at most: a bag that leaves out less could not tell when to stop
FEWEST_BAGS = 4  # with two or three, the curves behind a row's score would miss too many rows
ROWS_AT_ONCE = 50_000


@dataclass(frozen=True, eq=False)
class Beside:
    """The layer on top of scores that others gave the rows."""

    kind: TaskKind
    target: np.ndarray
    given: np.ndarray  # f8[n, K]

    def fit(self, matrix: Any, rows: np.ndarray, c: float, start: Any = None) -> BesideFit:
        return fit_beside(self.kind, matrix, self.target[rows], self.given[rows], c=c, start=start)

    def scores(self, model: BesideFit, matrix: Any, rows: np.ndarray) -> np.ndarray:
        return model.scores(matrix, self.given[rows])


def leave_out(train: Dataset, bags: int, seed: int) -> np.ndarray:
    """i1[n, B]: 1 where a bag fits the row, -1 where it only stops by it.

    Up to PARTS bags share one partition of the rows, so that each row is left out by one of them; persons are
    left out whole. Rows that must always be fitted (see `make_folds`) are left out by none.
    """
    marks = np.ones((len(train), bags), dtype=np.int8)
    for first in range(0, bags, PARTS):
        count = max(min(PARTS, bags - first), FEWEST_BAGS)
        folds = make_folds(train, count, seed=seed + first)
        for bag in range(first, min(first + count, bags)):
            marks[folds == bag - first, bag] = -1
    return marks


def held_scores(record: AdditiveModel, train: Dataset, marks: np.ndarray) -> np.ndarray:
    """Link scores f8[n, K] of each row by the bags that left it out; by all bags where none did."""
    scorer, found = AdditiveScorer(record), []
    own = marks if record.bag_intercept is not None and len(record.bag_intercept) == marks.shape[1] else None
    for start in range(0, len(train), ROWS_AT_ONCE):
        rows = train.frame.iloc[start : start + ROWS_AT_ONCE]
        refits = scorer.refit_scores(rows, len(rows))
        if own is None or refits is None:
            found.append(scorer.link_scores(rows, len(rows)))
            continue
        out = own[start : start + ROWS_AT_ONCE].T == -1
        weight = np.where(out.any(axis=0), out, True).astype(np.float64)
        found.append(np.einsum("bn,bnk->nk", weight / weight.sum(axis=0), refits))
    return np.concatenate(found)


@dataclass(frozen=True, eq=False)
class _Parts:
    """What a mixed model is joined from."""

    table: Fitted
    record: AdditiveModel  # of the table
    layout: TextLayout
    layer: BesideFit
    texts: tuple[Feature, ...]

    def model(self) -> AdditiveModel:
        """The sum as one record: tables, then tokens."""
        constant = self.layer.constant
        curves = recalibrate(self.record, self.layer.factor, 0.0)
        assert isinstance(curves, AdditiveModel)
        features = (*self.record.features, *self.texts)
        tokens = self.layout.terms([f.name for f in features], self.layer.weights)
        bags = curves.bag_intercept
        return replace(
            curves, family="mixed", features=features, terms=(*curves.terms, *tokens), calibration={},
            intercept=curves.intercept + constant, bag_intercept=None if bags is None else bags + constant,
        )  # fmt: skip

    def library_scores(self, dataset: Dataset) -> np.ndarray:
        own = self.layout.matrix(dataset, library=True)
        return self.layer.scores(own, self.table.library_scores(dataset))


class Mixed:
    """Curves and pairs of the table, and tokens of the texts."""

    glass_box = True

    def can_fit(self, task: Task) -> bool:
        return bool(task.text_columns) and any(c.kind != "text" for c in task.features)

    def name(self, task: Task) -> str:
        return "mixed"

    def fit(self, train: Dataset, features: tuple[Feature, ...], effort: Effort) -> Fitted:
        usable = tuple(f for f in features if f.kind != "text")
        texts = tuple(f for f in features if f.kind == "text")
        settings = settings_for(train, len(usable), effort)
        settings["outer_bags"] = max(settings["outer_bags"], FEWEST_BAGS)
        marks = leave_out(train, settings["outer_bags"], effort.seed)
        bare = replace(effort, prior=None)  # a prior is taken up by curves or words alone, not by their sum
        table = fit_curves(train, usable, bare, settings=settings, bags=marks)
        record = table.record
        assert isinstance(record, AdditiveModel)
        layer = Beside(train.task.kind, train.target, held_scores(record, train, marks))
        design = TextDesign(train, [f.name for f in texts])
        recipe, losses = choose_recipe(train, design, effort, layer=layer, first=0)
        table = replace(table, notes={**table.notes, "inner_losses": losses})
        if not recipe.parts:
            alone = replace(record, family="mixed", features=(*usable, *texts))
            return replace(table, record=alone, settings={**table.settings, "text": False})
        layout = design.layout(recipe.parts)
        model = layer.fit(layout.matrix(train), np.arange(len(train)), recipe.c)
        parts = _Parts(table, record, layout, model, texts)
        told = {**table.settings, "text": _told(recipe, parts)}
        return replace(table, record=parts.model(), library_scores=parts.library_scores, settings=told)


def _told(recipe: Recipe, parts: _Parts) -> dict[str, Any]:
    return {
        "C": recipe.c, "parts": list(recipe.parts), "penalty": "l2", "table_factor": parts.layer.factor,
        "entries": parts.layout.sizes(),
    }  # fmt: skip


families.add("mixed")(Mixed())

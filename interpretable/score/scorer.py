"""One way to ask any trained model: link scores, effects per feature, scores of its refits."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Protocol

import numpy as np

from interpretable.records.additive import AdditiveModel, Feature, Link, OutputMap
from interpretable.records.boosted import BoostedModel
from interpretable.records.dataset import Dataset
from interpretable.score import additive
from interpretable.score.additive import Columns, typical_values
from interpretable.score.design import places
from interpretable.score.output import to_prediction
from interpretable.score.treematrix import Matrix, tree_matrix, with_typical


class Scorer(Protocol):
    """What score, evaluate and explain need of a model."""

    family: str
    glass_box: bool
    link: Link
    post: OutputMap | None
    classes: tuple[str, ...]
    features: tuple[Feature, ...]

    def link_scores(self, columns: Columns, rows: int) -> np.ndarray:
        """f8[n, K]."""

    def effects(self, columns: Columns, rows: int) -> np.ndarray:
        """f8[n, F, K]: link score minus link score with feature j at its typical value."""

    def refit_scores(self, columns: Columns, rows: int) -> np.ndarray | None:
        """f8[B, n, K] of the refits on resampled rows, where there are any."""

    def refit_effects(self, columns: Columns, rows: int) -> np.ndarray | None:
        """f8[B, n, F, K]: the effects in every refit, where there are any."""


class AdditiveScorer:
    """A glass box."""

    glass_box = True

    def __init__(self, model: AdditiveModel):
        self.model = model
        self.family, self.link, self.post = model.family, model.link, model.post
        self.classes, self.features = model.classes, model.features

    def link_scores(self, columns: Columns, rows: int) -> np.ndarray:
        return additive.link_scores(self.model, columns, rows)

    def effects(self, columns: Columns, rows: int) -> np.ndarray:
        return additive.effects(self.model, columns, rows)

    def refit_scores(self, columns: Columns, rows: int) -> np.ndarray | None:
        return additive.refit_scores(self.model, columns, rows)

    def refit_effects(self, columns: Columns, rows: int) -> np.ndarray | None:
        return additive.refit_effects(self.model, columns, rows)


class BoostedScorer:
    """XGBoost: a black box, marked as such."""

    glass_box = False

    def __init__(self, model: BoostedModel):
        self.model = model
        self.family, self.link, self.post = model.family, model.link, model.post
        self.classes, self.features = model.classes, model.features

    @cached_property
    def booster(self) -> Any:
        """The native model, on one thread: small batches lose more to waiting threads than they win."""
        import xgboost

        booster = xgboost.Booster(params={"nthread": 1})
        booster.load_model(bytearray(self.model.native))
        return booster

    def margin(self, columns: Columns, rows: int) -> np.ndarray:
        """Raw margins f8[n, K], before Platt's map."""
        return self._margin(tree_matrix(self.model.blocks, columns, rows))

    def _margin(self, matrix: Matrix) -> np.ndarray:
        raw = self.booster.inplace_predict(matrix, predict_type="margin")
        return np.asarray(raw, dtype=np.float64).reshape(matrix.shape[0], -1)

    def _calibrated(self, matrix: Matrix) -> np.ndarray:
        return self.model.slope * self._margin(matrix) + self.model.intercept

    def link_scores(self, columns: Columns, rows: int) -> np.ndarray:
        return self._calibrated(tree_matrix(self.model.blocks, columns, rows))

    def effects(self, columns: Columns, rows: int) -> np.ndarray:
        matrix = tree_matrix(self.model.blocks, columns, rows)
        base = self._calibrated(matrix)
        result = np.zeros((rows, len(self.features), base.shape[1]))
        for position, spec in enumerate(self.features):
            typical = {spec.name: typical_values(spec.kind, spec.typical, 1)}
            changed = matrix
            for block, part in places(self.model.blocks):  # only the feature's own matrix columns change
                if block.feature == spec.name:
                    changed = with_typical(changed, part, tree_matrix((block,), typical, 1))
            result[:, position] = base - self._calibrated(changed)
        return result

    def refit_scores(self, columns: Columns, rows: int) -> np.ndarray | None:
        return None

    def refit_effects(self, columns: Columns, rows: int) -> np.ndarray | None:
        return None


def columns_of(scorer: Scorer, rows: Dataset) -> dict[str, np.ndarray]:
    """The columns of a dataset that a model reads."""
    return {f.name: rows.frame[f.name].to_numpy() for f in scorer.features}


def make_scorer(model: AdditiveModel | BoostedModel) -> Scorer:
    return AdditiveScorer(model) if isinstance(model, AdditiveModel) else BoostedScorer(model)


def predicted(scorer: Scorer, scores: np.ndarray) -> np.ndarray:
    """What the model says at these link scores f8[..., K]: after the link, and after its output map."""
    return to_prediction(scorer.link, scores, scorer.post)


def predict(scorer: Scorer, columns: Columns, rows: int) -> np.ndarray:
    """f8[n] probability of the positive class or value, or f8[n, K] probabilities."""
    return predicted(scorer, scorer.link_scores(columns, rows))

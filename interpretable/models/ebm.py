"""Explainable Boosting Machine (Nori et al., 2019): fitted by interpret, compiled to a sum."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas
from interpret.glassbox import ExplainableBoostingClassifier, ExplainableBoostingRegressor

from interpretable.models.base import LINKS, Effort, Fitted, families
from interpretable.records.additive import AdditiveModel, Axis, Feature, TableTerm
from interpretable.records.dataset import Dataset
from interpretable.records.task import Task

KINDS = {"number": "continuous", "category": "nominal", "ordinal": "nominal", "boolean": "nominal"}


def settings_for(train: Dataset, features: int, effort: Effort) -> dict[str, Any]:
    """Few bags, a larger step and few pairs: a fraction of interpret's default work for the same accuracy.

    Pairs are left out for many classes or many columns, where they cost most and read worst.
    """
    classes = len(train.classes)
    many = classes > 2 or features > 100
    # Work per round grows with classes and rows: keep the whole bounded.
    heavy = max(classes - 1, 1) * len(train) * features > 2e7
    return {
        "outer_bags": 4 if effort.quick or heavy else 8,
        "interactions": 0 if many else (3 if effort.quick else 8),
        "learning_rate": 0.1 if heavy else 0.05,
        "max_rounds": 1_000 if heavy else 5_000,
        "max_bins": 256,
        "max_interaction_bins": 32,
        "min_samples_leaf": 4,
        "early_stopping_rounds": 50,
        "random_state": effort.seed,
        "n_jobs": effort.threads,
    }


def _input(dataset: Dataset, features: tuple[Feature, ...]) -> pandas.DataFrame:
    return dataset.frame[[f.name for f in features]]


def _axis(bins: Any) -> Axis:
    if isinstance(bins, dict):
        return Axis(labels=tuple(bins), codes=tuple(int(code) for code in bins.values()))
    return Axis(cuts=np.asarray(bins, dtype=np.float64))


def _with_outputs(scores: np.ndarray, dimensions: int) -> np.ndarray:
    """Binary and regression scores get a last axis of length 1."""
    scores = np.asarray(scores, dtype=np.float64)
    return scores[..., None] if scores.ndim == dimensions else scores


def _terms(model: Any) -> list[TableTerm]:
    terms = []
    for position, features in enumerate(model.term_features_):
        order = len(features)
        levels = [model.bins_[f][min(len(model.bins_[f]), order) - 1] for f in features]
        terms.append(
            TableTerm(
                features=tuple(int(f) for f in features),
                axes=tuple(_axis(level) for level in levels),
                scores=_with_outputs(model.term_scores_[position], order),
                weights=np.asarray(model.bin_weights_[position], dtype=np.float64),
                bags=_with_outputs(model.bagged_scores_[position], order + 1),
            )
        )
    return terms


def _record(model: Any, train: Dataset, features: tuple[Feature, ...]) -> AdditiveModel:
    bags = len(model.bagged_scores_[0])
    return AdditiveModel(
        family="ebm",
        link=LINKS[train.task.kind],
        classes=train.classes,
        features=features,
        terms=tuple(_terms(model)),
        intercept=np.asarray(model.intercept_, dtype=np.float64).reshape(-1),
        bag_intercept=np.asarray(model.bagged_intercept_, dtype=np.float64).reshape(bags, -1),
    )


class EBM:
    """Boosted shape functions of one and two features. Text columns are left to the text family."""

    glass_box = True

    def can_fit(self, task: Task) -> bool:
        return any(c.kind != "text" for c in task.features)

    def name(self, task: Task) -> str:
        return "ebm"

    def fit(self, train: Dataset, features: tuple[Feature, ...], effort: Effort) -> Fitted:
        usable = tuple(f for f in features if f.kind != "text")
        settings = settings_for(train, len(usable), effort)
        regression = train.task.kind == "regression"
        kind = ExplainableBoostingRegressor if regression else ExplainableBoostingClassifier
        model = kind(
            feature_names=[f.name for f in usable], feature_types=[KINDS[f.kind] for f in usable], **settings
        )
        with warnings.catch_warnings():
            # The warning is about interpret's own charts; ours draw the missing cell.
            warnings.filterwarnings("ignore", message="Missing values detected")
            model.fit(_input(train, usable), train.target)

        def library_scores(dataset: Dataset) -> np.ndarray:
            rows = _input(dataset, usable)
            raw = model.predict(rows) if regression else model.decision_function(rows)
            return np.asarray(raw, dtype=np.float64).reshape(len(dataset), -1)

        kept = {name: value for name, value in settings.items() if name != "n_jobs"}
        return Fitted(record=_record(model, train, usable), library_scores=library_scores, settings=kept)


families.add("ebm")(EBM())

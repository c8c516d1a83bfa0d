"""XGBoost (Chen and Guestrin, 2016): the black box that the glass boxes have to hold their own against."""

from __future__ import annotations

from typing import Any

import numpy as np
import xgboost

from interpretable.models.base import LINKS, Effort, Fitted, families, outputs
from interpretable.models.folds import learned_from, make_folds
from interpretable.models.wordcounts import library_matrices, make_tree_blocks
from interpretable.records.additive import Feature
from interpretable.records.boosted import BoostedModel, NumberBlock, TextBlock, TreeBlock
from interpretable.records.dataset import Dataset
from interpretable.records.task import Task
from interpretable.score.design import width
from interpretable.score.treematrix import tree_matrix

OBJECTIVES = {"binary": "binary:logistic", "multiclass": "multi:softprob", "regression": "reg:squarederror"}
METRICS = {"binary": "logloss", "multiclass": "mlogloss", "regression": "rmse"}


def _directions(train: Dataset, blocks: tuple[TreeBlock, ...]) -> dict[str, Any]:
    """Declared directions that must hold, one sign per matrix column; levels have no direction."""
    signs = {
        c.name: {"up": 1, "down": -1}[c.expected] for c in train.task.features if c.enforce and c.expected
    }
    found = [
        signs.get(b.feature, 0) if isinstance(b, NumberBlock) else 0 for b in blocks for _ in range(width(b))
    ]
    return {"monotone_constraints": tuple(found)} if any(found) else {}


def _defaults(train: Dataset, blocks: tuple[TreeBlock, ...]) -> dict[str, Any]:
    """Among thousands of rare n-grams, trees that see fewer columns and smaller leaves lost less."""
    if any(isinstance(block, TextBlock) for block in blocks):
        return {"eta": 0.1, "min_child_weight": 0.1, "colsample_bytree": 0.3}
    return {
        "eta": 0.05 if len(train) < 20_000 else 0.1,
        "min_child_weight": 5.0 if train.task.kind != "multiclass" else 1.0,
        "colsample_bytree": 0.8,
    }


def _parameters(train: Dataset, blocks: tuple[TreeBlock, ...], effort: Effort) -> dict[str, Any]:
    """The defaults, then what a search found, then what no search may change."""
    kind = train.task.kind
    many = {"num_class": len(train.classes)} if kind == "multiclass" else {}
    return {
        "objective": OBJECTIVES[kind], "eval_metric": METRICS[kind],
        "max_depth": 3 if len(train) < 5_000 else 5,
        "subsample": 0.8, "lambda": 1.0, "tree_method": "hist",
        **_defaults(train, blocks), **effort.settings,
        "seed": effort.seed, "nthread": effort.threads, **many, **_directions(train, blocks),
    }  # fmt: skip


def _cuts(train: Dataset, folds: int, seed: int) -> list[tuple[np.ndarray, np.ndarray]] | None:
    """Inner folds that hold out real rows alone; None where there are no others, and the library may draw."""
    if not train.has_synthetic:
        return None
    own = make_folds(train, folds, seed=seed)
    return [
        (learned_from(train, own == k), np.flatnonzero(own == k)) for k in range(folds) if (own == k).any()
    ]


def _rounds(matrix: xgboost.DMatrix, parameters: dict[str, Any], effort: Effort, train: Dataset) -> int:
    """Rounds with the least loss over inner folds of the training rows, stopped early."""
    target = train.real.target
    smallest = len(target) // 2
    if train.task.kind != "regression":
        smallest = int(np.unique(target, return_counts=True)[1].min())
    folds = min(3, smallest)
    if folds < 2:
        return 50
    most = 150 if parameters.get("num_class", 2) > 10 else 500
    history = xgboost.cv(
        parameters, matrix, num_boost_round=most, nfold=folds, seed=effort.seed, early_stopping_rounds=20,
        stratified=parameters["objective"] != OBJECTIVES["regression"], as_pandas=False,
        folds=_cuts(train, folds, effort.seed),
    )  # fmt: skip
    return max(len(next(iter(history.values()))), 1)


class XGBoost:
    """Gradient-boosted trees on numbers, one-hot levels and counted words of texts.

    Native categories would break interventional SHAP.
    """

    glass_box = False
    takes_weights = True

    def can_fit(self, task: Task) -> bool:
        return bool(task.features)

    def name(self, task: Task) -> str:
        return "xgboost"

    def fit(self, train: Dataset, features: tuple[Feature, ...], effort: Effort) -> Fitted:
        blocks = make_tree_blocks(train, features)
        matrix = xgboost.DMatrix(
            tree_matrix(blocks, train.frame, len(train)), label=train.target, nthread=effort.threads,
            weight=train.weights,
        )  # fmt: skip
        parameters = _parameters(train, blocks, effort)
        rounds = _rounds(matrix, parameters, effort, train)
        booster = xgboost.train(parameters, matrix, num_boost_round=rounds)
        record = BoostedModel(
            family="xgboost", link=LINKS[train.task.kind], classes=train.classes, features=features,
            blocks=blocks, native=bytes(booster.save_raw("ubj")),
        )  # fmt: skip

        def library_scores(dataset: Dataset) -> np.ndarray:
            margins = [
                booster.predict(xgboost.DMatrix(rows), output_margin=True)
                for rows in library_matrices(blocks, dataset)
            ]
            return np.concatenate(margins).astype(np.float64).reshape(len(dataset), outputs(train))

        entries = {
            f"{b.feature}: {b.rule.units}": len(b.vocabulary) for b in blocks if isinstance(b, TextBlock)
        }
        settings = {**parameters, "rounds": rounds, **({"entries": entries} if entries else {})}
        del settings["nthread"]
        return Fitted(record=record, library_scores=library_scores, settings=settings)


families.add("xgboost")(XGBoost())

"""Small models that doubt generated rows: are they like the real ones, and do real rows contradict them?"""

from __future__ import annotations

import numpy as np
import xgboost

from interpretable.models.boosting import OBJECTIVES
from interpretable.models.features import describe
from interpretable.models.wordcounts import make_tree_blocks
from interpretable.records.dataset import Dataset
from interpretable.score.treematrix import tree_matrix

TREES, STEP = 100, 5  # boosted trees, and after how many of them the chances are read
FOLDS, ROUNDS = 3, 20
_LIKENESS = {
    "max_depth": 2,
    "eta": 0.3,
    "min_child_weight": 5.0,
    "objective": "binary:logistic",
    "nthread": 1,
}


def stage_chances(real: Dataset, made: Dataset) -> np.ndarray:
    """Chance f8[20, m] of each generated row's own class, after every fifth tree learned on the real rows.

    100 default trees of XGBoost, as in CLLM (Seedat et al., 2024), which reads after every tree.
    Classification only.
    """
    blocks = make_tree_blocks(real, describe(real, real))
    kind = real.task.kind
    many = {"num_class": len(real.classes)} if kind == "multiclass" else {}
    settings = {"objective": OBJECTIVES[kind], "nthread": 1, "seed": 0, **many}
    rows = xgboost.DMatrix(tree_matrix(blocks, real.frame, len(real)), label=real.target, nthread=1)
    booster = xgboost.train(settings, rows, num_boost_round=TREES)
    asked = xgboost.DMatrix(tree_matrix(blocks, made.frame, len(made)), nthread=1)
    stages = range(STEP, TREES + 1, STEP)
    found = np.empty((len(stages), len(made)))
    for stage, trees in enumerate(stages):
        p = booster.predict(asked, iteration_range=(0, trees))
        if kind == "multiclass":
            found[stage] = p[np.arange(len(made)), made.target]
        else:
            found[stage] = np.where(made.target == 1, p, 1.0 - p)
    return found


def likeness(real: Dataset, made: Dataset, *, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Density of real over generated rows, f8[n] and f8[m]: 1 where both are as common. Out of fold.

    The odds of a small classifier that tells them apart, both sides weighing the same (density ratio by
    classification: Sugiyama et al., 2012).
    """
    n, m = len(real), len(made)
    blocks = make_tree_blocks(real, describe(real, real))
    matrices = [tree_matrix(blocks, rows.frame, len(rows)) for rows in (real, made)]
    label = np.repeat([1.0, 0.0], [n, m])
    weight = np.where(label == 1, (n + m) / (2 * n), (n + m) / (2 * m))
    whole = _stacked(matrices)
    fold = np.random.default_rng(seed).permutation(np.arange(n + m) % FOLDS)
    chance = np.full(n + m, 0.5)
    for k in range(FOLDS):
        out = np.flatnonzero(fold == k)
        inside = np.flatnonzero(fold != k)
        if len(out) and len(np.unique(label[inside])) == 2:
            rows = xgboost.DMatrix(whole[inside], label=label[inside], weight=weight[inside], nthread=1)
            booster = xgboost.train({**_LIKENESS, "seed": seed}, rows, num_boost_round=ROUNDS)
            chance[out] = booster.predict(xgboost.DMatrix(whole[out], nthread=1))
    odds = chance / np.maximum(1.0 - chance, 1e-9)
    return odds[:n], odds[n:]


def _stacked(matrices: list) -> np.ndarray:
    from scipy import sparse

    if any(sparse.issparse(one) for one in matrices):
        return sparse.vstack([sparse.csr_matrix(one) for one in matrices], format="csr")
    return np.concatenate(matrices)

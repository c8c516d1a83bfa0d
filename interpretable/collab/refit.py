"""A small model fitted on other rows by the same kind of recipe, calibrated on its own out-of-fold scores."""

from __future__ import annotations

import numpy as np

from interpretable.models.base import Effort, families
from interpretable.models.features import describe
from interpretable.models.folds import make_folds
from interpretable.models.train import train_family
from interpretable.records.dataset import Dataset
from interpretable.records.task import Task
from interpretable.score.scorer import Scorer, columns_of, make_scorer, predict

FOLDS = 3
PLAIN = ("ebm", "linear", "text", "mixed", "scorecard", "tree", "xgboost")


def family_of(selected: str, task: Task) -> str:
    """Key of the family to refit: that of the model in use; where it is a sum of several, a plain one."""
    from interpretable.models import boosting, ebm, linear, mixed, scorecard, text, tree  # noqa: F401 - register

    able = {families[key].name(task): key for key in families if families[key].can_fit(task)}
    if able.get(selected, "") in PLAIN:
        return able[selected]
    if not task.text_columns:
        return "ebm"
    return "text" if len(task.text_columns) == len(task.features) else "mixed"


def refit(family: str, rows: Dataset, everything: Dataset, *, seed: int = 0) -> Scorer:
    """Fit and calibrate on `rows` alone; `everything` gives the names of the levels.

    Calibration is Platt's (temperature for classes) on three-fold out-of-fold scores, as in a study.
    """
    trained = train_family(
        family, rows, rows, features=describe(rows, everything),
        folds=make_folds(rows, FOLDS, seed=seed), effort=Effort(seed=seed, level="quick", refits=0),
        progress=_silent,
    )  # fmt: skip
    return make_scorer(trained.record)


def refitted(family: str, train: Dataset, learned: np.ndarray, rows: Dataset, *, seed: int = 0) -> np.ndarray:
    """Predictions f8[n] or f8[n, K] for `rows` by a model of the training rows at these positions."""
    scorer = refit(family, train.take(np.sort(learned)), train, seed=seed)
    return predict(scorer, columns_of(scorer, rows), len(rows))


def _silent(message: str) -> None:
    pass

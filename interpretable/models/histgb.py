"""scikit-learn's histogram gradient boosting: a comparison from outside, never a model that can be chosen."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from threadpoolctl import threadpool_limits

from interpretable.models.base import LINKS, outputs
from interpretable.models.calibrate import fit_calibration
from interpretable.models.matrix import make_blocks
from interpretable.records.additive import Feature
from interpretable.records.dataset import Dataset
from interpretable.score.design import encode
from interpretable.score.output import to_prediction

NAME = "hist gradient boosting"


def can_compare(features: tuple[Feature, ...]) -> bool:
    """Whether there is a column it can read."""
    return any(f.kind != "text" for f in features)


def compare_with(
    train: Dataset,
    test: Dataset,
    features: tuple[Feature, ...],
    folds: np.ndarray,
    *,
    seed: int,
    threads: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Predictions of the training rows out of fold, and of the test rows by a fit on all training rows.

    The library's default settings; recalibrated on its out-of-fold scores as the trained models are. Rows
    with a negative fold have no out-of-fold prediction: theirs is that of a score of 0.
    """
    usable = tuple(f for f in features if f.kind != "text")
    link = LINKS[train.task.kind]
    raw = np.zeros((len(train), outputs(train)))
    with threadpool_limits(limits=threads):
        for fold in np.unique(folds[folds >= 0]):
            held, rest = np.flatnonzero(folds == fold), np.flatnonzero(folds != fold)
            raw[held] = _scores(train.take(rest), train.take(held), usable, seed)
        final = _scores(train, test, usable, seed)
    asked = folds >= 0
    slope, intercept = fit_calibration(link, raw[asked], train.target[asked])
    return to_prediction(link, raw * slope + intercept), to_prediction(link, final * slope + intercept)


def _scores(train: Dataset, rows: Dataset, features: tuple[Feature, ...], seed: int) -> np.ndarray:
    """Link scores f8[n, K] of the rows."""
    blocks = make_blocks(train, features, scaled=False)
    own, new = (encode(blocks, part.frame, len(part)) for part in (train, rows))
    regression = train.task.kind == "regression"
    kind: Any = HistGradientBoostingRegressor if regression else HistGradientBoostingClassifier
    model = kind(random_state=seed).fit(own, train.target)
    raw = model.predict(new) if regression else model.decision_function(new)
    return np.asarray(raw, dtype=np.float64).reshape(len(rows), -1)

"""The proper loss that settings, weights and students are judged by, and its gain over folds."""

from __future__ import annotations

from typing import Literal

import numpy as np

from interpretable.records.additive import Link
from interpretable.records.evaluation import Figure
from interpretable.score.output import to_prediction
from interpretable.stats import metrics
from interpretable.stats.intervals import corrected_t

METRIC: dict[Link, Literal["log_loss", "mse"]] = {
    "logit": "log_loss",
    "softmax": "log_loss",
    "identity": "mse",
}


def row_losses(link: Link, scores: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Log loss, or squared error, of each row's link scores f8[n, K]: f8[n]."""
    predicted = to_prediction(link, scores)
    if link == "identity":
        return (predicted - target) ** 2
    if predicted.ndim == 2:
        own = predicted[np.arange(len(target)), target]
    else:
        own = np.where(target == 1, predicted, 1.0 - predicted)
    return -np.log(np.maximum(own, np.finfo(float).tiny))


def loss(link: Link, scores: np.ndarray, target: np.ndarray) -> float:
    """Mean log loss, or mean squared error, of link scores f8[n, K]."""
    predicted = to_prediction(link, scores)
    if link == "identity":
        return float(np.mean((predicted - target) ** 2))
    return float(metrics.log_loss(target, predicted))


def fold_losses(link: Link, scores: np.ndarray, target: np.ndarray, folds: np.ndarray) -> np.ndarray:
    """The loss of each fold's rows, in the order of the fold numbers; rows with fold -1 are left out."""
    return np.array(
        [loss(link, scores[folds == k], target[folds == k]) for k in np.unique(folds[folds >= 0])]
    )


def gain(before: np.ndarray, after: np.ndarray, *, level: float = 0.95) -> Figure:
    """Mean of before - after over the folds, with the corrected t interval (Nadeau and Bengio, 2003).

    Parameters
    ----------
    before, after : f8[J] losses of the same folds
    level : of the two-sided interval; 0.90 gives the one-sided 95 % bounds
    """
    from scipy.special import stdtrit

    differences = np.asarray(before) - np.asarray(after)
    count = len(differences)
    if count < 2:
        return Figure(value=float(differences.mean()) if count else None, reason="no_interval")
    mean, error, _ = corrected_t(differences, test_to_train=1.0 / (count - 1))
    half = float(stdtrit(count - 1, (1 + level) / 2)) * error
    return Figure(value=mean, low=mean - half, high=mean + half, method="corrected t")

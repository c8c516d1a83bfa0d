"""Out-of-fold figures of the training part: what chooses the model."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from interpretable.evaluate.real import checked
from interpretable.records.task import Task
from interpretable.stats import metrics

Metric = Callable[[np.ndarray, np.ndarray], float]
METRICS: dict[str, dict[str, Metric]] = {
    "binary": {"auroc": metrics.auroc, "log_loss": metrics.log_loss, "brier": metrics.brier},
    "multiclass": {
        "auroc": metrics.macro_auroc,
        "log_loss": metrics.log_loss,
        "brier": metrics.brier,
        "accuracy": metrics.accuracy,
    },
    "regression": {"rmse": metrics.rmse, "mae": metrics.mae, "r2": metrics.r2},
}


def summarise_oof(
    task: Task, target: np.ndarray, predicted: np.ndarray, folds: np.ndarray
) -> tuple[dict[str, float], tuple[dict[str, float], ...]]:
    """Metrics over all out-of-fold rows, and per fold in the order of the fold numbers.

    AUROC "over all rows" is the mean over the folds: models of different folds score on different scales,
    and pooling their rows biases the area (Airola et al., 2011). The others are taken on the pooled rows. A
    metric that is not defined (one class in a fold) is left out of that dict, never put in as NaN. Rows
    with a negative fold number have no out-of-fold prediction and are not used.
    """
    kept = np.asarray(folds) >= 0
    y, p = checked(task, np.asarray(target)[kept], np.asarray(predicted)[kept])
    fold = np.asarray(folds)[kept]
    each = tuple(fold_metrics(task, y[fold == k], p[fold == k]) for k in np.unique(fold))
    pooled = fold_metrics(task, y, p) if len(y) else {}
    areas = [one["auroc"] for one in each if "auroc" in one]
    if areas:
        pooled["auroc"] = float(np.mean(areas))
    return pooled, each


def fold_metrics(task: Task, y: np.ndarray, p: np.ndarray) -> dict[str, float]:
    """The metrics of METRICS that are defined on these rows."""
    found = {name: float(function(y, p)) for name, function in METRICS[task.kind].items()}
    return {name: value for name, value in found.items() if math.isfinite(value)}

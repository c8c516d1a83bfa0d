"""Measures of a predicted number."""

from __future__ import annotations

from typing import Any

import numpy as np

from interpretable.evaluate.figure import absent, mean, mean_loss, resampled, whole
from interpretable.records.evaluation import Figure
from interpretable.stats import bootstrap, calibration, clustered

NAMES = ("rmse", "mae", "r2", "calibration_slope", "calibration_intercept", "bias")


def figures(
    y: np.ndarray, predicted: np.ndarray, *, seed: int, resamples: int, groups: np.ndarray | None = None
) -> dict[str, Figure]:
    """Every regression metric of the glossary with its 95 % interval; `bias` is mean(predicted - observed).

    Slope and intercept are those of the line of observed on predicted: 1 and 0 are wanted, read together.
    `groups` : int[n], 0..G-1, where rows of one group are not independent (`clustered.codes`).
    """
    if len(y) == 0:
        return dict.fromkeys(NAMES, absent("no_rows"))
    found = _losses(y, predicted, seed=seed, resamples=resamples, groups=groups)
    found["bias"] = mean(predicted - y, groups)
    line = calibration.line(y, predicted) if groups is None else clustered.line(y, predicted, groups)
    method = "hc3" if groups is None else "jackknife cluster"
    for place, name in enumerate(("calibration_intercept", "calibration_slope")):
        found[name] = (
            absent(line) if isinstance(line, str) else whole(line[place][0], line[place][1:], method)
        )
    return {name: found[name] for name in NAMES}


def statistic(y: np.ndarray, predicted: np.ndarray) -> bootstrap.Statistic:
    """Weights -> (rmse, mae, r2)."""
    middle = y - y.mean()  # a shift leaves the spread as it is and keeps the squares small
    means = bootstrap.weighted_mean(
        np.column_stack([(predicted - y) ** 2, np.abs(predicted - y), middle, middle**2])
    )

    def compute(w: np.ndarray) -> np.ndarray:
        square, absolute, first, second = means(w).T
        spread, floor = second - first**2, 1e-12 * float((middle**2).mean())
        r2 = 1.0 - np.divide(square, spread, out=np.full_like(square, np.nan), where=spread > floor)
        return np.column_stack([np.sqrt(square), absolute, r2])

    return compute


def _losses(
    y: np.ndarray, predicted: np.ndarray, *, seed: int, resamples: int, groups: np.ndarray | None = None
) -> dict[str, Figure]:
    losses = (predicted - y) ** 2, np.abs(predicted - y)
    square, absolute = (bootstrap.mean_and_error(one, groups) for one in losses)
    all_three = statistic(y, predicted)
    size: dict[str, Any] = {"units": len(y), "groups": groups}

    def compute(w: np.ndarray) -> np.ndarray:
        return np.column_stack([square(w), absolute(w), all_three(w)[:, 2]])

    value = all_three(np.ones((1, len(y))))[0, 2]
    draws = bootstrap.distribution(compute, len(y), resamples=resamples, seed=seed, groups=groups)
    return {
        "rmse": mean_loss(losses[0], draws[:, :2], root=True, groups=groups),
        "mae": mean_loss(losses[1], draws[:, 2:4], groups=groups),
        "r2": resampled(value, draws[:, 4], missing="constant_target", **size),
    }

"""Measures of probabilities of several classes. AUROC and F1 are plain means over the classes seen."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from interpretable.evaluate.figure import absent, area, mean_loss, resampled, share, whole
from interpretable.records.evaluation import Figure
from interpretable.stats import bootstrap, clustered, delong, metrics

NAMES = ("auroc", "log_loss", "brier", "brier_skill", "accuracy", "macro_f1")


def figures(
    y: np.ndarray, p: np.ndarray, *, seed: int, resamples: int, groups: np.ndarray | None = None
) -> dict[str, Figure]:
    """Every multiclass metric of the glossary with its 95 % interval. y int[n], p f8[n, K].

    `groups` : int[n], 0..G-1, where rows of one group are not independent (`clustered.codes`).
    """
    if len(y) == 0:
        return dict.fromkeys(NAMES, absent("no_rows"))
    found = {"auroc": _macro_area(y, p, groups)}
    found["accuracy"] = share(p.argmax(axis=1) == y, groups, empty="no_rows")
    found |= _losses(y, p, seed=seed, resamples=resamples, groups=groups)
    return {name: found[name] for name in NAMES}


def _macro_area(y: np.ndarray, p: np.ndarray, groups: np.ndarray | None) -> Figure:
    """Macro AUROC; DeLong's variance of the mean, from the rows' contributions, on the log-odds scale."""
    value = metrics.macro_auroc(y, p)
    if math.isnan(value):
        return absent("one_class")
    error = math.sqrt(float((delong.macro_contributions(y, p, groups) ** 2).sum()))
    if error < 1e-12 or not 0.0 < value < 1.0:
        return whole(value, None, "")
    if groups is not None:
        edges = delong.logit_interval(value, error, z=clustered.quantile(groups))
        return whole(value, edges, "delong cluster")
    return whole(value, delong.logit_interval(value, error), "delong")


def _losses(
    y: np.ndarray, p: np.ndarray, *, seed: int, resamples: int, groups: np.ndarray | None = None
) -> dict[str, Figure]:
    losses = metrics.log_losses(y, p), metrics.brier_losses(y, p)
    log_loss, brier = (bootstrap.mean_and_error(one, groups) for one in losses)
    size: dict[str, Any] = {"units": len(y), "groups": groups}
    table = _table(y, p)

    def statistic(w: np.ndarray) -> np.ndarray:
        counts, second = table(w), brier(w)
        reference = metrics.brier_reference(counts.sum(axis=2) / w.sum(axis=1)[:, None])
        skill = np.where(reference > 1e-15, 1.0 - second[:, 0] / np.maximum(reference, 1e-15), np.nan)
        return np.column_stack([log_loss(w), second, skill, metrics.macro_f1(counts)])

    value = statistic(np.ones((1, len(y))))[0]
    draws = bootstrap.distribution(statistic, len(y), resamples=resamples, seed=seed, groups=groups)
    return {
        "log_loss": mean_loss(losses[0], draws[:, :2], groups=groups),
        "brier": mean_loss(losses[1], draws[:, 2:4], groups=groups),
        "brier_skill": resampled(value[4], draws[:, 4], missing="one_class", **size),
        "macro_f1": resampled(value[5], draws[:, 5], missing="no_rows", **size),
    }


def _table(y: np.ndarray, p: np.ndarray) -> bootstrap.Statistic:
    """Weights -> confusion counts f8[b, K, K]; rows are sorted by cell once."""
    classes = p.shape[1]
    cell = y * classes + p.argmax(axis=1)
    order = np.argsort(cell, kind="stable")
    used, starts = np.unique(cell[order], return_index=True)

    def statistic(w: np.ndarray) -> np.ndarray:
        counts = np.zeros((len(w), classes * classes))
        counts[:, used] = np.add.reduceat(w[:, order], starts, axis=1)
        return counts.reshape(-1, classes, classes)

    return statistic


def per_class(
    y: np.ndarray, p: np.ndarray, names: tuple[str, ...], groups: np.ndarray | None = None
) -> dict[str, dict[str, Figure]]:
    """One class against the rest: auroc, sensitivity and ppv of "most probable class", and n observed."""
    guess, found = p.argmax(axis=1), {}

    def among(hits: np.ndarray, rows: np.ndarray, empty: str) -> Figure:
        return share(hits[rows], None if groups is None else groups[rows], empty=empty)

    for k, name in enumerate(names):
        event, chosen = y == k, guess == k
        found[name] = {
            "auroc": area(event.astype(int), p[:, k], groups) if event.any() else absent("class_absent"),
            "sensitivity": among(chosen, event, "class_absent"),
            "ppv": among(event, chosen, "no_predicted_positive"),
            "n": Figure(value=float(event.sum()), method="count"),
        }
    return found

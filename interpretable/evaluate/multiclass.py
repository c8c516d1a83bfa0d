"""Measures of probabilities of several classes. AUROC and F1 are plain means over the classes seen."""

from __future__ import annotations

import math

import numpy as np

from interpretable.evaluate.figure import absent, area, proportion, resampled, whole
from interpretable.records.evaluation import Figure
from interpretable.stats import bootstrap, delong, metrics

NAMES = ("auroc", "log_loss", "brier", "brier_skill", "accuracy", "macro_f1")


def figures(y: np.ndarray, p: np.ndarray, *, seed: int, resamples: int) -> dict[str, Figure]:
    """Every multiclass metric of the glossary with its 95 % interval. y int[n], p f8[n, K]."""
    if len(y) == 0:
        return dict.fromkeys(NAMES, absent("no_rows"))
    hits = int((p.argmax(axis=1) == y).sum())
    found = {"auroc": _macro_area(y, p), "accuracy": proportion(hits, len(y), empty="no_rows")}
    found |= _losses(y, p, seed=seed, resamples=resamples)
    return {name: found[name] for name in NAMES}


def _macro_area(y: np.ndarray, p: np.ndarray) -> Figure:
    """Macro AUROC; DeLong's variance of the mean, from the rows' contributions, on the log-odds scale."""
    value = metrics.macro_auroc(y, p)
    if math.isnan(value):
        return absent("one_class")
    error = math.sqrt(float((delong.macro_contributions(y, p) ** 2).sum()))
    if error < 1e-12 or not 0.0 < value < 1.0:
        return whole(value, None, "")
    return whole(value, delong.logit_interval(value, error), "delong")


def _losses(y: np.ndarray, p: np.ndarray, *, seed: int, resamples: int) -> dict[str, Figure]:
    classes = p.shape[1]
    seen = metrics.one_hot(y, classes)
    # Class shares and the confusion table are weighted sums too: one product gives all of them.
    cell = metrics.one_hot(y * classes + p.argmax(axis=1), classes * classes)
    used = np.flatnonzero(cell.any(axis=0))
    columns = [metrics.log_losses(y, p)[:, None], metrics.brier_losses(y, p)[:, None], seen, cell[:, used]]
    means = bootstrap.weighted_mean(np.column_stack(columns))

    def statistic(w: np.ndarray) -> np.ndarray:
        found = means(w)
        reference = metrics.brier_reference(found[:, 2 : 2 + classes])
        table = np.zeros((len(w), classes * classes))
        table[:, used] = found[:, 2 + classes :]
        skill = np.where(reference > 1e-15, 1.0 - found[:, 1] / np.maximum(reference, 1e-15), np.nan)
        f1 = metrics.macro_f1(table.reshape(-1, classes, classes))
        return np.column_stack([found[:, :2], skill, f1])

    value = statistic(np.ones((1, len(y))))[0]
    draws = bootstrap.distribution(statistic, len(y), resamples=resamples, seed=seed)
    names = {"log_loss": "no_rows", "brier": "no_rows", "brier_skill": "one_class", "macro_f1": "no_rows"}
    return {n: resampled(value[j], draws[:, j], missing=names[n]) for j, n in enumerate(names)}


def per_class(y: np.ndarray, p: np.ndarray, names: tuple[str, ...]) -> dict[str, dict[str, Figure]]:
    """One class against the rest: auroc, sensitivity and ppv of "most probable class", and n observed."""
    guess, found = p.argmax(axis=1), {}
    for k, name in enumerate(names):
        event, chosen = y == k, guess == k
        hits, n = int((event & chosen).sum()), int(event.sum())
        found[name] = {
            "auroc": area(event.astype(int), p[:, k]) if n else absent("class_absent"),
            "sensitivity": proportion(hits, n, empty="class_absent"),
            "ppv": proportion(hits, int(chosen.sum()), empty="no_predicted_positive"),
            "n": Figure(value=float(n), method="count"),
        }
    return found

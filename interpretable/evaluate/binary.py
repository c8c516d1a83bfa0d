"""Measures of a probability of one outcome."""

from __future__ import annotations

from typing import Any

import numpy as np

from interpretable.evaluate.figure import (
    absent,
    area,
    mean,
    mean_loss,
    resampled,
    resampled_logit,
    share,
    whole,
)
from interpretable.records.evaluation import Figure
from interpretable.stats import bootstrap, calibration, clustered, metrics, net_benefit

NAMES = ("auroc", "auprc", "prevalence", "log_loss", "brier", "brier_skill")
CALIBRATION = ("calibration_slope", "calibration_intercept", "oe_ratio")
AT_CUT = ("sensitivity", "specificity", "ppv", "npv", "net_benefit", "selection_rate")


def figures(
    y: np.ndarray,
    p: np.ndarray,
    *,
    cut: float | None,
    seed: int,
    resamples: int,
    groups: np.ndarray | None = None,
) -> dict[str, Figure]:
    """Every binary metric of the glossary with its 95 % interval. y 0/1 [n], p f8[n].

    `groups` : int[n], 0..G-1, where rows of one group are not independent (`clustered.codes`).
    """
    if len(y) == 0:
        names = NAMES + CALIBRATION + (AT_CUT if cut is not None else ())
        return dict.fromkeys(names, absent("no_rows"))
    found = {"auroc": area(y, p, groups), "prevalence": share(y == 1, groups, empty="no_rows")}
    found |= _losses(y, p, seed=seed, resamples=resamples, groups=groups)
    found |= _calibration(y, p, groups)
    found |= at_cut(y, p, cut=cut, groups=groups) if cut is not None else {}
    order = NAMES + CALIBRATION + AT_CUT
    return {name: found[name] for name in order if name in found}


def _losses(
    y: np.ndarray, p: np.ndarray, *, seed: int, resamples: int, groups: np.ndarray | None = None
) -> dict[str, Figure]:
    """Those whose interval comes from the bootstrap: one set of resamples for all, rows sorted once."""
    order = bootstrap.ranked(p)
    y, p, groups = y[order], p[order], None if groups is None else groups[order]
    size: dict[str, Any] = {"units": len(y), "groups": groups}
    by = "" if groups is None else " cluster"
    losses = metrics.log_losses(y, p), metrics.brier_losses(y, p)
    statistic = together(y, p, groups)
    value = statistic(np.ones((1, len(y))))[0]
    draws = bootstrap.distribution(statistic, len(y), resamples=resamples, seed=seed, groups=groups)
    return {
        "log_loss": mean_loss(losses[0], draws[:, :2], groups=groups),
        "brier": mean_loss(losses[1], draws[:, 2:4], groups=groups),
        "brier_skill": resampled(value[4], draws[:, 4], missing="one_class", **size),
        "auprc": absent("one_class")
        if y.all()
        else resampled_logit(value[5], draws[:, 5], missing="one_class", by=by),
    }


def together(y: np.ndarray, p: np.ndarray, groups: np.ndarray | None = None) -> bootstrap.Statistic:
    """Weights -> log loss and its error, Brier and its error, Brier skill, average precision, AUROC.

    Rows in the order of `bootstrap.ranked(p)` are not sorted again.
    """
    ranks = bootstrap.weighted_ranks(y, p)
    log_loss = bootstrap.mean_and_error(metrics.log_losses(y, p), groups)
    brier = bootstrap.mean_and_error(metrics.brier_losses(y, p), groups)
    events = bootstrap.weighted_mean(y.astype(float))

    def statistic(w: np.ndarray) -> np.ndarray:
        second, ranking = brier(w), ranks(w)
        return np.column_stack([log_loss(w), second, _skill(second[:, 0], events(w)), ranking[:, ::-1]])

    return statistic


def _skill(brier: np.ndarray, prevalence: np.ndarray) -> np.ndarray:
    reference = prevalence * (1.0 - prevalence)
    return np.where(reference > 1e-15, 1.0 - brier / np.maximum(reference, 1e-15), np.nan)


def _calibration(y: np.ndarray, p: np.ndarray, groups: np.ndarray | None) -> dict[str, Figure]:
    ratio = calibration.oe_ratio(y, p) if groups is None else clustered.oe_ratio(y, p, groups)
    oe = absent(ratio) if isinstance(ratio, str) else whole(ratio[0][0], ratio[0][1:], ratio[1])
    if y.all() or not y.any():
        return {
            "calibration_slope": absent("one_class"),
            "calibration_intercept": absent("one_class"),
            "oe_ratio": oe,
        }
    if groups is None:
        slope, intercept, method = calibration.slope(y, p), calibration.intercept(y, p), "wald"
    else:
        slope, intercept = clustered.slope(y, p, groups), clustered.intercept(y, p, groups)
        method = "wald cluster"
    return {
        "calibration_slope": _estimate(slope, method),
        "calibration_intercept": _estimate(intercept, method),
        "oe_ratio": oe,
    }


def _estimate(found: calibration.Estimate | str, method: str) -> Figure:
    return absent(found) if isinstance(found, str) else whole(found[0], found[1:], method)


def at_cut(
    y: np.ndarray, p: np.ndarray, *, cut: float, groups: np.ndarray | None = None
) -> dict[str, Figure]:
    """Measures of the decision "selected where p >= cut"."""
    selected, event = p >= cut, y == 1

    def among(hits: np.ndarray, rows: np.ndarray, empty: str) -> Figure:
        return share(hits[rows], None if groups is None else groups[rows], empty=empty)

    return {
        "sensitivity": among(selected, event, "no_events"),
        "specificity": among(~selected, ~event, "no_non_events"),
        "ppv": among(event, selected, "no_predicted_positive"),
        "npv": among(~event, ~selected, "no_predicted_negative"),
        "net_benefit": mean(net_benefit.per_row(y, p, cut), groups),
        "selection_rate": share(selected, groups, empty="no_rows"),
    }

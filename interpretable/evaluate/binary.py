"""Measures of a probability of one outcome."""

from __future__ import annotations

import numpy as np

from interpretable.evaluate.figure import (
    absent,
    area,
    mean_loss,
    proportion,
    resampled,
    resampled_logit,
    whole,
)
from interpretable.records.evaluation import Figure
from interpretable.stats import bootstrap, calibration, metrics, net_benefit

NAMES = ("auroc", "auprc", "prevalence", "log_loss", "brier", "brier_skill")
CALIBRATION = ("calibration_slope", "calibration_intercept", "oe_ratio")
AT_CUT = ("sensitivity", "specificity", "ppv", "npv", "net_benefit", "selection_rate")


def figures(
    y: np.ndarray, p: np.ndarray, *, cut: float | None, seed: int, resamples: int
) -> dict[str, Figure]:
    """Every binary metric of the glossary with its 95 % interval. y 0/1 [n], p f8[n]."""
    if len(y) == 0:
        names = NAMES + CALIBRATION + (AT_CUT if cut is not None else ())
        return dict.fromkeys(names, absent("no_rows"))
    events = int(y.sum())
    found = {"auroc": area(y, p), "prevalence": proportion(events, len(y), empty="no_rows")}
    found |= _losses(y, p, seed=seed, resamples=resamples)
    found |= _calibration(y, p)
    found |= at_cut(y, p, cut=cut) if cut is not None else {}
    order = NAMES + CALIBRATION + AT_CUT
    return {name: found[name] for name in order if name in found}


def _losses(y: np.ndarray, p: np.ndarray, *, seed: int, resamples: int) -> dict[str, Figure]:
    """Those whose interval comes from the bootstrap: one set of resamples for all."""
    precision = bootstrap.weighted_average_precision(y, p)
    losses = metrics.log_losses(y, p), metrics.brier_losses(y, p)
    log_loss, brier = (bootstrap.mean_and_error(one) for one in losses)
    share = bootstrap.weighted_mean(y.astype(float))

    def statistic(w: np.ndarray) -> np.ndarray:
        second = brier(w)
        return np.column_stack([log_loss(w), second, _skill(second[:, 0], share(w)), precision(w)])

    value = statistic(np.ones((1, len(y))))[0]
    draws = bootstrap.distribution(statistic, len(y), resamples=resamples, seed=seed)
    return {
        "log_loss": mean_loss(losses[0], draws[:, :2]),
        "brier": mean_loss(losses[1], draws[:, 2:4]),
        "brier_skill": resampled(value[4], draws[:, 4], missing="one_class"),
        "auprc": absent("one_class")
        if y.all()
        else resampled_logit(value[5], draws[:, 5], missing="one_class"),
    }


def _skill(brier: np.ndarray, share: np.ndarray) -> np.ndarray:
    reference = share * (1.0 - share)
    return np.where(reference > 1e-15, 1.0 - brier / np.maximum(reference, 1e-15), np.nan)


def _calibration(y: np.ndarray, p: np.ndarray) -> dict[str, Figure]:
    ratio = calibration.oe_ratio(y, p)
    oe = absent(ratio) if isinstance(ratio, str) else whole(ratio[0][0], ratio[0][1:], ratio[1])
    if y.all() or not y.any():
        return {
            "calibration_slope": absent("one_class"),
            "calibration_intercept": absent("one_class"),
            "oe_ratio": oe,
        }
    slope, intercept = calibration.slope(y, p), calibration.intercept(y, p)
    return {
        "calibration_slope": _estimate(slope, "wald"),
        "calibration_intercept": _estimate(intercept, "wald"),
        "oe_ratio": oe,
    }


def _estimate(found: calibration.Estimate | str, method: str) -> Figure:
    return absent(found) if isinstance(found, str) else whole(found[0], found[1:], method)


def at_cut(y: np.ndarray, p: np.ndarray, *, cut: float) -> dict[str, Figure]:
    """Measures of the decision "selected where p >= cut"."""
    selected = p >= cut
    (tn, fp), (fn, tp) = metrics.confusion(y, selected, 2).tolist()
    edges = net_benefit.interval(y, p, threshold=cut) if len(y) > 1 else None
    return {
        "sensitivity": proportion(tp, tp + fn, empty="no_events"),
        "specificity": proportion(tn, tn + fp, empty="no_non_events"),
        "ppv": proportion(tp, tp + fp, empty="no_predicted_positive"),
        "npv": proportion(tn, tn + fn, empty="no_predicted_negative"),
        "net_benefit": whole(net_benefit.net_benefit(y, p, threshold=cut), edges, "t"),
        "selection_rate": proportion(tp + fp, len(y), empty="no_rows"),
    }

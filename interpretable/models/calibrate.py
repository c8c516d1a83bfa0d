"""Recalibration that stays inside the record: a slope above zero on the link scale folds into every term."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from interpretable.records.additive import AdditiveModel, LinearTerm, RuleTerm, TableTerm, Term
from interpretable.records.boosted import BoostedModel
from interpretable.stats import platt


def _scaled(array: np.ndarray | None, slope: float) -> np.ndarray | None:
    return None if array is None else array * slope


def _fold(term: Term, slope: float) -> Term:
    if isinstance(term, TableTerm | RuleTerm):
        return replace(term, scores=term.scores * slope, bags=_scaled(term.bags, slope))
    if isinstance(term, LinearTerm):
        parts = {name: getattr(term, name) * slope for name in ("slope", "offset", "missing")}
        return replace(term, **parts, bags=_scaled(term.bags, slope))
    return replace(term, weights=term.weights * slope)


def recalibrate(
    record: AdditiveModel | BoostedModel, slope: float, intercept: float
) -> AdditiveModel | BoostedModel:
    """The model whose link score is slope * score + intercept."""
    if isinstance(record, BoostedModel):
        return replace(record, slope=record.slope * slope, intercept=record.intercept * slope + intercept)
    bags = record.bag_intercept
    return replace(
        record,
        terms=tuple(_fold(term, slope) for term in record.terms),
        intercept=record.intercept * slope + intercept,
        bag_intercept=None if bags is None else bags * slope + intercept,
        calibration={"slope": slope, "intercept": intercept},
    )


def fit_calibration(link: str, scores: np.ndarray, target: np.ndarray) -> tuple[float, float]:
    """Platt's slope and intercept (binary), a temperature (classes), or nothing to do (values).

    `scores` f8[n, K] must come from models that did not see the row.
    """
    if link == "logit":
        return platt.fit_platt(scores[:, 0], target)
    if link == "softmax":
        return platt.fit_temperature(scores, target), 0.0
    return 1.0, 0.0

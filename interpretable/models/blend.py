"""Several glass boxes in one sum: with weights that their out-of-fold scores earn, or as a plain average.

Weights at least 0 keep every member's reading: a factor that raises the estimate in all members raises it in
the sum. Stacking on out-of-fold scores goes back to Wolpert (1992), and with weights at least 0 to Breiman
(1996).
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from interpretable.errors import BrokenPromise
from interpretable.models.base import Effort, Fitted, families, refuse_weights
from interpretable.models.calibrate import recalibrate
from interpretable.models.losses import fold_losses, gain
from interpretable.models.merge import merge
from interpretable.models.mix import fit_with_extra
from interpretable.models.train import Trained, conclude
from interpretable.records import tuning
from interpretable.records.additive import AdditiveModel, Feature, Link
from interpretable.records.dataset import Dataset
from interpretable.records.task import Task
from interpretable.score.scorer import make_scorer
from interpretable.stats.metrics import expit

ONE_IS_ENOUGH = 0.95  # the share of one member from which on a blend is not worth its size


def choose_weights(link: Link, scores: Sequence[np.ndarray], target: np.ndarray) -> np.ndarray:
    """Shares f8[m], at least 0 and with sum 1, of the members in the sum with the least loss.

    Parameters
    ----------
    scores : f8[n, K] of each member, from models that did not see the row
    target : i8[n] class, or f8[n] value

    Notes
    -----
    Log loss is minimised over weights at least 0 and an intercept, then the weights are divided by their sum:
    the slope this leaves out is fitted again when the blend is calibrated. Values have no such step, so there
    the sum is held at 1 in the least squares themselves. Without any weight above 0 the shares are equal.
    """
    if link == "identity":
        weights = _least_squares(np.column_stack([s[:, 0] for s in scores]), target)
    else:
        weights = _least_log_loss(link, np.stack(scores), target)
    total = weights.sum()
    return weights / total if total > 1e-9 else np.full(len(scores), 1.0 / len(scores))


def _least_squares(columns: np.ndarray, target: np.ndarray) -> np.ndarray:
    from scipy.optimize import nnls

    # One heavy row holds the sum at 1 (Lawson and Hanson, 1974, chapter 22); centred, so it can be heavy.
    middle = float(target.mean())
    heavy = 1e3 * max(float(np.abs(columns - middle).max()), 1e-300) * np.sqrt(len(target))
    design = np.vstack([columns - middle, np.full(columns.shape[1], heavy)])
    return nnls(design, np.append(target - middle, heavy))[0]


def _least_log_loss(link: Link, scores: np.ndarray, target: np.ndarray) -> np.ndarray:
    from scipy.optimize import minimize

    members = len(scores)
    hot = np.eye(scores.shape[2])[target] if link == "softmax" else (target == 1)[:, None].astype(float)

    def asked(x: np.ndarray) -> tuple[float, np.ndarray]:
        total = np.tensordot(x[:members], scores, axes=1) + x[members:]
        if link == "softmax":
            peak = total.max(axis=1, keepdims=True)
            norm = peak + np.log(np.exp(total - peak).sum(axis=1, keepdims=True))
            value, slope = (
                float((norm - (hot * total).sum(axis=1, keepdims=True)).mean()),
                np.exp(total - norm),
            )
        else:
            value, slope = float((np.logaddexp(0.0, total) - hot * total).mean()), expit(total)
        error = (slope - hot) / len(target)
        return value, np.append(np.tensordot(scores, error, axes=([1, 2], [0, 1])), error.sum(axis=0))

    start = np.append(np.full(members, 1.0 / members), np.zeros(scores.shape[2]))
    bounds = [(0.0, 20.0)] * members + [(None, None)] * scores.shape[2]
    found = minimize(asked, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"ftol": 1e-12})
    return np.asarray(found.x[:members])


def blend_out_of_fold(
    link: Link, scores: Sequence[np.ndarray], target: np.ndarray, folds: np.ndarray
) -> np.ndarray:
    """Blended scores f8[n, K] of each row, with weights chosen on the other folds; 0 where the fold is -1."""
    result = np.zeros_like(scores[0])
    for fold in np.unique(folds[folds >= 0]):
        rows, others = folds == fold, (folds != fold) & (folds >= 0)
        if not others.any():
            others = rows
        weights = choose_weights(link, [s[others] for s in scores], target[others])
        result[rows] = sum(w * s[rows] for w, s in zip(weights, scores, strict=True))
    return result


def join(
    parts: Sequence[tuple[Fitted, float]], rows: Dataset, *, family: str, settings: dict[str, Any]
) -> Fitted:
    """One glass box of fitted members; the proof compares it with the sum of the members' scores."""
    if any(not isinstance(part.record, AdditiveModel) for part, _ in parts):
        raise BrokenPromise("Only glass boxes can be added up to one.")

    def library_scores(dataset: Dataset) -> np.ndarray:
        return np.asarray(sum(w * part.library_scores(dataset) for part, w in parts))

    record = merge([(part.record, w) for part, w in parts], family=family, rows=rows)
    return Fitted(record=record, library_scores=library_scores, settings=settings)


def calibrated(fitted: Fitted, slope: float, intercept: float) -> Fitted:
    """The same fit with a calibration on top, in the record and in what proves it."""
    return replace(
        fitted,
        record=recalibrate(fitted.record, slope, intercept),
        library_scores=lambda dataset: fitted.library_scores(dataset) * slope + intercept,
    )


class Sum:
    """Members fitted by their own families and added. Made from models that a study has trained already.

    `effort.settings["members"]` lists them: family, settings, seed (added), calibration, weight.
    """

    glass_box = True

    def __init__(self, name: str):
        self._name = name

    def can_fit(self, task: Task) -> bool:
        return False  # never on its own: its members and weights come out of a study

    def name(self, task: Task) -> str:
        return self._name

    def fit(self, train: Dataset, features: tuple[Feature, ...], effort: Effort) -> Fitted:
        refuse_weights(train, self.name(train.task))
        parts = []
        for one in effort.settings["members"]:
            own = replace(effort, settings=one["settings"], seed=effort.seed + one.get("seed", 0))
            fitted = fit_with_extra(families[one["family"]], train, features, own)
            parts.append((calibrated(fitted, **one["calibration"]), one["weight"]))
        return join(parts, train, family=self._name, settings=dict(effort.settings))


families.add("blend")(Sum("blend"))
families.add("average")(Sum("ebm"))
families.add("average_mixed")(Sum("mixed"))


def train_blend(
    members: Sequence[Trained], train: Dataset, everything: Dataset, *, folds: np.ndarray
) -> tuple[Trained | None, tuning.Blend]:
    """The blend of trained glass boxes, and what is told of it; no model where one member is enough.

    Weights come from the members' calibrated out-of-fold scores; the blend's own out-of-fold scores use
    weights chosen on the other folds.
    """
    start = time.perf_counter()
    link, asked = members[0].record.link, folds >= 0
    scores = [one.oof for one in members]
    weights = choose_weights(link, [s[asked] for s in scores], train.target[asked])
    names, shares = tuple(one.name for one in members), tuple(float(w) for w in weights)
    if weights.max() > ONE_IS_ENOUGH:
        return None, tuning.Blend(members=names, weights=shares, status="one_is_enough")
    raw = blend_out_of_fold(link, scores, train.target, folds)
    parts = [(_as_fitted(one), share) for one, share in zip(members, shares, strict=True)]
    tuned = {"members": [_recipe(one, share) for one, share in zip(members, shares, strict=True)]}
    fitted = join(parts, train, family="blend", settings={"weights": dict(zip(names, shares, strict=True))})
    seconds = fitted.settings["seconds_with_folds"] = time.perf_counter() - start
    trained = conclude(
        "blend", fitted, raw, train=train, everything=everything, folds=folds, tuned=tuned, seconds=seconds
    )
    return trained, _told(members, shares, trained, target=train.target, folds=folds)


def _as_fitted(one: Trained) -> Fitted:
    scorer = make_scorer(one.record)
    return Fitted(record=one.record, library_scores=lambda d: scorer.link_scores(d.frame, len(d)))


def _recipe(one: Trained, share: float) -> dict[str, Any]:
    """What the family needs to fit this member again."""
    return {"family": one.family, "settings": one.tuned, "calibration": one.calibration, "weight": share}


def _told(
    members: Sequence[Trained], shares: tuple[float, ...], trained: Trained, *, target: np.ndarray,
    folds: np.ndarray,
) -> tuning.Blend:  # fmt: skip
    link = trained.record.link
    each = {one.name: fold_losses(link, one.oof, target, folds) for one in members}
    best = min(each, key=lambda name: float(each[name].mean()))
    return tuning.Blend(
        members=tuple(each), weights=shares, status="used", best_member=best, gap=trained.gap,
        gain=gain(each[best], fold_losses(link, trained.oof, target, folds)),
    )  # fmt: skip

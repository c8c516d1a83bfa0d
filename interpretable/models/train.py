"""One family, start to finish: out-of-fold scores, the fit, the proof, the calibration."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from interpretable.errors import BrokenPromise
from interpretable.models.base import Effort, Family, Fitted, families, outputs
from interpretable.models.folds import learned_from, refuse_held
from interpretable.models.mix import fit_with_extra
from interpretable.models.output_map import choose_map
from interpretable.records import codec
from interpretable.records.additive import AdditiveModel, Feature
from interpretable.records.boosted import BoostedModel
from interpretable.records.dataset import Dataset
from interpretable.score.rounding import rounding_unit
from interpretable.score.scorer import make_scorer

GAP_ALLOWED = {True: 1e-9, False: 1e-4}  # glass box: float64; XGBoost sums in float32

Progress = Callable[[str], None]


@dataclass(frozen=True, eq=False, kw_only=True)
class Trained:
    """A calibrated model and what its training left behind."""

    name: str
    family: str  # its key in `families`
    glass_box: bool
    record: AdditiveModel | BoostedModel
    oof: np.ndarray  # f8[n, K] out-of-fold link scores of the training rows, calibrated, before any map
    settings: dict[str, Any] = field(default_factory=dict)
    tuned: dict[str, Any] = field(default_factory=dict)  # the part of `settings` that a search chose
    notes: dict[str, Any] = field(default_factory=dict)  # of Fitted
    calibration: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0
    gap: float = 0.0  # largest |library - record| over all rows of the study


def out_of_fold(
    family: Family, train: Dataset, features: tuple[Feature, ...], folds: np.ndarray, *, effort: Effort,
    progress: Progress,
) -> np.ndarray:  # fmt: skip
    """Link scores f8[n, K] of each training row by a model that did not see it (0 where the fold is -1)."""
    scores = np.zeros((len(train), outputs(train)))
    lean = replace(effort, refits=0)
    for fold in np.unique(folds[folds >= 0]):
        progress(f"fold {fold + 1} of {folds.max() + 1}")
        held_out = np.flatnonzero(folds == fold)
        part = train.take(learned_from(train, folds == fold))
        fitted = fit_with_extra(family, part, features, lean)
        rows = train.take(held_out)
        scores[held_out] = make_scorer(fitted.record).link_scores(rows.frame, len(rows))
    return scores


def prove(record: AdditiveModel | BoostedModel, library: np.ndarray, everything: Dataset) -> float:
    """Largest difference between the library's scores and the record's, over all rows of the study."""
    own = make_scorer(record).link_scores(everything.frame, len(everything))
    gap = float(np.abs(own - library).max())
    allowed = GAP_ALLOWED[isinstance(record, AdditiveModel)] * rounding_unit(record.link, library)
    if not gap <= allowed:
        raise BrokenPromise(
            f"{record.family}: the record scores rows up to {gap:.3g} apart from its library."
        )
    return gap


def train_family(
    key: str, train: Dataset, everything: Dataset, *, features: tuple[Feature, ...], folds: np.ndarray,
    effort: Effort, progress: Progress,
) -> Trained:  # fmt: skip
    """Fit, prove and calibrate one family. Only `train` is learned from; `everything` proves the compile."""
    family = families[key]
    start = time.perf_counter()
    raw = out_of_fold(family, train, features, folds, effort=effort, progress=progress)
    progress("final fit")
    fit_start = time.perf_counter()
    fitted = fit_with_extra(family, train, features, effort)
    seconds = time.perf_counter() - fit_start
    fitted.settings["seconds_with_folds"] = time.perf_counter() - start
    return conclude(
        key, fitted, raw, train=train, everything=everything, folds=folds, tuned=dict(effort.settings),
        seconds=seconds,
    )  # fmt: skip


def conclude(
    key: str, fitted: Fitted, raw: np.ndarray, *, train: Dataset, everything: Dataset, folds: np.ndarray,
    tuned: dict[str, Any], seconds: float, notes: dict[str, Any] | None = None,
) -> Trained:  # fmt: skip
    """Prove a fit on all rows of the study and calibrate it on its out-of-fold scores `raw` f8[n, K]."""
    family = families[key]
    gap = prove(fitted.record, fitted.library_scores(everything), everything)
    asked = folds >= 0
    refuse_held(train, asked)  # calibration and output map are learned on the rows held out
    name, link = family.name(train.task), fitted.record.link
    choice = choose_map(link, raw[asked], train.target[asked], folds[asked], name=name)
    return Trained(
        name=name,
        family=key,
        glass_box=family.glass_box,
        record=choice.applied(fitted.record),
        oof=raw * choice.slope + choice.intercept,
        settings=fitted.settings,
        tuned=tuned,
        notes={**fitted.notes, **(notes or {}), "output_map": codec.to_plain(choice.trials)},
        calibration={"slope": choice.slope, "intercept": choice.intercept},
        seconds=seconds,
        gap=gap,
    )

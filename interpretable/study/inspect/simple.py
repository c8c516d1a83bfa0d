"""The simplest models: the points scorecard and the shallow tree, and outside comparisons."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from interpretable import evaluate
from interpretable.evaluate.card import card_bands
from interpretable.explain.card import card_columns, points_of, totals
from interpretable.explain.tree import make_tree
from interpretable.models.histgb import NAME, can_compare, compare_with
from interpretable.models.train import Trained
from interpretable.records.additive import AdditiveModel
from interpretable.records.evaluation import Comparison
from interpretable.records.lacking import NotComputed
from interpretable.records.simple import Peer, Scorecard, SimpleEvidence
from interpretable.score.output import to_prediction
from interpretable.study.material import Material

MAIN = {"binary": ("auroc", "log_loss"), "multiclass": ("auroc", "log_loss"), "regression": ("rmse", "r2")}


def inspect(material: Material) -> SimpleEvidence | None:
    """None where no table-reading model exists: a task of text alone."""
    features = material.fits.features
    if not can_compare(features):
        return None
    found = SimpleEvidence(
        scorecard=_scorecard(material), tree=_tree(material), losses=_losses(material)
    )  # fmt: skip
    lacking = []
    if found.scorecard is None:
        defined = material.task.kind != "multiclass"
        reason = "simple_not_trained" if defined else "not_defined"
        lacking.append(NotComputed(what="scorecard", reason=reason))
    if material.options.quick:
        lacking.append(NotComputed(what="simple_peers", reason="simple_quick"))
    else:
        found = replace(found, peers=(_peer(material),))
    return replace(found, not_computed=tuple(lacking))


def _named(material: Material, name: str) -> tuple[Trained, AdditiveModel] | None:
    for trained in material.fits.trained:
        if trained.name == name and isinstance(trained.record, AdditiveModel):
            return trained, trained.record
    return None


def _scorecard(material: Material) -> Scorecard | None:
    """The card as it is used, with its calibration, and what became of the test rows at each total."""
    known = _named(material, "scorecard")
    if known is None:
        return None
    trained, record = known
    unit = float(trained.settings["unit"]) * float(trained.calibration["slope"])
    points = points_of(record, unit)
    lowest, highest = (sum(int(edge(p)) for p in points) for edge in (np.min, np.max))
    constant, steps = float(record.intercept[0]), np.arange(lowest, highest + 1)
    estimates = to_prediction(record.link, (constant + unit * steps)[:, None], record.post)
    bands = card_bands(
        totals(record, points, material.test), material.test.target, estimates, lowest=lowest,
        binary=material.task.kind == "binary",
    )  # fmt: skip
    return Scorecard(
        columns=card_columns(record, points, material.train), unit=unit, constant=constant, lowest=lowest,
        highest=highest, estimates=tuple(estimates.tolist()), bands=bands,
    )  # fmt: skip


def _tree(material: Material) -> tuple:
    known = _named(material, "tree")
    return make_tree(known[1], material.train) if known else ()


def _losses(material: Material) -> tuple[Comparison, ...]:
    """Card and tree minus the EBM, on the same test rows."""
    given = {n: p for n, p in material.predictions.items() if n in ("scorecard", "tree", "ebm")}
    return _compared(material, given, "ebm") if "ebm" in given and len(given) > 1 else ()


def _compared(material: Material, given: dict[str, np.ndarray], against: str) -> tuple[Comparison, ...]:
    found = evaluate.compare(
        material.task, material.test.target, given, against=against, seed=material.options.seed,
        resamples=material.options.resamples,
    )  # fmt: skip
    return tuple(c for c in found if c.metric in MAIN[material.task.kind])


def _peer(material: Material) -> Peer:
    """scikit-learn's gradient boosting on the same folds and the same test rows."""
    fits, options = material.fits, material.options
    oof, predicted = compare_with(
        material.train, material.test, fits.features, fits.folds, seed=options.seed, threads=options.threads
    )
    measured = evaluate.measure(
        material.task, material.test.target, predicted, seed=options.seed, resamples=options.resamples
    )
    summary, _ = evaluate.summarise_oof(material.task, material.train.target, oof, fits.folds)
    given = {material.selected: material.predictions[material.selected], NAME: predicted}
    compared = _compared(material, given, material.selected)
    return Peer(name=NAME, metrics=measured.metrics, oof=summary, comparisons=compared)

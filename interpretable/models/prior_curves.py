"""Boosting that starts from a prior: its score is a curve of each column, so it folds back exactly.

The fit begins from a * f(x) (interpret's init_score) and learns what is left. f is a sum of one table per
column on the very bins of that column's curve, so adding it to the curves afterwards gives one record whose
scores are those of both together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from interpretable.errors import BrokenPromise
from interpretable.models.base import LINKS, outputs
from interpretable.models.bins import Slot
from interpretable.models.folds import make_folds
from interpretable.models.losses import row_losses
from interpretable.models.monotone import enforced
from interpretable.models.native_ebm import fit_native
from interpretable.models.prior import (
    GRID,
    allowed,
    choose,
    label_scores,
    mid_ranks,
    none_taken,
    scale,
    sign_of,
)
from interpretable.records.additive import AdditiveModel, Axis, Feature, TableTerm, Term
from interpretable.records.dataset import Dataset
from interpretable.records.prior import Prior, PriorWeight
from interpretable.score.coding import code_numbers
from interpretable.score.scorer import make_scorer

FOLDS = 3
MOST_ROWS = 5_000  # for the choice of the weight
# One bag and long steps: the trials compare weights, they are not the model.
_TRIAL = {
    "outer_bags": 1, "learning_rate": 0.1, "smoothing_rounds": 25, "early_stopping_rounds": 25,
    "early_stopping_tolerance": 1e-4, "max_rounds": 1_000, "n_jobs": 1,
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Start:
    """The weighed prior as a record of its own: one table per column."""

    record: AdditiveModel

    def scores(self, rows: Dataset) -> np.ndarray:
        """f8[n, K]."""
        return make_scorer(self.record).link_scores(rows.frame, len(rows))

    def offset(self, rows: Dataset) -> np.ndarray:
        """As interpret wants it: f8[n] for one output."""
        found = self.scores(rows)
        return found[:, 0] if found.shape[1] == 1 else found

    def weighed(self, weight: float) -> Start:
        terms = tuple(replace(t, scores=weight * t.scores) for t in self._tables())
        return Start(replace(self.record, terms=terms))

    def _tables(self) -> tuple[TableTerm, ...]:
        return tuple(t for t in self.record.terms if isinstance(t, TableTerm))

    def folded(self, fitted: AdditiveModel) -> AdditiveModel:
        """The fitted curves with the prior's tables added, refits too."""
        tables = {t.features: t for t in self._tables()}
        terms = tuple(_added(t, tables.pop(t.features, None)) for t in fitted.terms)
        if any(np.any(t.scores) for t in tables.values()):
            raise BrokenPromise("the prior speaks of a column that has no curve.")
        return replace(fitted, terms=terms)


def _added(term: Term, table: TableTerm | None) -> Term:
    if table is None or not isinstance(term, TableTerm):
        return term
    own, other = term.axes[0], table.axes[0]
    if own.cuts is not None and other.cuts is not None:
        if not np.array_equal(own.cuts, other.cuts):
            raise BrokenPromise("a curve is not cut where it was asked to be cut.")
        moved = table.scores
    else:
        moved = np.zeros((own.cells, table.scores.shape[1]))
        cell = dict(zip(other.labels, other.codes, strict=True))
        for label, code in zip(own.labels, own.codes, strict=True):
            if label in cell:
                moved[code] = table.scores[cell[label]]
    bags = None if term.bags is None else term.bags + moved
    return replace(term, scores=term.scores + moved, bags=bags)


def make_start(
    prior: Prior, train: Dataset, slots: tuple[Slot, ...], features: tuple[Feature, ...]
) -> Start | None:
    """The prior on the bins of these slots, with the spread that weight 1 means; None: it says nothing."""
    prior = allowed(prior, train.task)
    terms = tuple(_table(prior, train, slot) for slot in slots)
    record = AdditiveModel(
        family="prior", link=LINKS[train.task.kind], classes=train.classes, features=features, terms=terms,
        intercept=np.zeros(outputs(train)),
    )  # fmt: skip
    factor = scale(Start(record).scores(train), train)
    return Start(record).weighed(factor) if factor else None


def _table(prior: Prior, train: Dataset, slot: Slot) -> TableTerm:
    """Missing and unknown values score 0."""
    values, k = train.frame[slot.source].to_numpy(), outputs(train)
    if slot.cuts is not None and not slot.levels:
        cells = code_numbers(slot.cuts, np.asarray(values, dtype=np.float64))
        counts = np.bincount(cells, minlength=len(slot.cuts) + 2)[1:].astype(float)
        scores = np.zeros((len(slot.cuts) + 3, k))
        scores[1:-1, 0] = sign_of(prior, slot.source) * mid_ranks(counts)
        return TableTerm(features=(slot.feature,), axes=(Axis(cuts=slot.cuts),), scores=scores)
    known = {v for v in values if isinstance(v, str)}
    labels = slot.levels or tuple(sorted(known))
    scores = np.zeros((len(labels) + 2, k))
    scores[1:-1] = label_scores(prior, train, slot.source, labels)
    axis = Axis(labels=labels, codes=tuple(range(1, len(labels) + 1)))
    return TableTerm(features=(slot.feature,), axes=(axis,), scores=scores)


def start_from(
    prior: Prior, train: Dataset, slots: tuple[Slot, ...], features: tuple[Feature, ...], *, seed: int
) -> tuple[Start | None, PriorWeight]:
    """The prior at the weight that inner folds bear out; None where that is 0."""
    start = make_start(prior, train, slots, features)
    if start is None:
        return None, none_taken("nothing_said")
    few = train.sample(MOST_ROWS, seed=seed)
    folds = make_folds(few, FOLDS, seed=seed)
    classes = 0 if train.task.kind == "regression" else len(train.classes)
    parts = [(few.take(np.flatnonzero(folds != k)), np.flatnonzero(folds == k)) for k in range(FOLDS)]
    if any(not len(held) or (classes and len(np.unique(own.target)) < classes) for own, held in parts):
        return None, none_taken("too_few")
    losses = {w: _held_out(start.weighed(w), few, parts, slots, seed) for w in (0.0, *GRID)}
    known = folds >= 0
    plain = losses.pop(0.0)[known]
    best, told = choose(plain, {(w, 0.0): found[known] for w, found in losses.items()})
    return (None if best is None else start.weighed(best[0])), told


def _held_out(
    start: Start, rows: Dataset, parts: list[tuple[Dataset, np.ndarray]], slots: tuple[Slot, ...], seed: int
) -> np.ndarray:
    """Losses f8[n] of rows held out of curves that begin from this start."""
    losses, signs = np.zeros(len(rows)), enforced(rows.task)
    settings = {**_TRIAL, "min_samples_leaf": 4, "random_state": seed}
    for own, held in parts:
        native = fit_native(own, slots, settings=settings, signs=signs, offset=start.offset(own))
        other = rows.take(held)
        scores = native.scores(other.frame) + start.scores(other)
        losses[held] = row_losses(LINKS[rows.task.kind], scores, other.target)
    return losses

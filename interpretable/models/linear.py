"""Logistic and linear regression on numbers and levels: one linear layer, compiled exactly."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import log_loss
from sklearn.model_selection import KFold, StratifiedKFold

from interpretable.models.base import LINKS, Effort, Fitted, families, outputs
from interpretable.models.losses import row_losses
from interpretable.models.matrix import make_blocks
from interpretable.models.ordered import in_order, make_basis
from interpretable.models.penalised import LinearFit, Penalty, fit_penalised
from interpretable.models.prior import GRID, block_weights, choose, none_taken, standardised
from interpretable.models.unfold import table_terms, weights_of
from interpretable.records import codec
from interpretable.records.additive import AdditiveModel, Feature, LinearTerm, TableTerm, Term
from interpretable.records.dataset import Dataset
from interpretable.records.prior import PriorWeight
from interpretable.records.task import Task
from interpretable.score.design import encode

STRENGTHS = (0.01, 0.1, 1.0, 10.0)  # C of the penalty
L1_RATIOS = (0.5, 1.0)  # tried beside the ridge, at the strengths where they can differ from it
L1_STRENGTHS = (0.1, 1.0)
MOST_ROWS = 10_000  # for the choice of the penalty

Cuts = list[tuple[np.ndarray, np.ndarray]]  # rows fitted on, rows held out


@dataclass(frozen=True)
class _Strength:
    """How hard the weights are drawn to zero, and which share of that is by their absolute size."""

    c: float
    l1_ratio: float = 0.0


@dataclass(frozen=True, eq=False)
class _Rows:
    """The rows a model is fitted on: the matrix (in steps where directions are kept) and the target."""

    task: Task
    matrix: Any
    target: np.ndarray
    signs: np.ndarray | None
    toward: np.ndarray | None = None  # f8[q, K]: weights are drawn there instead of to 0

    def take(self, rows: np.ndarray) -> _Rows:
        return replace(self, matrix=self.matrix[rows], target=self.target[rows])

    def columns(self, kept: np.ndarray) -> _Rows:
        signs = None if self.signs is None else self.signs[kept]
        toward = None if self.toward is None else self.toward[kept]
        return replace(self, matrix=self.matrix[:, kept], signs=signs, toward=toward)


def _fit(rows: _Rows, strength: _Strength, seed: int, start: Any = None) -> Any:
    """scikit-learn's ridge where that is all that is asked; else our elastic net with bounds."""
    task = rows.task
    if strength.l1_ratio > 0.0 or rows.signs is not None or rows.toward is not None:
        penalty = Penalty(
            strength=strength.c, l1_ratio=strength.l1_ratio, signs=rows.signs, toward=rows.toward
        )
        near = start if isinstance(start, LinearFit) else None
        return fit_penalised(task.kind, rows.matrix, rows.target, penalty, start=near)
    if task.kind == "regression":
        return Ridge(alpha=1.0 / strength.c).fit(rows.matrix, rows.target)
    with warnings.catch_warnings():
        # A penalised fit that stops at 500 iterations is a little more penalised, not wrong.
        warnings.simplefilter("ignore", ConvergenceWarning)
        model = LogisticRegression(C=strength.c, max_iter=500, tol=1e-6, random_state=seed)
        return model.fit(rows.matrix, rows.target)


def _loss(model: Any, rows: _Rows) -> float:
    if rows.task.kind == "regression":
        return float(np.mean((model.predict(rows.matrix) - rows.target) ** 2))
    return float(log_loss(rows.target, model.predict_proba(rows.matrix), labels=model.classes_))


def _cuts(rows: _Rows, seed: int) -> Cuts:
    """Inner folds; none where a class is too small."""
    regression = rows.task.kind == "regression"
    smallest = len(rows.target) // 2 if regression else min(np.unique(rows.target, return_counts=True)[1])
    folds = min(3, int(smallest))
    if folds < 2:
        return []
    cutter = KFold if regression else StratifiedKFold
    split = cutter(folds, shuffle=True, random_state=seed).split(np.zeros(len(rows.target)), rows.target)
    return list(split)


def _choose_strength(rows: _Rows, effort: Effort) -> _Strength:
    """The penalty with the least loss over inner folds of the training rows."""
    asked = effort.settings
    if "C" in asked:
        return _Strength(float(asked["C"]), float(asked.get("l1_ratio", 0.0)))
    grids: dict[float, tuple[float, ...]] = {0.0: STRENGTHS, **dict.fromkeys(L1_RATIOS, L1_STRENGTHS)}
    if len(rows.target) > MOST_ROWS:
        rows = rows.take(np.random.default_rng(effort.seed).permutation(len(rows.target))[:MOST_ROWS])
    cuts = _cuts(rows, effort.seed)
    if not cuts:
        return _Strength(grids[0.0][len(grids[0.0]) // 2])
    losses = {}
    for ratio, grid in grids.items():
        found: list[Any] = [None] * len(cuts)  # each fit starts from the one with the next stronger penalty
        for c in grid:
            strength = _Strength(c, ratio)
            found = [
                _fit(rows.take(a), strength, effort.seed, start)
                for (a, _), start in zip(cuts, found, strict=True)
            ]
            kept = [_loss(model, rows.take(b)) for model, (_, b) in zip(found, cuts, strict=True)]
            losses[strength] = float(np.mean(kept))
    return min(losses, key=lambda one: losses[one])


def _held_out(rows: _Rows, cuts: Cuts, strengths: list[_Strength], seed: int) -> dict[_Strength, np.ndarray]:
    """Losses f8[n] of held-out rows; each fit starts from the one with the next stronger penalty."""
    link = LINKS[rows.task.kind]
    found = {strength: np.zeros(len(rows.target)) for strength in strengths}
    for a, b in cuts:
        own, held, model = rows.take(a), rows.take(b), None
        for strength in strengths:
            model = _fit(own, strength, seed, model)
            regression = rows.task.kind == "regression"
            raw = model.predict(held.matrix) if regression else model.decision_function(held.matrix)
            found[strength][b] = row_losses(link, np.asarray(raw).reshape(len(b), -1), held.target)
    return found


def _take_up(
    rows: _Rows, drawn: np.ndarray | None, plain: _Strength, effort: Effort
) -> tuple[_Rows, _Strength, PriorWeight]:
    """The rows with a prior's weights f8[q, K] as far as inner folds bear it out, and how hard it draws."""
    if drawn is None:
        return rows, plain, none_taken("nothing_said")
    few = rows
    if len(rows.target) > MOST_ROWS:
        few = rows.take(np.random.default_rng(effort.seed).permutation(len(rows.target))[:MOST_ROWS])
    cuts = _cuts(few, effort.seed)
    if not cuts:
        return rows, plain, none_taken("too_few")
    strengths = [_Strength(c) for c in ((plain.c,) if "C" in effort.settings else STRENGTHS)]
    tried = {
        (weight, strength.c): losses
        for weight in GRID
        for strength, losses in _held_out(
            replace(few, toward=weight * drawn), cuts, strengths, effort.seed
        ).items()
    }
    best, told = choose(_held_out(few, cuts, [plain], effort.seed)[plain], tried)
    if best is None:
        return rows, plain, told
    return replace(rows, toward=best[0] * drawn), _Strength(best[1]), told


def _empty(term: Term) -> bool:
    """Whether the penalty left the column out: its term would add nothing to any case."""
    if isinstance(term, TableTerm):
        return not np.any(term.scores) and not np.any(term.bags if term.bags is not None else 0)
    return isinstance(term, LinearTerm) and not (np.any(term.slope) or np.any(term.missing))


def _weights(rows: _Rows, model: Any, outputs: int, kept: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weights f8[q, K] of all fitted columns, 0 for those that were left out, and intercepts f8[K]."""
    own, intercept = weights_of(model, outputs)
    w = np.zeros((rows.matrix.shape[1], outputs))
    w[kept] = own
    return w, intercept


def _resampled(rows: _Rows, strength: _Strength, effort: Effort, fitted: tuple[Any, np.ndarray]) -> list:
    """Weights of refits on bootstrap rows; a resample that lost a class is drawn again.

    Columns that the penalty left out stay out: the spread does not hold the doubt about which were kept.
    """
    model, kept = fitted
    random = np.random.default_rng(effort.seed)
    regression, n = rows.task.kind == "regression", len(rows.target)
    classes = 1 if regression else len(np.unique(rows.target))
    outputs = np.atleast_2d(model.coef_).shape[0]
    inner = rows.columns(kept)
    found: list = []
    while len(found) < effort.refits:
        drawn = random.integers(0, n, n)
        if regression or len(np.unique(rows.target[drawn])) == classes:
            again = _fit(inner.take(drawn), strength, effort.seed, _at(model, kept))
            found.append(_weights(rows, again, outputs, kept))
    return found


def _at(model: Any, kept: np.ndarray) -> Any:
    return replace(model, coef_=model.coef_[:, kept]) if isinstance(model, LinearFit) else None


class Linear:
    """Logistic or linear regression with an elastic net on the columns that are no text."""

    glass_box = True

    def can_fit(self, task: Task) -> bool:
        return any(c.kind != "text" for c in task.features)

    def name(self, task: Task) -> str:
        return "linear" if task.kind == "regression" else "logistic"

    def fit(self, train: Dataset, features: tuple[Feature, ...], effort: Effort) -> Fitted:
        task, own = train.task, tuple(f for f in features if f.kind != "text")
        blocks = in_order(train, own, make_blocks(train, own, scaled=True))
        matrix = encode(blocks, train.frame, len(train))
        basis = make_basis(train, blocks)
        steps = sparse.identity(matrix.shape[1], format="csr") if basis is None else basis.steps
        rows = _Rows(
            task, matrix if basis is None else matrix @ steps, train.target, basis.signs if basis else None
        )
        strength = _choose_strength(rows, effort)
        notes = {}
        if effort.prior is not None:
            drawn = standardised(block_weights(effort.prior, blocks, train), matrix, train)
            if drawn is not None and basis is not None:
                drawn = np.linalg.solve(steps.toarray(), drawn)
            rows, strength, taken = _take_up(rows, drawn, strength, effort)
            notes = {"prior": codec.to_plain(taken)}
        model = _fit(rows, strength, effort.seed)
        fitted, intercept = weights_of(model, outputs(train))
        kept = np.flatnonzero(np.any(fitted != 0, axis=1)) if len(fitted) else np.zeros(0, dtype=int)
        refits = _resampled(rows, strength, effort, (model, kept)) if len(kept) else []
        again = [np.asarray(steps @ r[0]) for r in refits]
        found = table_terms(
            blocks, [f.name for f in own], np.asarray(steps @ fitted), refits=again, frame=train.frame
        )
        record = AdditiveModel(
            family=self.name(task), link=LINKS[task.kind], classes=train.classes, features=own,
            terms=tuple(term for term in found if not _empty(term)), intercept=intercept,
            bag_intercept=np.stack([r[1] for r in refits]) if refits else None,
        )  # fmt: skip

        def library_scores(dataset: Dataset) -> np.ndarray:
            plain = encode(blocks, dataset.frame, len(dataset))
            new = plain if basis is None else plain @ steps
            raw = model.predict(new) if task.kind == "regression" else model.decision_function(new)
            return np.asarray(raw, dtype=np.float64).reshape(len(dataset), -1)

        ratio = strength.l1_ratio
        kinds = {0.0: "l2", 1.0: "l1"}
        kept_settings = {"C": strength.c, "l1_ratio": ratio, "penalty": kinds.get(ratio, "elasticnet")}
        return Fitted(record=record, library_scores=library_scores, settings=kept_settings, notes=notes)


families.add("linear")(Linear())

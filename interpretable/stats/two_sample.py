"""Can a classifier tell the rows of two tables apart? (Lopez-Paz and Oquab, 2017)

The classifier is a ridge-penalised least-squares discriminant on 0/1 columns: its fit is linear in the
labels, so hundreds of shuffled labels are refitted in one matrix product and the p-value needs no
approximation. It sees a change of any column in any shape that its bins can show, but not one that lies in
combinations alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from interpretable.stats import delong
from interpretable.stats.metrics import auroc

FOLDS = 5
RIDGE = 10.0  # rows' worth of shrinkage per coefficient


@dataclass(frozen=True, eq=False)
class Told:
    """Mean area over the folds, its standard error, permutation p, variance by column block."""

    area: float
    error: float
    p_value: float
    blocks: np.ndarray  # f8[blocks], shares that sum to 1 (all 0 where the score is constant)


def tell_apart(
    hot: np.ndarray, label: np.ndarray, block: np.ndarray, *, resamples: int, seed: int
) -> Told:  # fmt: skip
    """Cross-validated AUROC of telling label 1 from label 0.

    Parameters
    ----------
    hot : f8[n, p] columns, 0/1
    label : i8[n] 0 or 1, at least FOLDS of each
    block : i8[p] which input column each matrix column belongs to
    """
    random = np.random.default_rng(seed)
    folds = _folds(label, random)
    shuffled = np.stack([label, *(_within(label, folds, random) for _ in range(resamples))], axis=1)
    scores = _cross_fitted(hot, shuffled.astype(float), folds)
    areas = np.mean([_areas(shuffled[folds == k], scores[folds == k]) for k in range(FOLDS)], axis=0)
    variances = [delong.variance(label[folds == k], scores[folds == k, 0]) for k in range(FOLDS)]
    beyond = int((areas[1:] >= areas[0] - 1e-12).sum())
    return Told(
        area=float(areas[0]), error=float(np.sqrt(np.sum(variances)) / FOLDS),
        p_value=(beyond + 1) / (resamples + 1), blocks=_blocks(hot, label, block),
    )  # fmt: skip


def _folds(label: np.ndarray, random: np.random.Generator) -> np.ndarray:
    folds = np.empty(len(label), dtype=np.int64)
    for value in (0, 1):
        rows = random.permutation(np.flatnonzero(label == value))
        folds[rows] = np.arange(len(rows)) % FOLDS
    return folds


def _within(label: np.ndarray, folds: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Labels shuffled inside each fold: every fold keeps both kinds."""
    shuffled = label.copy()
    for k in range(FOLDS):
        rows = np.flatnonzero(folds == k)
        shuffled[rows] = label[random.permutation(rows)]
    return shuffled


def solve(hot: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Ridge coefficients f8[p, b], and the means f8[p], f8[b] that were taken off first."""
    centre, level = hot.mean(axis=0), labels.mean(axis=0)
    x = hot - centre
    gram = x.T @ x + RIDGE * np.eye(hot.shape[1])
    return np.linalg.solve(gram, x.T @ (labels - level)), centre, level


def _cross_fitted(hot: np.ndarray, labels: np.ndarray, folds: np.ndarray) -> np.ndarray:
    scores = np.empty(labels.shape)
    for k in range(FOLDS):
        held = folds == k
        weights, centre, level = solve(hot[~held], labels[~held])
        scores[held] = (hot[held] - centre) @ weights + level
    return scores


def _areas(labels: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """AUROC per column."""
    scores = np.round(scores, 12)
    return np.array([auroc(labels[:, j], scores[:, j]) for j in range(labels.shape[1])])


def _blocks(hot: np.ndarray, label: np.ndarray, block: np.ndarray) -> np.ndarray:
    weights, centre, _ = solve(hot, label[:, None].astype(float))
    parts = (hot - centre) * weights[:, 0]
    spread = np.array([parts[:, block == j].sum(axis=1).var() for j in range(int(block.max()) + 1)])
    return spread / spread.sum() if spread.sum() > 1e-15 else np.zeros(len(spread))

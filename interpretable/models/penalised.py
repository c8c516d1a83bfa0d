"""Elastic net (Zou and Hastie, 2005) with directions that must be kept: one smooth problem with bounds.

Minimised is C * sum of losses + (1 - r) / 2 * |w|^2 + r * |w|_1, as in scikit-learn; the losses are log loss,
or half the squared error of the standardised target. For r > 0 each weight is the difference of two that are
at least 0, so that L-BFGS-B (Byrd et al., 1995) finds exact zeros.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.optimize import minimize

from interpretable.errors import BrokenPromise
from interpretable.records.task import TaskKind

ROUNDS = 500


@dataclass(frozen=True, eq=False, kw_only=True)
class Penalty:
    """C, the share r of the absolute penalty, and the sign of each matrix column: 1, -1, or 0 for any.

    toward : f8[p, K]; weights are drawn towards these instead of 0. Only where r is 0.
    """

    strength: float
    l1_ratio: float = 0.0
    signs: np.ndarray | None = None
    toward: np.ndarray | None = None


@dataclass(frozen=True, eq=False)
class LinearFit:
    """What scikit-learn's linear models offer, as far as it is used here."""

    coef_: np.ndarray  # f8[K, p]
    intercept_: np.ndarray  # f8[K]
    kind: TaskKind
    classes_: np.ndarray | None = None

    def decision_function(self, matrix: Any) -> np.ndarray:
        return np.asarray(matrix @ self.coef_.T) + self.intercept_

    def predict(self, matrix: Any) -> np.ndarray:
        """Values; not of use for classes."""
        return self.decision_function(matrix)[:, 0]

    def predict_proba(self, matrix: Any) -> np.ndarray:
        scores = self.decision_function(matrix)
        if self.kind == "binary":
            scores = np.column_stack([np.zeros(len(scores)), scores])
        scores -= scores.max(axis=1, keepdims=True)
        shares = np.exp(scores)
        return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def fit_penalised(
    kind: TaskKind, matrix: Any, target: np.ndarray, penalty: Penalty, *, start: LinearFit | None = None,
    tolerance: float = 1e-7,
) -> LinearFit:  # fmt: skip
    """The weights of one elastic net.

    Parameters
    ----------
    matrix : f8[n, p], dense or sparse; its columns should be standardised
    target : [n] 0/1, class index, or values
    penalty : with `signs`, weights of the marked columns cannot have the other sign
    start : a fit nearby, to begin from
    tolerance : of the gradient; that of the goal is a millionth of it
    """
    classes = None if kind == "regression" else np.unique(target)
    middle, width = 0.0, 1.0
    if kind == "regression":
        middle, width = float(np.mean(target)), float(np.std(target)) or 1.0
    if penalty.toward is not None:
        if penalty.l1_ratio > 0.0:
            raise BrokenPromise("weights can be drawn towards others only by a ridge.")
        penalty = replace(penalty, toward=penalty.toward / width)
    goal = _goal(kind, (target - middle) / width if kind == "regression" else target, classes)
    outputs, columns = goal.shape[1], matrix.shape[1]
    split = penalty.l1_ratio > 0.0
    first = np.zeros((2 if split else 1, columns, outputs))
    constant = np.zeros(outputs)
    if start is not None:
        w = start.coef_.T / width
        first = np.stack([np.maximum(w, 0), np.maximum(-w, 0)]) if split else w[None]
        constant = (start.intercept_ - middle) / width
    problem = _Problem(kind, matrix, goal, penalty)
    found = minimize(
        problem.value, np.concatenate([first.ravel(), constant]), jac=True, method="L-BFGS-B",
        bounds=problem.bounds(outputs),
        options={"maxiter": ROUNDS, "ftol": 1e-6 * tolerance, "gtol": tolerance},
    )  # fmt: skip
    w, constant = problem.unpack(found.x)
    return LinearFit(width * w.T, middle + width * constant, kind, classes)


def _goal(kind: TaskKind, target: np.ndarray, classes: np.ndarray | None) -> np.ndarray:
    """f8[n, K]: what the mean of each output should be."""
    if classes is None:
        return np.asarray(target, dtype=float)[:, None]
    if kind == "binary":
        return (target == classes[-1]).astype(float)[:, None]
    return (np.asarray(target)[:, None] == classes).astype(float)


@dataclass(frozen=True, eq=False)
class _Problem:
    kind: TaskKind
    matrix: Any
    goal: np.ndarray
    penalty: Penalty

    def unpack(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Weights f8[p, K] and constants f8[K]."""
        outputs = self.goal.shape[1]
        parts = x[:-outputs].reshape(-1, self.matrix.shape[1], outputs)
        return parts[0] - parts[1] if len(parts) == 2 else parts[0], x[-outputs:]

    def bounds(self, outputs: int) -> list[tuple[float | None, float | None]] | None:
        """None where no weight is bound: a text has tens of thousands."""
        if self.penalty.signs is None and self.penalty.l1_ratio == 0.0:
            return None
        columns = self.matrix.shape[1]
        signs = np.zeros(columns) if self.penalty.signs is None else self.penalty.signs
        if self.penalty.l1_ratio > 0.0:
            plus = [(0.0, 0.0 if s < 0 else None) for s in signs]
            minus = [(0.0, 0.0 if s > 0 else None) for s in signs]
            sides: list[tuple[float | None, float | None]] = [*plus, *minus]
        else:
            sides = [(0.0 if s > 0 else None, 0.0 if s < 0 else None) for s in signs]
        return [side for side in sides for _ in range(outputs)] + [(None, None)] * outputs

    def value(self, x: np.ndarray) -> tuple[float, np.ndarray]:
        """The penalised mean loss and its gradient."""
        w, constant = self.unpack(x)
        n, ratio = len(self.goal), self.penalty.l1_ratio
        scale = 1.0 / (self.penalty.strength * n)
        loss, rest = self._loss(np.asarray(self.matrix @ w) + constant)
        drawn = w if self.penalty.toward is None else w - self.penalty.toward
        slope = np.asarray(self.matrix.T @ rest) / n + scale * (1.0 - ratio) * drawn
        value = loss / n + scale * (1.0 - ratio) / 2 * float(np.sum(drawn**2))
        if ratio > 0.0:
            value += scale * ratio * float(np.sum(x[: -len(constant)]))
            slope = np.stack([slope + scale * ratio, -slope + scale * ratio])
        return value, np.concatenate([slope.ravel(), rest.sum(axis=0) / n])

    def _loss(self, scores: np.ndarray) -> tuple[float, np.ndarray]:
        """Sum of losses, and estimate minus goal."""
        if self.kind == "regression":
            rest = scores - self.goal
            return float(np.sum(rest**2) / 2), rest
        if self.kind == "binary":
            total = np.sum(np.logaddexp(0.0, scores) - self.goal * scores)
            return float(total), 0.5 * (1.0 + np.tanh(0.5 * scores)) - self.goal
        log_sum = np.logaddexp.reduce(scores, axis=1, keepdims=True)
        return float(np.sum(log_sum) - np.sum(self.goal * scores)), np.exp(scores - log_sum) - self.goal

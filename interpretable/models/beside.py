"""A linear layer beside scores that another model gave: one convex problem, solved by Newton's method.

Minimised over weights w, constant c and factor b >= 0 is C * sum of losses(b * given + c + X w) + |w|^2 / 2;
the losses are log loss, or half the squared error of the target in units of its spread. Neither c nor b is
penalised. Each step solves for the Newton direction by conjugate gradients (Nocedal and Wright, 2006, 7.1),
so that the matrix of second derivatives is never held.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.optimize import minimize

from interpretable.records.task import TaskKind
from interpretable.stats.metrics import expit

ROUNDS = 50
CLOSE = 1e-6  # mean change of a parameter, over all, at which a fit ends


@dataclass(frozen=True, eq=False)
class BesideFit:
    """What was fitted, on the scale of the target."""

    weights: np.ndarray  # f8[p, K]
    constant: np.ndarray  # f8[K]
    factor: float

    def scores(self, matrix: Any, given: np.ndarray) -> np.ndarray:
        """Link scores f8[n, K]."""
        return np.asarray(matrix @ self.weights) + self.constant + self.factor * given


def fit_beside(
    kind: TaskKind, matrix: Any, target: np.ndarray, given: np.ndarray, *, c: float,
    start: BesideFit | None = None,
) -> BesideFit:  # fmt: skip
    """The layer's weights, constant and factor.

    Parameters
    ----------
    matrix : sparse f8[n, p]
    target : [n] 0/1, class index, or values
    given : f8[n, K] link scores of the other model, from rows it was not fitted on
    c : weight of the losses against the penalty
    start : a fit nearby, to begin from
    """
    middle, width = 0.0, 1.0
    if kind == "regression":
        middle, width = float(np.mean(target)), float(np.std(target)) or 1.0
    outputs = given.shape[1]
    goal = (target[:, None] - middle) / width if kind == "regression" else _hot(target, outputs)
    problem = _Problem(kind, matrix, goal, (given - middle) / width, c)
    first = np.zeros(problem.size)
    first[-1] = 1.0
    if start is not None:
        constant = (start.constant - middle * (1.0 - start.factor)) / width
        first = np.concatenate([(start.weights / width).ravel(), constant, [start.factor]])
    found = _solve(problem, first)
    if found[-1] < 0.0:  # the problem is convex: the best factor within bounds is the bound
        first[-1] = 0.0
        found = _solve(replace(problem, given=np.zeros_like(given)), first)
        found[-1] = 0.0
    weights, constant, factor = problem.unpack(found)
    return BesideFit(width * weights, middle * (1.0 - factor) + width * constant, factor)


def _hot(target: np.ndarray, outputs: int) -> np.ndarray:
    """f8[n, K]: 1 for what happened."""
    return (target[:, None] == (np.arange(outputs) if outputs > 1 else 1)).astype(np.float64)


@dataclass(frozen=True, eq=False)
class _Problem:
    """The mean of the loss, by the parameters in one array: weights, constants, factor."""

    kind: TaskKind
    matrix: Any
    goal: np.ndarray
    given: np.ndarray
    c: float

    @property
    def size(self) -> int:
        return int((self.matrix.shape[1] + 1) * self.goal.shape[1] + 1)

    def unpack(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
        outputs = self.goal.shape[1]
        cut = len(x) - 1 - outputs
        return x[:cut].reshape(-1, outputs), x[cut:-1], float(x[-1])

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Link scores f8[n, K]."""
        weights, constant, factor = self.unpack(x)
        # A product with a vector is several times faster than one with a thin matrix.
        thin = weights.shape[1] == 1
        total = (self.matrix @ weights[:, 0])[:, None] if thin else self.matrix @ weights
        return np.asarray(total + constant + factor * self.given)

    def back(self, rest: np.ndarray, x: np.ndarray) -> np.ndarray:
        """Slopes by the parameters, of slopes f8[n, K] by the scores; the penalty's slope at x is added."""
        weights = self.unpack(x)[0]
        thin = rest.shape[1] == 1
        own = (self.matrix.T @ rest[:, 0])[:, None] if thin else self.matrix.T @ rest
        last = float(np.sum(rest * self.given))
        n = len(rest)
        return np.concatenate([(own / n + weights / (self.c * n)).ravel(), rest.mean(axis=0), [last / n]])

    def value(self, x: np.ndarray) -> float:
        scores, weights = self.forward(x), self.unpack(x)[0]
        if self.kind == "regression":
            losses = (scores - self.goal) ** 2 / 2
        elif self.kind == "binary":
            losses = np.logaddexp(0.0, scores) - self.goal * scores
        else:
            losses = np.logaddexp.reduce(scores, axis=1) - np.sum(self.goal * scores, axis=1)
        return float(losses.sum() / len(scores) + np.sum(weights**2) / (2 * self.c * len(scores)))

    def estimate(self, x: np.ndarray) -> np.ndarray:
        scores = self.forward(x)
        if self.kind == "regression":
            return scores
        if self.kind == "binary":
            return np.asarray(expit(scores))
        return np.exp(scores - np.logaddexp.reduce(scores, axis=1, keepdims=True))

    def slope(self, x: np.ndarray) -> np.ndarray:
        return self.back(self.estimate(x) - self.goal, x)

    def curvature(self, x: np.ndarray, direction: np.ndarray) -> np.ndarray:
        """The matrix of second derivatives at x, times a direction."""
        moved, p = self.forward(direction), self.estimate(x)
        if self.kind == "binary":
            moved = moved * p * (1.0 - p)
        elif self.kind == "multiclass":
            moved = p * (moved - np.sum(p * moved, axis=1, keepdims=True))
        return self.back(moved, direction)


def _solve(problem: _Problem, first: np.ndarray) -> np.ndarray:
    found = minimize(
        problem.value, first, jac=problem.slope, hessp=problem.curvature, method="Newton-CG",
        options={"maxiter": ROUNDS, "xtol": CLOSE},
    )  # fmt: skip
    return np.asarray(found.x)

"""Logistic regression by Newton's method (IRLS), for the few columns calibration needs."""

from __future__ import annotations

import numpy as np

from interpretable.stats.metrics import expit


def deviance(link: np.ndarray, target: np.ndarray) -> float:
    """Minus twice the log-likelihood; `target` may be a fraction."""
    return 2.0 * float((np.logaddexp(0.0, link) - target * link).sum())


def fit(
    design: np.ndarray, target: np.ndarray, *, offset: np.ndarray | None = None, ridge: float = 0.0
) -> tuple[np.ndarray, np.ndarray] | None:
    """Maximum likelihood coefficients f8[m] and their covariance f8[m, m]; None where they are not finite.

    Newton steps are halved until the likelihood does not fall (McCullagh and Nelder, 1989, section 4.4).
    """
    base = np.zeros(len(target)) if offset is None else np.asarray(offset, dtype=float)
    coefficients = np.zeros(design.shape[1])
    loss = deviance(base, target)
    for _ in range(100):
        link = base + design @ coefficients
        fitted = expit(link)
        information = (design.T * (fitted * expit(-link))) @ design + ridge * np.eye(design.shape[1])
        if np.linalg.matrix_rank(information, tol=1e-10 * max(np.trace(information), 1e-300)) < len(
            information
        ):
            return None
        step = np.linalg.solve(information, design.T @ (target - fitted) - ridge * coefficients)
        coefficients, loss, moved = _take(coefficients, step, (base, design, target, ridge, loss))
        if moved <= 1e-12 * (1.0 + float(np.abs(coefficients).max())):
            return coefficients, np.linalg.inv(information)
    return None


def _take(
    start: np.ndarray, step: np.ndarray, problem: tuple[np.ndarray, np.ndarray, np.ndarray, float, float]
) -> tuple[np.ndarray, float, float]:
    """The longest of the step's halvings that does not raise the loss."""
    base, design, target, ridge, loss = problem
    for halving in range(40):
        trial = start + step / 2.0**halving
        now = deviance(base + design @ trial, target) + ridge * float(trial @ trial)
        if now <= loss + 1e-12 * abs(loss):
            return trial, now, float(np.abs(trial - start).max())
    return start, loss, 0.0

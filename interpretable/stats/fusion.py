"""One probability from two answers: the small model's, and the label scores of a larger one.

Log-odds fusion: score_k = a log p_k + b_k z_k + c_k, softmax over the classes, where p are the small model's
probabilities and z the larger one's label log probabilities, centred and scaled by the rows it was fitted on.
The weights a, b_k are not negative, so neither answer is ever turned round. Binary: one b and one c (logistic
regression on two log-odds). Several classes: a weight b_k per class, and c = 0, since centring takes off what
the larger model says of every row alike.

A few dozen rows carry the fit, so a ridge holds it near "the small model alone" (a = 1, b = c = 0): a
standard normal prior around these weights.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from interpretable.stats.metrics import clip


@dataclass(frozen=True, eq=False, kw_only=True)
class Fusion:
    """Fitted weights: `small` of the small model, `large` f8[K] of the larger one, `intercept` f8[K]."""

    small: float
    large: np.ndarray
    intercept: np.ndarray
    centre: np.ndarray  # f8[K]
    scale: float

    def predict(self, small: np.ndarray, large: np.ndarray) -> np.ndarray:
        """Probabilities f8[n, K] from probabilities and label log probabilities f8[n, K]; nan rows stay nan.

        A row that was not answered is not guessed at.
        """
        p, z = _relative(small, large)
        scores = self.small * p + self.large * (z - self.centre) / self.scale + self.intercept
        weight = np.exp(scores - scores.max(axis=1, keepdims=True))
        return weight / weight.sum(axis=1, keepdims=True)


def _relative(small: np.ndarray, large: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Both as logarithms against the first class where there are two: then one weight is all there is."""
    p, z = np.log(clip(np.asarray(small, dtype=float))), np.asarray(large, dtype=float)
    return (p - p[:, :1], z - z[:, :1]) if p.shape[1] == 2 else (p, z)


def fit_fusion(
    small: np.ndarray, large: np.ndarray, target: np.ndarray, *, with_large: bool = True
) -> Fusion:
    """Penalised maximum likelihood.

    Parameters
    ----------
    small : f8[n, K] probabilities by fits that did not see the rows.
    large : f8[n, K] label log probabilities of the larger model; all finite.
    target : class indices, [n].
    with_large : False holds its weights at 0: what a recalibration of the small model alone would give.

    Examples
    --------
    >>> p = np.array([0.3, 0.6, 0.4, 0.7] * 30)
    >>> z = np.array([-2.0, 2.0, 2.0, -2.0] * 30)
    >>> found = fit_fusion(np.column_stack([1 - p, p]), np.column_stack([-z, z]), (z > 0).astype(int))
    >>> bool(found.large[1] > 2 * found.small)
    True
    """
    p, z = _relative(small, large)
    two = p.shape[1] == 2
    centre = z.mean(axis=0)
    scale = float((z - centre).std() * (np.sqrt(2.0) if two else 1.0)) or 1.0
    design = _design(p, (z - centre) / scale, with_large=with_large)
    prior = np.zeros(design.shape[2])
    prior[0] = 1.0
    free_sign = np.zeros(len(prior), dtype=bool)
    free_sign[-1] = two  # the intercept
    weights = _fit(design, np.asarray(target, dtype=int), prior, free_sign)
    own = weights[1 : len(weights) - two]
    large_weights, intercept = np.zeros(p.shape[1]), np.zeros(p.shape[1])
    if with_large:
        large_weights[int(two) :] = own
    if two:
        intercept[1] = weights[-1]
    return Fusion(
        small=float(weights[0]), large=large_weights, intercept=intercept, centre=centre, scale=scale
    )


def _design(p: np.ndarray, z: np.ndarray, *, with_large: bool) -> np.ndarray:
    """f8[n, K, m]: what each weight adds to the score of each class."""
    n, classes = p.shape
    one = np.eye(classes)[:, int(classes == 2) :]  # two classes: the second alone has a weight of its own
    parts = [p[:, :, None]]
    if with_large:
        parts.append(z[:, :, None] * one)
    if classes == 2:
        parts.append(np.broadcast_to(one, (n, 2, 1)))
    return np.concatenate(parts, axis=2)


def _fit(design: np.ndarray, target: np.ndarray, prior: np.ndarray, free_sign: np.ndarray) -> np.ndarray:
    """Projected Newton (Bertsekas, 1982): weights at 0 that want to be negative stand still; convex."""
    weights = prior.copy()
    loss, slope, curve = _loss(weights, design, target, prior)
    for _ in range(60):
        moves = free_sign | (weights > 0) | (slope < 0)
        if not moves.any() or np.abs(slope[moves]).max() < 1e-9 * len(target):
            break
        step = np.zeros(len(weights))
        step[moves] = np.linalg.solve(curve[np.ix_(moves, moves)], slope[moves])
        for halving in range(40):
            trial = weights - step / 2.0**halving
            trial = np.where(free_sign, trial, np.maximum(trial, 0.0))
            found = _loss(trial, design, target, prior)
            if found[0] <= loss:
                break
        else:
            break
        weights, (loss, slope, curve) = trial, found
    return weights


def _loss(
    weights: np.ndarray, design: np.ndarray, target: np.ndarray, prior: np.ndarray
) -> tuple[float, np.ndarray, np.ndarray]:
    """Minus the log-likelihood with its ridge, its gradient f8[m] and its curvature f8[m, m]."""
    scores = design @ weights
    top = scores.max(axis=1, keepdims=True)
    share = np.exp(scores - top)
    total = share.sum(axis=1, keepdims=True)
    share /= total
    rows, away = np.arange(len(target)), weights - prior
    loss = float((np.log(total[:, 0]) + top[:, 0] - scores[rows, target]).sum()) + 0.5 * float(away @ away)
    mean = np.einsum("nk,nkm->nm", share, design)
    slope = (mean - design[rows, target]).sum(axis=0) + away
    flat = (design * share[:, :, None]).reshape(-1, len(weights))
    curve = flat.T @ design.reshape(-1, len(weights)) - mean.T @ mean + np.eye(len(weights))
    return loss, slope, curve

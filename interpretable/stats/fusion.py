"""One probability from two answers: the small model's, and the label scores of a larger one.

Log-odds fusion: score_k = a log p_k + b_k z_k + c_k, softmax over the classes, where p are the small model's
probabilities and z the larger one's label log probabilities, centred and scaled by the rows it was fitted on.
The weights a, b_k are not negative, so neither answer is ever turned round. Binary: one b and one c (logistic
regression on two log-odds). Several classes: a weight b_k per class, and c = 0, since centring takes off what
the larger model says of every row alike.

A few dozen rows carry the fit, so a ridge holds it near "the small model alone" (a = 1, b = c = 0): as strong
as one row's worth of a standard normal prior.
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
    from scipy.optimize import minimize

    p, z = _relative(small, large)
    classes, two = p.shape[1], p.shape[1] == 2
    centre = z.mean(axis=0)
    scale = float((z - centre).std() * (np.sqrt(2.0) if two else 1.0)) or 1.0
    z = (z - centre) / scale
    onto = np.arange(1, 2) if two else np.arange(classes)  # classes with a weight of their own
    most = None if with_large else 0.0
    bounds = [(0.0, None), *[(0.0, most)] * len(onto), *[(None, None)] * (1 if two else 0)]
    start = np.array([1.0, *[0.0] * len(onto), *([0.0] if two else [])])
    found = minimize(
        _loss, start, args=(p, z, np.asarray(target, dtype=int), onto, start), jac=True, bounds=bounds
    )
    large_weights, intercept = _spread(found.x, onto, classes)
    return Fusion(
        small=float(found.x[0]), large=large_weights, intercept=intercept, centre=centre, scale=scale
    )


def _spread(weights: np.ndarray, onto: np.ndarray, classes: int) -> tuple[np.ndarray, np.ndarray]:
    large, intercept = np.zeros(classes), np.zeros(classes)
    large[onto] = weights[1 : 1 + len(onto)]
    if len(weights) > 1 + len(onto):
        intercept[onto] = weights[1 + len(onto) :]
    return large, intercept


def _loss(
    weights: np.ndarray, p: np.ndarray, z: np.ndarray, target: np.ndarray, onto: np.ndarray, prior: np.ndarray
) -> tuple[float, np.ndarray]:
    """Minus the log-likelihood with its ridge, and the gradient."""
    large, intercept = _spread(weights, onto, p.shape[1])
    scores = weights[0] * p + large * z + intercept
    top = scores.max(axis=1, keepdims=True)
    total = np.log(np.exp(scores - top).sum(axis=1)) + top[:, 0]
    rows = np.arange(len(p))
    miss = np.exp(scores - total[:, None])
    miss[rows, target] -= 1.0
    away = weights - prior
    parts = [[float((miss * p).sum())], (miss * z).sum(axis=0)[onto]]
    if len(weights) > 1 + len(onto):
        parts.append(miss.sum(axis=0)[onto])
    loss = float((total - scores[rows, target]).sum()) + 0.5 * float(away @ away)
    return loss, np.concatenate(parts) + away

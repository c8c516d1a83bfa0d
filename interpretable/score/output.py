"""Link scores to predictions."""

from __future__ import annotations

import numpy as np

from interpretable.records.additive import Link


def expit(x: np.ndarray) -> np.ndarray:
    """1 / (1 + exp(-x)), without overflow."""
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1.0 / (1.0 + small), small / (1.0 + small))


def softmax(x: np.ndarray) -> np.ndarray:
    """Rows of f8[n, K] to probabilities that sum to 1."""
    shifted = np.exp(x - x.max(axis=-1, keepdims=True))
    return shifted / shifted.sum(axis=-1, keepdims=True)


def to_prediction(link: Link, scores: np.ndarray) -> np.ndarray:
    """f8[n, K] link scores to the contract's shape: f8[n] (binary, regression) or f8[n, K]."""
    if link == "softmax":
        return softmax(scores)
    return expit(scores[..., 0]) if link == "logit" else scores[..., 0]


def towards(link: Link, scores: np.ndarray, output: int) -> np.ndarray:
    """The score for one output, f8[n]: the link score itself, or for classes the log odds of this class."""
    if link != "softmax":
        return scores[..., 0]
    rest = np.delete(scores, output, axis=-1)
    peak = rest.max(axis=-1)
    return scores[..., output] - (peak + np.log(np.exp(rest - peak[..., None]).sum(axis=-1)))

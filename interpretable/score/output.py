"""Link scores to predictions."""

from __future__ import annotations

import numpy as np

from interpretable.records.additive import Link
from interpretable.stats.metrics import expit


def softmax(x: np.ndarray) -> np.ndarray:
    """Rows of f8[n, K] to probabilities that sum to 1."""
    shifted = np.exp(x - x.max(axis=-1, keepdims=True))
    return shifted / shifted.sum(axis=-1, keepdims=True)


def to_prediction(link: Link, scores: np.ndarray) -> np.ndarray:
    """f8[n, K] link scores to the contract's shape: f8[n] (binary, regression) or f8[n, K]."""
    if link == "softmax":
        return softmax(scores)
    return expit(scores[..., 0]) if link == "logit" else scores[..., 0]


def of_output(values: np.ndarray, outputs: np.ndarray) -> np.ndarray:
    """Values f8[n, ..., K] of each row's own output (i8[n]), as f8[n, ...]."""
    place = outputs.reshape(-1, *[1] * (values.ndim - 1))
    return np.take_along_axis(values, place, axis=-1)[..., 0]


def log_odds(scores: np.ndarray, outputs: np.ndarray) -> np.ndarray:
    """Log odds f8[n, ...] of each row's class against all others together, from scores f8[n, ..., K]."""
    rest = scores.copy()
    np.put_along_axis(rest, outputs.reshape(-1, *[1] * (scores.ndim - 1)), -np.inf, axis=-1)
    peak = rest.max(axis=-1)
    return of_output(scores, outputs) - peak - np.log(np.exp(rest - peak[..., None]).sum(axis=-1))

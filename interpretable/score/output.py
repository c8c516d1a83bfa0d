"""Link scores to predictions."""

from __future__ import annotations

import numpy as np

from interpretable.records.additive import Link, OutputMap
from interpretable.stats.metrics import expit


def softmax(x: np.ndarray) -> np.ndarray:
    """Rows of f8[n, K] to probabilities that sum to 1."""
    shifted = np.exp(x - x.max(axis=-1, keepdims=True))
    return shifted / shifted.sum(axis=-1, keepdims=True)


def to_prediction(link: Link, scores: np.ndarray, post: OutputMap | None = None) -> np.ndarray:
    """f8[n, K] link scores to the contract's shape: f8[n] (binary, regression) or f8[n, K].

    `post` is the model's output map. Ask `score.scorer.predicted` wherever a model is at hand: it knows both.
    """
    if link == "softmax":
        return softmax(scores)
    if link == "logit":
        return mapped(expit(scores[..., 0]), post)
    return scores[..., 0]


def all_chances(prediction: np.ndarray) -> np.ndarray:
    """Probabilities f8[n, K] of every class; of two classes f8[n] is the second one's."""
    return np.column_stack([1.0 - prediction, prediction]) if prediction.ndim == 1 else prediction


def mapped(probability: np.ndarray, post: OutputMap | None) -> np.ndarray:
    """Probabilities after the output map; as they are where there is none."""
    return probability if post is None else np.interp(probability, post.x, post.y)


def before_map(probability: float, post: OutputMap | None) -> float:
    """The least probability before the map that reaches this one after it; NaN where none does."""
    if post is None:
        return probability
    if probability > post.y[-1]:
        return float("nan")
    if probability <= post.y[0]:
        return 0.0
    place = int(np.searchsorted(post.y, probability, side="left"))
    (x0, x1), (y0, y1) = post.x[place - 1 : place + 1], post.y[place - 1 : place + 1]
    return float(min(x0 + (x1 - x0) * (probability - y0) / (y1 - y0), x1))


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

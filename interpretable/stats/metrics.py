"""Point estimates. `observed` is coded 0/1 (binary), 0..K-1 (multiclass) or a real number (regression).

Probabilities are clipped to [CLIP, 1 - CLIP] before a logarithm is taken, so that one answer that is
certain and wrong costs 27.6 nats, not infinity. Nothing else is clipped.
"""

from __future__ import annotations

import numpy as np

from interpretable.stats.bootstrap import weighted_average_precision

CLIP = 1e-12


def clip(probability: np.ndarray) -> np.ndarray:
    """Probabilities kept away from 0 and 1, for logarithms only."""
    return np.clip(probability, CLIP, 1.0 - CLIP)


def logit(probability: np.ndarray) -> np.ndarray:
    """Log-odds of clipped probabilities."""
    kept = clip(np.asarray(probability, dtype=float))
    return np.log(kept) - np.log1p(-kept)


def expit(link: np.ndarray) -> np.ndarray:
    """1 / (1 + exp(-link)) without overflow, exact in both tails."""
    small = np.exp(-np.abs(np.asarray(link, dtype=float)))
    return np.where(np.asarray(link) >= 0, 1.0, small) / (1.0 + small)


def midranks(values: np.ndarray) -> np.ndarray:
    """Ranks from 1, ties share their mean rank."""
    _, group, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return (last - (counts - 1) / 2.0)[group]


def auroc(observed: np.ndarray, score: np.ndarray) -> float:
    """Area under the ROC curve as the Mann-Whitney statistic, ties count one half (Hanley and McNeil, 1982).

    NaN where only one class is present.

    Examples
    --------
    >>> auroc(np.array([0, 0, 1, 1]), np.array([0.1, 0.4, 0.35, 0.8]))
    0.75
    """
    positive = np.asarray(observed) == 1
    events = int(positive.sum())
    others = len(positive) - events
    if events == 0 or others == 0:
        return float("nan")
    total = midranks(score)[positive].sum()
    return float((total - events * (events + 1) / 2.0) / (events * others))


def average_precision(observed: np.ndarray, score: np.ndarray) -> float:
    """Area under the precision-recall curve as a step function: sum of (recall step) x precision.

    Ties are entered together (the definition of scikit-learn's `average_precision_score`). NaN without
    events.
    """
    return float(weighted_average_precision(observed, score)(np.ones((1, len(observed))))[0])


def log_losses(observed: np.ndarray, probability: np.ndarray) -> np.ndarray:
    """Minus the log of the probability given to what happened, in nats; one per row. f8[n] or f8[n, K]."""
    given = np.asarray(probability, dtype=float)
    if given.ndim == 1:
        return -np.log(clip(np.where(np.asarray(observed) == 1, given, 1.0 - given)))
    return -np.log(clip(given[np.arange(len(given)), np.asarray(observed, dtype=int)]))


def brier_losses(observed: np.ndarray, probability: np.ndarray) -> np.ndarray:
    """Squared error of the probability per row; multiclass: summed over classes, 0 to 2 (Brier, 1950)."""
    given = np.asarray(probability, dtype=float)
    if given.ndim == 1:
        return (given - observed) ** 2
    return ((given - one_hot(observed, given.shape[1])) ** 2).sum(axis=1)


def one_hot(observed: np.ndarray, classes: int) -> np.ndarray:
    """f8[n, K] with a one in the column of the observed class."""
    return np.eye(classes)[np.asarray(observed, dtype=int)]


def log_loss(observed: np.ndarray, probability: np.ndarray) -> float:
    """Mean of `log_losses`."""
    return float(log_losses(observed, probability).mean())


def brier(observed: np.ndarray, probability: np.ndarray) -> float:
    """Mean of `brier_losses`."""
    return float(brier_losses(observed, probability).mean())


def brier_reference(shares: np.ndarray) -> np.ndarray:
    """Brier score of always predicting the class shares f8[..., K]: 1 - sum of squares (binary: halve it)."""
    return 1.0 - (np.asarray(shares) ** 2).sum(axis=-1)


def brier_skill(observed: np.ndarray, probability: np.ndarray) -> float:
    """1 - Brier / Brier of predicting the shares seen in the same rows; 1 perfect, 0 no better than the
    shares.

    NaN where only one class is present.
    """
    given = np.asarray(probability)
    classes = 2 if given.ndim == 1 else given.shape[1]
    shares = np.bincount(np.asarray(observed, dtype=int), minlength=classes) / len(given)
    reference = float(brier_reference(shares)) * (0.5 if given.ndim == 1 else 1.0)
    return 1.0 - brier(observed, given) / reference if reference > 0 else float("nan")


def macro_auroc(observed: np.ndarray, probability: np.ndarray) -> float:
    """Plain mean of the one-against-the-rest AUROCs; a class with no row (or all rows) here is left out."""
    areas = [auroc(np.asarray(observed) == k, probability[:, k]) for k in range(probability.shape[1])]
    kept = [a for a in areas if not np.isnan(a)]
    return float(np.mean(kept)) if kept else float("nan")


def accuracy(observed: np.ndarray, probability: np.ndarray) -> float:
    """Share of rows whose most probable class happened."""
    return float((probability.argmax(axis=1) == observed).mean())


def confusion(observed: np.ndarray, predicted: np.ndarray, classes: int) -> np.ndarray:
    """Counts int[K, K]: [observed][predicted]."""
    pairs = np.asarray(observed, dtype=int) * classes + np.asarray(predicted, dtype=int)
    return np.bincount(pairs, minlength=classes * classes).reshape(classes, classes)


def macro_f1(table: np.ndarray) -> np.ndarray:
    """Mean F1 over the classes observed or predicted, from [..., K, K] counts [observed][predicted]."""
    counts = np.asarray(table, dtype=float)
    hits = np.diagonal(counts, axis1=-2, axis2=-1)
    either = counts.sum(axis=-1) + counts.sum(axis=-2)  # 2 TP + FN + FP
    f1 = np.divide(2.0 * hits, either, out=np.zeros_like(either), where=either > 0)
    return f1.sum(axis=-1) / np.maximum((either > 0).sum(axis=-1), 1)


def rmse(observed: np.ndarray, predicted: np.ndarray) -> float:
    """Root of the mean squared error, in the unit of the target."""
    return float(np.sqrt(np.mean((np.asarray(predicted) - observed) ** 2)))


def mae(observed: np.ndarray, predicted: np.ndarray) -> float:
    """Mean absolute error, in the unit of the target."""
    return float(np.mean(np.abs(np.asarray(predicted) - observed)))


def r2(observed: np.ndarray, predicted: np.ndarray) -> float:
    """1 - squared error / that of predicting the mean of these rows. NaN where the target is constant."""
    spread = float(((observed - np.mean(observed)) ** 2).sum())
    error = float(((np.asarray(predicted) - observed) ** 2).sum())
    return 1.0 - error / spread if spread > 0 else float("nan")

"""Net benefit: true positives less false positives, weighed by the odds of the decision line.

NB = TP/n - FP/n x t/(1 - t) (Vickers and Elkin, 2006). A row is selected where its probability is at or
above the line.
"""

from __future__ import annotations

import numpy as np

from interpretable.stats.intervals import mean_t

THRESHOLDS = tuple(round(0.01 * k, 2) for k in range(1, 100))


def per_row(observed: np.ndarray, probability: np.ndarray, threshold: float) -> np.ndarray:
    """Each row's share of n x NB: 1 for a true positive, -t/(1 - t) for a false one, 0 if not selected."""
    worth = np.where(observed == 1, 1.0, -threshold / (1.0 - threshold))
    return np.where(probability >= threshold, worth, 0.0)


def net_benefit(observed: np.ndarray, probability: np.ndarray, *, threshold: float) -> float:
    """Net benefit in true positives per row."""
    return float(per_row(observed, probability, threshold).mean())


def interval(observed: np.ndarray, probability: np.ndarray, *, threshold: float) -> tuple[float, float]:
    """Student's t interval from the spread of the rows' shares (Marsh et al., 2020); needs two rows."""
    return mean_t(per_row(observed, probability, threshold))


def curve(observed: np.ndarray, probability: np.ndarray) -> list[tuple[float, float, float]]:
    """(threshold, net benefit of the model, of selecting everyone) at .01 to .99; selecting no one is 0."""
    everyone = np.ones(len(observed))
    return [
        (t, net_benefit(observed, probability, threshold=t), net_benefit(observed, everyone, threshold=t))
        for t in THRESHOLDS
    ]

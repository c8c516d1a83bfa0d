"""Net benefit: true positives less false positives, weighed by the odds of the decision line.

NB = TP/n - FP/n x t/(1 - t) (Vickers and Elkin, 2006). A row is selected where its probability is at or
above the line.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from interpretable.stats import clustered
from interpretable.stats.intervals import mean_t, wilson

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


@dataclass(frozen=True)
class Point:
    """Net benefit at one line, with 95 % ranges for it and for its difference to acting on everyone."""

    threshold: float
    model: float
    everyone: float
    edges: tuple[float, float]
    gain_edges: tuple[float, float]


def curve(observed: np.ndarray, probability: np.ndarray, *, groups: np.ndarray | None = None) -> list[Point]:
    """Points at .01 to .99; selecting no one is 0, so the range of the model is also that of the difference.

    Ranges are pointwise. With `groups` (int[n], 0..G-1) they are widened as much as Student's t of the rows'
    shares is by counting groups instead of rows; without, rows are taken as independent. At the ends of the
    curve few rows are selected, or few events missed, and the spread of the rows' shares is not to be seen
    yet: there `interval` is far too short, so the ranges here are made from Wilson's (see `weighed`).
    """
    return [_point(observed, probability, t, groups) for t in THRESHOLDS]


def _point(observed: np.ndarray, probability: np.ndarray, t: float, groups: np.ndarray | None) -> Point:
    n, odds, selected = len(observed), t / (1.0 - t), probability >= t
    hits, alarms = int(observed[selected].sum()), int(selected.sum()) - int(observed[selected].sum())
    missed = int(observed.sum()) - hits
    spared = n - hits - alarms - missed
    edges, lost = weighed(hits, alarms, n, odds=odds), weighed(missed, spared, n, odds=odds)
    model, everyone = (hits - odds * alarms) / n, (hits + missed - odds * (alarms + spared)) / n
    gain, gain_edges = model - everyone, (-lost[1], -lost[0])
    if groups is not None:
        mine = per_row(observed, probability, t)
        others = per_row(observed, np.ones(n), t) - mine
        edges = _widened(edges, model, _design_effect(mine, groups))
        gain_edges = _widened(gain_edges, gain, _design_effect(others, groups))
    return Point(t, model, everyone, edges, gain_edges)


def _design_effect(shares: np.ndarray, groups: np.ndarray) -> float:
    """How many times longer the interval of the mean is when groups are counted, at least 1."""
    found, alone = clustered.mean_t(shares, groups), mean_t(shares)
    if found is None or alone[1] - alone[0] <= 1e-15:
        return 1.0
    return max((found[1] - found[0]) / (alone[1] - alone[0]), 1.0)


def _widened(edges: tuple[float, float], middle: float, factor: float) -> tuple[float, float]:
    return middle - factor * (middle - edges[0]), middle + factor * (edges[1] - middle)


def weighed(first: int, second: int, n: int, *, odds: float) -> tuple[float, float]:
    """95 % range of first/n - odds x second/n for counts of two kinds among the same n rows.

    The distances from each share to its Wilson limits, joined as variances are, with the correlation of
    multinomial counts (MOVER: Zou and Donner, 2008; Newcombe, 1998). Defined also where a count is 0.
    """
    a, b = first / n, second / n
    (a_low, a_high), (b_low, b_high) = wilson(first, n), wilson(second, n)
    spread = math.sqrt(a * (1 - a) * b * (1 - b))
    correlation = -a * b / spread if spread > 0 else 0.0

    def reach(one: float, other: float) -> float:
        return math.sqrt(max(one**2 + (odds * other) ** 2 - 2 * correlation * one * odds * other, 0.0))

    middle = a - odds * b
    return middle - reach(a - a_low, b_high - b), middle + reach(a_high - a, b - b_low)

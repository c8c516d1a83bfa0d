"""How close generated rows lie to real ones: distances of columns, and the attack that closeness allows.

The attack knows the generated rows and asks of a real row how far the nearest of them is; a row that was
shown is taken to be nearer. Its success is the measure of privacy; a comfortable distance to the closest
record proves nothing (Yao et al., 2025, "The DCR Delusion").
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from interpretable.stats.delong import newcombe_interval
from interpretable.stats.intervals import clopper_pearson
from interpretable.stats.metrics import auroc

RATE = 0.001  # of false alarms


@dataclass(frozen=True, kw_only=True)
class Attack:
    """How well nearness to generated rows tells rows that were shown from rows that were not.

    auc : 0.5 is guessing; 95 % interval of Newcombe (2006)
    tpr : share of the shown rows that are named while at most `rate` of the others are, exact 95 % interval
    resolution : 1 / number of other rows: a rate below it cannot be told from none
    """

    auc: tuple[float, float, float]
    tpr: tuple[float, float, float]
    rate: float
    resolution: float

    @property
    def resolved(self) -> bool:
        return self.resolution <= self.rate


def attack(shown: np.ndarray, others: np.ndarray, *, rate: float = RATE) -> Attack:
    """The attack by distance (closest synthetic row).

    Parameters
    ----------
    shown : f8[n] distance of each real row that was shown to the nearest generated row
    others : f8[m] the same of real rows that were not
    rate : of false alarms, at most; where m is below 1 / rate, no false alarm at all is allowed
    """
    n, m = len(shown), len(others)
    area = auroc(np.repeat([1, 0], [n, m]), -np.concatenate([shown, others]))
    line = np.sort(others)[min(math.floor(rate * m), m - 1)]
    hits = int((shown < line).sum())
    low, high = clopper_pearson(np.array([hits]), np.array([n]))
    return Attack(
        auc=(area, *newcombe_interval(area, n, m)), tpr=(hits / n, float(low[0]), float(high[0])),
        rate=rate, resolution=1.0 / m,
    )  # fmt: skip


def nearest(rows: np.ndarray, others: np.ndarray, *, block: int = 2_000) -> np.ndarray:
    """Euclidean distance f8[n] of each row f8[n, p] to the nearest of the others f8[m, p]."""
    found, square = np.empty(len(rows)), (others**2).sum(axis=1)
    for start in range(0, len(rows), block):
        part = rows[start : start + block]
        apart = (part**2).sum(axis=1)[:, None] + square - 2 * part @ others.T
        found[start : start + block] = np.sqrt(np.maximum(apart.min(axis=1), 0.0))
    return found


def kolmogorov(one: np.ndarray, other: np.ndarray) -> float:
    """Largest distance between two empirical distribution functions; numbers, none of them missing."""
    every = np.concatenate([one, other])
    shares = [np.searchsorted(np.sort(values), every, side="right") / len(values) for values in (one, other)]
    return float(np.abs(shares[0] - shares[1]).max())


def total_variation(one: np.ndarray, other: np.ndarray) -> float:
    """Half the sum, over all values, of the differences of their shares."""
    values = sorted({*one.tolist(), *other.tolist()})
    return float(sum(abs(np.mean(one == v) - np.mean(other == v)) for v in values) / 2)

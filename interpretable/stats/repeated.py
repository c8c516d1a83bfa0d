"""Two models over repeated cross-validation: difference, interval, equivalence, what could be seen.

Folds share training rows, so differences of different folds are correlated. With correlation
n_test / (n_test + n_train) the variance of their mean is (1/J + n_test/n_train) times their variance (Nadeau
and Bengio, 2003); with R repeats of K folds J = R x K (Bouckaert and Frank, 2004).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

POWER = 0.8


@dataclass(frozen=True)
class Lead:
    """The mean difference with its corrected standard error and degrees of freedom."""

    mean: float
    error: float
    freedom: int

    def bound(self, chance: float) -> float:
        """The value below which the true difference lies with this chance."""
        from scipy.special import stdtrit

        return self.mean + float(stdtrit(self.freedom, chance)) * self.error

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Two-sided interval by Student's t."""
        return self.bound((1 - level) / 2), self.bound((1 + level) / 2)

    def beyond(self, edge: float) -> float:
        """Chance that the true difference is above `edge`: Student's posterior of Benavoli et al. (2017)."""
        from scipy.special import stdtr

        if self.error == 0.0:
            return float(self.mean > edge)
        return float(stdtr(self.freedom, (self.mean - edge) / self.error))


def lead(differences: np.ndarray, *, test_to_train: float) -> Lead:
    """From f8[J] differences, one per fold of every repeat; J of at least 2."""
    spread = float(np.var(differences, ddof=1))
    spread = 0.0 if spread <= (1e-15 * (1.0 + float(np.abs(differences).max()))) ** 2 else spread
    error = math.sqrt(spread * (1.0 / len(differences) + test_to_train))
    return Lead(float(np.mean(differences)), error, len(differences) - 1)


def rope(found: Lead, *, margin: float) -> tuple[float, float, float]:
    """Chances that the true difference is below -margin, within the margin, above it; they sum to 1.

    Bayesian correlated t-test with a region of practical equivalence (Benavoli, Corani, Demsar and Zaffalon,
    2017); its prior makes the posterior a Student distribution around the same mean and corrected error.
    """
    above = found.beyond(margin)
    below = 1.0 - found.beyond(-margin)
    return below, max(0.0, 1.0 - above - below), above


def verdict(found: Lead, *, margin: float, level: float = 0.95) -> Literal["not_worse", "worse", "open"]:
    """`not_worse` if the lower one-sided bound is above -margin, `worse` if the upper is below, else `open`.

    Non-inferiority by one-sided bounds (Walker and Nowacki, 2011).
    """
    if found.bound(1.0 - level) > -margin:
        return "not_worse"
    return "worse" if found.bound(level) < -margin else "open"


def detectable(error: float, *, freedom: int | None = None, level: float = 0.95) -> float:
    """Smallest true difference found with 80 % power by a two-sided test at 5 %, from its standard error.

    The usual sum of two quantiles (Bloom, 1995), of Student's t where `freedom` is given.
    """
    from scipy.special import ndtri, stdtrit

    ends = ((1 + level) / 2, POWER)
    quantiles = [float(ndtri(e) if freedom is None else stdtrit(freedom, e)) for e in ends]
    return sum(quantiles) * error

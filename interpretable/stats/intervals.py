"""Intervals in closed form, 95 % unless `level` says otherwise."""

from __future__ import annotations

import math

import numpy as np

from interpretable.stats.delong import Z


def wilson(hits: float, n: float, *, z: float = Z) -> tuple[float, float]:
    """Score interval of a proportion (Wilson, 1927). `n` must be positive; it need not be whole.

    Examples
    --------
    >>> [round(v, 4) for v in wilson(8, 10)]
    [0.4902, 0.9433]
    """
    share, zz = hits / n, z * z
    centre = (share + zz / (2 * n)) / (1 + zz / n)
    half = z * math.sqrt(share * (1 - share) / n + zz / (4 * n * n)) / (1 + zz / n)
    low = 0.0 if hits == 0 else centre - half
    high = 1.0 if hits == n else centre + half
    return max(low, 0.0), min(high, 1.0)


def wald(value: float, error: float) -> tuple[float, float]:
    """Value plus and minus 1.96 standard errors."""
    return value - Z * error, value + Z * error


def logit_wald(value: float, error: float) -> tuple[float, float]:
    """Interval of a value in (0, 1) from the standard error of its log-odds."""
    centre = math.log(value / (1.0 - value))
    low, high = wald(centre, error)
    return 0.5 * (1.0 + math.tanh(0.5 * low)), 0.5 * (1.0 + math.tanh(0.5 * high))


def mean_t(values: np.ndarray, *, level: float = 0.95) -> tuple[float, float]:
    """Student's t interval of a mean; needs two values."""
    from scipy.special import stdtrit

    n = len(values)
    half = stdtrit(n - 1, (1 + level) / 2) * float(np.std(values, ddof=1)) / math.sqrt(n)
    middle = float(np.mean(values))
    return middle - half, middle + half


def corrected_t(differences: np.ndarray, *, test_to_train: float) -> tuple[float, float, float]:
    """Mean, standard error and one-sided p of "mean > 0" for differences over resampled folds.

    Folds share training rows, so the naive variance is too small: it is multiplied by (1/J + n_test/n_train)
    instead of 1/J (Nadeau and Bengio, 2003). J = len(differences) must be at least 2; for plain K-fold
    cross-validation n_test/n_train = 1/(K - 1).
    """
    from scipy.special import stdtr

    folds = len(differences)
    mean, spread = float(np.mean(differences)), float(np.var(differences, ddof=1))
    error = math.sqrt(spread * (1.0 / folds + test_to_train))
    if error == 0.0:
        return mean, 0.0, 0.0 if mean > 0 else 1.0
    return mean, error, float(stdtr(folds - 1, -mean / error))

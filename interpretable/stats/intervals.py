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


def clopper_pearson(hits: np.ndarray, n: np.ndarray, *, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """Exact interval of proportions hits / n, i8[m] each (Clopper and Pearson, 1934); 0 to 1 where n is 0.

    Examples
    --------
    >>> low, high = clopper_pearson(np.array([0, 8]), np.array([10, 10]))
    >>> low.round(4).tolist(), high.round(4).tolist()
    ([0.0, 0.4439], [0.3085, 0.9748])
    """
    from scipy.special import betaincinv

    hits, n = np.asarray(hits, dtype=float), np.asarray(n, dtype=float)
    tail, left = (1.0 - level) / 2.0, n - hits
    low = betaincinv(np.maximum(hits, 1e-300), left + 1.0, tail)
    high = betaincinv(hits + 1.0, np.maximum(left, 1e-300), 1.0 - tail)
    return np.where(hits > 0, low, 0.0), np.where(left > 0, high, 1.0)

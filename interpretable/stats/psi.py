"""Population stability index, and how large it gets where nothing has changed."""

from __future__ import annotations

import numpy as np

PSEUDO = 0.5  # added to every count, so that an empty bin does not cost an infinity


def psi(reference: np.ndarray, new: np.ndarray) -> float:
    """Sum over bins of (q - p) * log(q / p) for shares p, q of two rows of counts.

    Half a row is added to each bin (Krichevsky and Trofimov, 1981). It is the symmetrised Kullback-Leibler
    divergence (Jeffreys, 1946). Bins that are empty in both are left out.

    Examples
    --------
    >>> round(psi(np.array([50.0, 50.0]), np.array([50.0, 50.0])), 6)
    0.0
    """
    p, q = _shares(reference, new)
    return float(((q - p) * np.log(q / p)).sum())


def _shares(reference: np.ndarray, new: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    a, b = np.asarray(reference, dtype=float), np.asarray(new, dtype=float)
    kept = (a + b) > 0
    a, b = a[kept] + PSEUDO, b[kept] + PSEUDO
    return a / a.sum(), b / b.sum()


def scale(reference: int, new: int) -> float:
    """Without drift PSI is about chi-square with B - 1 degrees of freedom times this (Yurdakul, 2018)."""
    return 1.0 / reference + 1.0 / new


def floor(reference: int, new: int, bins: int, *, level: float = 0.95) -> float:
    """The PSI that `level` of pairs of tables without drift stay below. 0 with one bin."""
    from scipy.special import chdtri

    return scale(reference, new) * float(chdtri(bins - 1, 1.0 - level)) if bins > 1 else 0.0


def p_value(found: float, reference: int, new: int, bins: int) -> float:
    """How often tables without drift have a PSI as large as this; 1 with one bin."""
    from scipy.special import chdtrc

    return float(chdtrc(bins - 1, max(found, 0.0) / scale(reference, new))) if bins > 1 else 1.0

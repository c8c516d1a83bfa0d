"""AUROC with its variance, from each row's contribution.

DeLong, DeLong and Clarke-Pearson (1988), in the O(n log n) form of Sun and Xu (2014). A row's contribution
is its placement value minus the area, over the size of its class; variances and covariances of areas are
sums of products of contributions, which also gives the mean of several one-against-the-rest areas
(multiclass) at no extra cost. Where one person has several rows, contributions are summed by person
(Obuchowski, 1997, Biometrics 53:567-578).
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from interpretable.stats.metrics import auroc, midranks

Z = 1.959963984540054  # 97.5 % point of the normal distribution


def contributions(observed: np.ndarray, score: np.ndarray, groups: np.ndarray | None = None) -> np.ndarray:
    """f8[n] whose sum of squares is DeLong's variance of the AUROC; zeros where a class is absent.

    With `groups` (int[n], 0..G-1) f8[3 G] whose sum of squares is Obuchowski's variance for clustered rows.
    Both are linear in the placement values: contributions of two models on the same rows may be subtracted.
    """
    positive = np.asarray(observed) == 1
    events, others = int(positive.sum()), int((~positive).sum())
    parts = np.zeros(len(positive))
    if events == 0 or others == 0:
        return parts if groups is None else np.zeros(3 * (int(groups.max(initial=-1)) + 1))
    ranks, area = midranks(score), auroc(observed, score)
    for mask, size, rest, sign in ((positive, events, others, 1.0), (~positive, others, events, -1.0)):
        placement = (ranks[mask] - midranks(np.asarray(score)[mask])) / rest
        placement = placement if sign > 0 else 1.0 - placement
        # The factor turns the sum of squares into the n - 1 variance; one row alone has no spread.
        factor = 1.0 if groups is not None else math.sqrt(size / max(size - 1, 1))
        parts[mask] = (placement - area) / size * factor
    return parts if groups is None else _by_group(parts, positive, groups)


def _by_group(parts: np.ndarray, positive: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Obuchowski's variance as a sum of squares.

    It is the sum over groups of a^2 x f1 + b^2 x f0 + 2 a b x f, where a and b are a group's sums over rows
    with and without the event, and each factor is I / (I - 1) for the I groups with such rows.
    """
    count = int(groups.max()) + 1
    kinds, factors = [], []
    for mask in (positive, ~positive):
        inside = len(np.unique(groups[mask]))
        factors.append(math.sqrt(inside / max(inside - 1, 1)))
        kinds.append(np.bincount(groups[mask], weights=parts[mask], minlength=count) * factors[-1])
    joint = min(count / max(count - 1, 1) / (factors[0] * factors[1]), 1.0)
    rest = math.sqrt(1.0 - joint)
    return np.concatenate([math.sqrt(joint) * (kinds[0] + kinds[1]), rest * kinds[0], rest * kinds[1]])


def variance(observed: np.ndarray, score: np.ndarray, groups: np.ndarray | None = None) -> float:
    """DeLong's variance of the AUROC; with `groups` Obuchowski's."""
    return float((contributions(observed, score, groups) ** 2).sum())


def macro_contributions(
    observed: np.ndarray, probability: np.ndarray, groups: np.ndarray | None = None
) -> np.ndarray:
    """As `contributions`, for the mean one-against-the-rest AUROC over the classes present. f8[n, K] in."""
    present = [k for k in range(probability.shape[1]) if 0 < np.sum(observed == k) < len(observed)]
    parts = [contributions(observed == k, probability[:, k], groups) for k in present]
    return np.mean(parts, axis=0) if parts else np.zeros(len(observed))


def paired(
    area_a: float, parts_a: np.ndarray, area_b: float, parts_b: np.ndarray, *, freedom: int | None = None
) -> tuple[float, float, float]:
    """Difference a - b on the same rows: (difference, standard error, two-sided p).

    p is of the z test, of Student's t where `freedom` is given (clustered rows). It is NaN where the areas
    differ but no row varies, 1 where the models agree on every row.
    """
    difference = area_a - area_b
    error = math.sqrt(float(((parts_a - parts_b) ** 2).sum()))
    if error <= 1e-15:
        return difference, 0.0, 1.0 if abs(difference) <= 1e-15 else float("nan")
    if freedom is None:
        return difference, error, math.erfc(abs(difference) / error / math.sqrt(2.0))
    from scipy.special import stdtr

    return difference, error, 2.0 * float(stdtr(freedom, -abs(difference) / error))


def logit_interval(area: float, error: float, *, z: float = Z) -> tuple[float, float]:
    """95 % interval on the log-odds scale: better coverage near 1 and in small samples, never outside 0..1.

    Source: Pepe (2003), section 5.2.4; Qin and Hotilovac (2008).
    """
    centre, half = math.log(area / (1.0 - area)), z * error / (area * (1.0 - area))
    return _expit(centre - half), _expit(centre + half)


def _expit(link: float) -> float:
    return 0.5 * (1.0 + math.tanh(0.5 * link))


def newcombe_interval(area: float, events: int, others: int) -> tuple[float, float]:
    """95 % score-type interval of an AUROC, defined at 0, 1 and for one row (Newcombe 2006, method 5)."""
    half = (events + others) / 2.0 - 1.0

    def misfit(true: float) -> float:
        inner = 1.0 + half * (1.0 - true) / (2.0 - true) + half * true / (1.0 + true)
        return abs(area - true) - Z * math.sqrt(true * (1.0 - true) / (events * others) * inner)

    return _root(misfit, area, 0.0), _root(misfit, area, 1.0)


def _root(misfit: Callable[[float], float], inside: float, outside: float) -> float:
    """Bisection between a value the data allow and the end of the scale."""
    for _ in range(80):
        middle = 0.5 * (inside + outside)
        inside, outside = (middle, outside) if misfit(middle) <= 0 else (inside, middle)
    return 0.5 * (inside + outside)

"""How many rows a prediction model needs, by the published criteria of Riley and others.

Riley et al. (2019), Statistics in Medicine 38: part I (numbers) 1262-1275, part II (yes or no) 1276-1296;
Riley et al. (2020), BMJ 368:m441. They are derived for regression models with p parameters; a boosted model
spends more, so for it they are a lower limit. The R2 put in must be one that may be expected on new rows.
"""

from __future__ import annotations

import math

SHRINKAGE = 0.9
OPTIMISM = 0.05  # of R2
MOST = 10_000_000


def cox_snell(loss: float, loss_without: float) -> float:
    """Cox and Snell's R2 from mean log losses of a model and of the prevalence alone."""
    return 1.0 - math.exp(-2.0 * (loss_without - loss))


def largest_cox_snell(prevalence: float) -> float:
    """The value of a perfect model: 1 - exp(2 lnL0 / n)."""
    null = prevalence * math.log(prevalence) + (1.0 - prevalence) * math.log(1.0 - prevalence)
    return 1.0 - math.exp(2.0 * null)


def expected_shrinkage(r2: float, *, n: int, parameters: int) -> float:
    """Shrinkage S that n rows lead one to expect: the root of n = p / ((S - 1) ln(1 - R2 / S)); 0 if none."""
    low, high = r2 + 1e-12, 1.0 - 1e-12

    def needed(s: float) -> float:
        return parameters / ((s - 1.0) * math.log(1.0 - r2 / s))

    # Rows needed are least somewhere inside and grow towards 1: the root near 1 is wanted.
    least = min((needed(low + (high - low) * k / 400), low + (high - low) * k / 400) for k in range(1, 400))
    if needed(high) < n:
        return 1.0
    if least[0] > n:
        return 0.0
    low = least[1]
    for _ in range(80):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if needed(middle) <= n else (low, middle)
    return low


def rows_binary(r2: float, *, parameters: int, prevalence: float) -> dict[str, int]:
    """Rows needed by each criterion: `shrinkage`, `optimism`, `intercept`.

    Parameters
    ----------
    r2 : Cox and Snell's R2 expected on new rows, above 0 and below `largest_cox_snell(prevalence)`
    """
    small = r2 / (r2 + OPTIMISM * largest_cox_snell(prevalence))
    return {
        "shrinkage": _for_shrinkage(r2, SHRINKAGE, parameters),
        "optimism": _for_shrinkage(r2, small, parameters),
        "intercept": math.ceil((1.96 / 0.05) ** 2 * prevalence * (1.0 - prevalence)),
    }


def _for_shrinkage(r2: float, shrinkage: float, parameters: int) -> int:
    """A model better than the shrinkage asked for allows cannot be judged by this formula: MOST rows."""
    if r2 >= shrinkage:
        return parameters + 2
    return min(MOST, math.ceil(parameters / ((shrinkage - 1.0) * math.log(1.0 - r2 / shrinkage))))


def rows_continuous(r2: float, *, parameters: int) -> dict[str, int]:
    """Rows needed by each criterion: `shrinkage`, `optimism`, `spread` (residual SD within 10 %).

    The fourth of part I (the mean within 10 % of itself) is left out: it depends on where the scale has its
    zero, and asks for few rows where that zero means something.

    Parameters
    ----------
    r2 : adjusted R2 expected on new rows, above 0 and below 1
    """
    low, high = parameters + 2, MOST
    while low < high:  # the shrinkage grows with n
        middle = (low + high) // 2
        low, high = (low, middle) if _shrinkage(r2, middle, parameters) >= SHRINKAGE else (middle + 1, high)
    return {
        "shrinkage": low,
        "optimism": math.ceil(1.0 + parameters * (1.0 - r2) / OPTIMISM - 1e-9),
        "spread": 234 + parameters,
    }


def _shrinkage(r2: float, n: int, parameters: int) -> float:
    apparent = (r2 * (n - parameters - 1) + parameters) / (n - 1)
    return 1.0 + (parameters - 2) / (n * math.log(1.0 - apparent))

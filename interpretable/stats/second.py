"""Does a second answer make anything better? A stated test on rows that the first model was unsure of.

Compared, on the same rows: the first model recalibrated on them, and its fusion with the second. Both are
fitted without the rows they are judged on (repeated folds), so what is tested is what the second adds, not
what a recalibration adds. Two one-sided tests share the level (Bonferroni): the exact test of who is right
more often, and the mean fall in log loss with the variance corrected for shared training rows (Nadeau and
Bengio, 2003).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from interpretable.stats.discordant import discordant_p
from interpretable.stats.fusion import fit_fusion
from interpretable.stats.intervals import corrected_t
from interpretable.stats.metrics import log_losses

FOLDS, REPEATS = 5, 4

Outcome = Literal["helps", "useless", "open"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Trial:
    """What the second answer did.

    chances : f8[n, K] fused, out of fold, averaged over the repeats; nan where there was no answer.
    first_right, second_right : rows that each answered rightly; no answer is never right.
    gained, lost : rows that only the second, or only the first answered rightly.
    gain, low, high : mean fall in log loss, in nats, with its 95 % interval.
    """

    chances: np.ndarray
    first_right: int
    second_right: int
    gained: int
    lost: int
    p_right: float
    gain: float
    low: float
    high: float
    p_loss: float
    outcome: Outcome


def try_second(
    small: np.ndarray, large: np.ndarray, target: np.ndarray, *,
    answer: Callable[[np.ndarray], np.ndarray], level: float = 0.05, seed: int = 0,
) -> Trial:  # fmt: skip
    """Test on the rows asked about.

    Parameters
    ----------
    small, large : f8[n, K] probabilities of the first, label log probabilities of the second; nan where it
        gave no answer. Such a row counts as wrong, and as predicted by the class shares.
    target : class indices, [n].
    answer : probabilities f8[n, K] -> class indices, by the line of the task.
    level : shared by the two tests. "useless" is what passes the test the other way, or has no weight.
    """
    from scipy.special import stdtrit

    read, places = ~np.isnan(large[:, 0]), _places(len(target), seed)
    shares = (np.bincount(target, minlength=small.shape[1]) + 1) / (len(target) + small.shape[1])
    alone, fused = (
        [_out_of_fold(small, large, target, read, at, with_large=w) for at in places] for w in (False, True)
    )
    guessed = [np.where(read[:, None], p, shares) for p in fused]
    falls = [
        (log_losses(target, a) - log_losses(target, b))[at == k].mean()
        for at, a, b in zip(places, alone, guessed, strict=True)
        for k in range(FOLDS)
    ]
    gain, error, p_loss = corrected_t(np.array(falls), test_to_train=1 / (FOLDS - 1))
    half = float(stdtrit(len(falls) - 1, 0.975)) * error
    first = answer(np.mean(alone, axis=0)) == target
    second = read & (answer(np.mean(guessed, axis=0)) == target)
    gained, lost = int((second & ~first).sum()), int((first & ~second).sum())
    p_right = discordant_p(gained, lost)
    weighed = read.any() and bool(fit_fusion(small[read], large[read], target[read]).large.any())
    outcome: Outcome = "open"
    if weighed and min(p_right, p_loss) <= level / 2:
        outcome = "helps"
    elif not weighed or min(discordant_p(lost, gained), 1.0 - p_loss) <= level / 2:
        outcome = "useless"
    return Trial(
        chances=np.mean(fused, axis=0), first_right=int(first.sum()), second_right=int(second.sum()),
        gained=gained, lost=lost, p_right=p_right, gain=gain, low=gain - half, high=gain + half,
        p_loss=p_loss, outcome=outcome,
    )  # fmt: skip


def _places(n: int, seed: int) -> list[np.ndarray]:
    """The fold of each row, once per repeat."""
    random = np.random.default_rng(seed)
    return [random.permutation(n) % FOLDS for _ in range(REPEATS)]


def _out_of_fold(
    small: np.ndarray, large: np.ndarray, target: np.ndarray, read: np.ndarray, places: np.ndarray, *,
    with_large: bool,
) -> np.ndarray:  # fmt: skip
    """f8[n, K] by fits to the answered rows of the other folds; nan where `large` is and has a weight."""
    given = large if with_large else np.zeros_like(large)
    found = np.full(small.shape, np.nan)
    for k in range(FOLDS):
        seen, held = read & (places != k), places == k
        if seen.any():
            fitted = fit_fusion(small[seen], given[seen], target[seen], with_large=with_large)
            found[held] = fitted.predict(small[held], given[held])
        else:
            found[held] = np.nan if with_large else small[held]
    return found

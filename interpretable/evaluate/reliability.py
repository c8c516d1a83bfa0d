"""Reliability: where are split-conformal sets or intervals wider, and where do they cover less?

The score is 1 - p(what happened) for answers (Sadinle, Lei and Wasserman, 2019) and |y - estimate| for
numbers; its quantile is taken on the calibration rows (Vovk et al., 2005). Coverage is promised on average
over all rows only: slice by slice it is looked at here.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from interpretable.evaluate.figure import proportion
from interpretable.evaluate.judged import Judged
from interpretable.evaluate.slices import members, search_space
from interpretable.records.diagnostics import Condition, Reliability, SliceReliability
from interpretable.stats.permutation import holm

LEVEL = 0.9
FEWEST = 30  # calibration rows, and test rows of a slice
SHOWN = 7  # the most surprising, and the widest


def conformal_limit(scores: np.ndarray, level: float) -> float:
    """The ceil((n + 1) * level)-th smallest score; infinity where there are too few."""
    place = int(np.ceil((len(scores) + 1) * level))
    return float(np.sort(scores)[place - 1]) if place <= len(scores) else float("inf")


def _scores(judged: Judged) -> np.ndarray:
    """Scores of what happened, f8[n]."""
    if judged.task.kind == "regression":
        return np.abs(judged.predicted - judged.target)
    return 1.0 - np.exp(-judged.loss)


def _sizes(judged: Judged, limit: float) -> np.ndarray:
    """Answers in each row's set; regression: the half-width of its interval."""
    if judged.task.kind == "regression":
        return np.full(len(judged), limit)
    p = judged.predicted
    p = p if p.ndim == 2 else np.column_stack([1.0 - p, p])
    return (1.0 - p <= limit).sum(axis=1).astype(float)


def find_reliability(calibration: Judged, test: Judged, names: Sequence[str]) -> Reliability | None:
    """Coverage and width of 90 % sets or intervals, for all test rows and by slices of one column.

    p-values ask whether coverage in the slice differs from that in the other test rows (Fisher's exact test),
    adjusted by Holm. None with fewer than 30 calibration or test rows.
    """
    if min(len(calibration), len(test)) < FEWEST:
        return None
    limit = conformal_limit(_scores(calibration), LEVEL)
    scores = _scores(test)
    covered, size = scores <= limit, _sizes(test, limit)
    space = [c for c in search_space(test.rows, names) if c.kind != "missing"]
    hot = members(space, test.rows) > 0
    kept = [k for k in range(len(space)) if min(hot[:, k].sum(), (~hot[:, k]).sum()) >= FEWEST]
    raw = np.array([_differs(covered, hot[:, k]) for k in kept])
    adjusted = holm(raw) if len(raw) else raw
    slices = [
        _slice(space[k], (test, scores, size), covered, hot[:, k], float(p))
        for k, p in zip(kept, adjusted, strict=True)
    ]
    odd = sorted(slices, key=lambda s: (s.p_value, -s.width))[:SHOWN]
    shown = odd + [s for s in sorted(slices, key=lambda s: -s.width)[:SHOWN] if s not in odd]
    return Reliability(
        level=LEVEL, calibration_n=len(calibration), n=len(test), width=float(size.mean()),
        coverage=proportion(int(covered.sum()), len(test), empty="no_rows"), slices=tuple(shown),
    )  # fmt: skip


def _differs(covered: np.ndarray, mask: np.ndarray) -> float:
    from scipy.stats import fisher_exact

    table = [[int(covered[m].sum()), int((~covered[m]).sum())] for m in (mask, ~mask)]
    return float(fisher_exact(table).pvalue)


def _slice(
    condition: Condition, judged: tuple[Judged, np.ndarray, np.ndarray], covered: np.ndarray,
    mask: np.ndarray, p: float,
) -> SliceReliability:  # fmt: skip
    test, scores, size = judged
    own = (
        float(np.quantile(scores[mask], LEVEL))
        if test.task.kind == "regression"
        else float(size[mask].mean())
    )
    return SliceReliability(
        conditions=(condition,), n=int(mask.sum()), width=own, p_value=p,
        coverage=proportion(int(covered[mask].sum()), int(mask.sum()), empty="no_rows"),
    )  # fmt: skip

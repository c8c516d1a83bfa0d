"""Where the truth about one case lies, as a promise about many: a range of values, or the answers left."""

from __future__ import annotations

import numpy as np

from interpretable.records.calibrators import CalibratorsEvidence, PredictionRange, SetResult

LEVEL = 0.9


def _border(found: CalibratorsEvidence, level: float) -> SetResult | None:
    return next(
        (s for s in found.sets if not s.by and s.method == found.set_method and s.level == level), None
    )


def range_of(
    found: CalibratorsEvidence,
    prediction: np.ndarray | float,
    classes: tuple[str, ...],
    *,
    level: float = LEVEL,
) -> PredictionRange | None:
    """The range or the answers of one case; None where the calibration part was too small for this level.

    Parameters
    ----------
    found : borders and, for amounts, the typical miss
    prediction : the amount, or f8[K] the chance of each of `classes`

    The promise holds for all cases together (marginal), not for this one. Where no answer passes the border
    the likeliest is given: it can only raise the share of sets that hold the truth.
    """
    border = _border(found, level)
    if border is None or border.quantile is None:
        return None
    if not classes:
        middle = float(prediction)
        knots, heights = np.array(found.spread_at).T if found.spread_at else (np.zeros(1), np.ones(1))
        scale = float(np.interp(middle, knots, heights)) if border.method == "scaled" else 1.0
        half = border.quantile * scale
        return PredictionRange(level=level, method=border.method, low=middle - half, high=middle + half)
    chances = np.asarray(prediction, dtype=float)
    left = (1.0 - chances <= border.quantile) | (np.arange(len(chances)) == chances.argmax())
    answers = tuple(name for name, kept in zip(classes, left, strict=True) if kept)
    return PredictionRange(level=level, method=border.method, answers=answers)

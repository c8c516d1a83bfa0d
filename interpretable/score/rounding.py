"""How far two sums of the same numbers may lie apart by rounding alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from interpretable.records.additive import Link


def rounding_unit(link: Link, scores: np.ndarray) -> float:
    """What a gap is measured in: 1 on a log-odds scale, the largest score (at least 1) of a regression.

    Floating point rounds in proportion: amounts of 1e12 cannot agree to 1e-9, only to 1e-9 of themselves.

    Parameters
    ----------
    scores : f8[n, K] link scores, in the target's unit where `link` is "identity"
    """
    if link != "identity" or not scores.size:
        return 1.0
    return max(1.0, float(np.abs(scores).max()))

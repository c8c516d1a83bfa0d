"""The shape of a column: one value per row, running numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from interpretable.data.names import id_word
from interpretable.data.rows import is_missing
from interpretable.records.task import ColumnKind

_FEWEST = 20


def id_reason(name: str, values: np.ndarray, kind: ColumnKind) -> str:
    """Why a normalised column looks like an id: "row_number", "name", "unique", or "" where it does not."""
    present = values[~is_missing(values)]
    if kind == "text" or len(present) < _FEWEST:
        return ""
    distinct = len(pd.unique(present))
    if kind == "number":
        whole = bool((present == np.floor(present)).all())
        if whole and distinct == len(present) and np.ptp(present) == distinct - 1:
            return "row_number"
        return "name" if whole and id_word(name) and distinct > 0.5 * len(present) else ""
    if distinct == len(present):
        return "unique"
    return "name" if id_word(name) and distinct > 0.5 * len(present) else ""

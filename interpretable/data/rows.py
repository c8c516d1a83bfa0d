"""Cells that are missing, and rows that are alike."""

from __future__ import annotations

import numpy as np
import pandas as pd


def row_keys(frame: pd.DataFrame) -> np.ndarray:
    """One code per row.

    Parameters
    ----------
    frame : n rows of normalised columns; missing equals missing

    Returns
    -------
    int64 (n,): rows have the same code exactly when they agree in every column
    """
    keys = np.zeros(len(frame), dtype=np.int64)
    for name in frame.columns:
        codes, levels = pd.factorize(frame[name].to_numpy())
        keys, _ = pd.factorize(keys * (len(levels) + 1) + codes + 1)
    return keys


def group_keys(groups: np.ndarray) -> np.ndarray:
    """One number per group, int64 (n,); a row without a group stands alone."""
    codes, _ = pd.factorize(groups)
    alone = codes < 0
    return np.where(alone, codes.max(initial=0) + 1 + np.cumsum(alone), codes)


def is_missing(values: np.ndarray) -> np.ndarray:
    """Missing cells of a normalised column: bool (n,)."""
    if values.dtype == np.float64:
        return np.isnan(values)
    return np.array([value is None for value in values], dtype=bool)

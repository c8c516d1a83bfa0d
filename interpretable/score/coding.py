"""Normalised values to cells of an axis: 0 missing, 1..n bins or levels, n + 1 unknown."""

from __future__ import annotations

import numpy as np
import pandas

from interpretable.records.additive import Axis


def code_numbers(cuts: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Cells i4[n] of numbers; x >= cut goes up, NaN is missing."""
    cells = np.searchsorted(cuts, values, side="right").astype(np.int32) + 1
    cells[np.isnan(values)] = 0
    return cells


def code_labels(axis: Axis, values: np.ndarray) -> np.ndarray:
    """Cells i4[n] of texts; None is missing, a text that is no label is unknown."""
    positions = pandas.Index(axis.labels, dtype=object).get_indexer(pandas.Index(values, dtype=object))
    lookup = np.array([*axis.codes, axis.cells - 1], dtype=np.int32)
    cells = lookup[positions]
    cells[pandas.isna(values)] = 0
    return cells


def code(axis: Axis, values: np.ndarray) -> np.ndarray:
    """Cells i4[n] of one column of normalised values on one axis."""
    if axis.cuts is not None:
        return code_numbers(axis.cuts, np.asarray(values, dtype=np.float64))
    return code_labels(axis, np.asarray(values, dtype=object))

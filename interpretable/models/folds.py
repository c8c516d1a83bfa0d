"""Folds of the training part: persons, and exact copies of a row, stay together."""

from __future__ import annotations

import numpy as np

from interpretable.data.rows import group_keys, row_keys
from interpretable.records.dataset import Dataset


def _together(train: Dataset) -> np.ndarray:
    """One number per row; equal numbers must share a fold."""
    if train.groups is not None:
        return group_keys(train.groups)
    return row_keys(train.features)


def make_folds(train: Dataset, count: int, *, seed: int) -> np.ndarray:
    """Fold i8[n] of each row, 0..count-1; classes are spread evenly over the folds.

    Rows of a class that would be held out all at once get -1: they are always trained on and never predicted,
    since no model can be asked for a class it has never seen.
    """
    random = np.random.default_rng(seed)
    units, first = np.unique(_together(train), return_index=True)
    strata = train.target[first] if train.task.kind != "regression" else np.zeros(len(units), dtype=np.int64)
    fold_of_unit = np.empty(len(units), dtype=np.int64)
    for stratum in np.unique(strata):
        members = random.permutation(np.flatnonzero(strata == stratum))
        fold_of_unit[members] = (np.arange(len(members)) + random.integers(count)) % count
    folds = fold_of_unit[np.searchsorted(units, _together(train))]
    if train.task.kind != "regression":
        for label in np.unique(train.target):
            own = train.target == label
            if len(np.unique(folds[own])) == 1:
                folds[own] = -1
    return folds

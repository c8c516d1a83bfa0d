"""Which rows must stay together: copies, near-copies in text, and all rows of one group."""

from __future__ import annotations

from collections.abc import Sequence
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from interpretable.data.minhash import linked
from interpretable.data.nearcopies import near_copies
from interpretable.data.rows import group_keys, row_keys
from interpretable.records.dataset import Dataset

TEMPLATE = 0.1  # a group of near-copies above this share of the rows is a way of writing, not a copy
_FEWEST = 10  # and has more rows than this
_KNOWN: WeakKeyDictionary[Dataset, np.ndarray] = WeakKeyDictionary()  # near-copies take seconds to find


def unit_keys(dataset: Dataset, *, template: float = TEMPLATE) -> np.ndarray:
    """Number of the unit of each row; rows with the same number must not be divided.

    Rows of one group where the task names groups; else rows alike in every feature, and rows whose texts are
    near-copies, whatever their other columns say.

    Parameters
    ----------
    dataset : n rows
    template : near-copies that make up more than this share of the rows are not held together: no split could

    Returns
    -------
    int64 (n,), numbered in the order of first appearance where there are no groups
    """
    if dataset.groups is not None:
        return group_keys(dataset.groups)
    keys = row_keys(dataset.inputs)
    if not _texts(dataset):
        return keys
    near = near_rows(dataset)
    sizes = np.bincount(near, minlength=1)
    held = (sizes > 1) & ~too_common(sizes, len(near), template=template)
    copied = np.flatnonzero(held[near])
    both = int(keys.max(initial=-1)) + 1  # units by keys and by texts as one set of things to be linked
    pairs = np.stack([keys[copied], both + near[copied]], axis=1)
    return pd.factorize(linked(both + int(near.max(initial=-1)) + 1, pairs)[keys])[0]


def near_rows(dataset: Dataset) -> np.ndarray:
    """Number int64 (n,) of the group of rows whose texts, all text columns together, are near-copies."""
    if dataset not in _KNOWN:
        columns = [dataset.frame[name].to_numpy() for name in _texts(dataset)]
        _KNOWN[dataset] = near_copies(_joined(columns))
    return _KNOWN[dataset]


def _texts(dataset: Dataset) -> list[str]:
    """Text columns that the task reads, as texts or through concepts."""
    return [name for name in dataset.inputs if dataset.task.column(name).kind == "text"]


def too_common(sizes: np.ndarray, rows: int, *, template: float = TEMPLATE) -> np.ndarray:
    """bool: groups of near-copies so large that they are a way of writing."""
    return sizes > max(template * rows, _FEWEST)


def _joined(columns: Sequence[np.ndarray]) -> list[str | None]:
    """One text per row from several columns."""
    if len(columns) == 1:
        return columns[0].tolist()
    return [" ".join(part for part in row if part) or None for row in zip(*columns, strict=True)]

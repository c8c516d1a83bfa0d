"""Folds of the training part: persons, copies of a row and near-copies in text stay together."""

from __future__ import annotations

import numpy as np

from interpretable.data.rows import group_keys
from interpretable.data.units import TEMPLATE, unit_keys
from interpretable.errors import BrokenPromise
from interpretable.records.dataset import Dataset


def _together(train: Dataset) -> np.ndarray:
    """One number per row; equal numbers must share a fold.

    What the split held together is held together here: the training part is 60 % of the rows, so that a unit
    of a tenth of them all is a sixth of it.
    """
    return unit_keys(train, template=2 * TEMPLATE)


def make_folds(train: Dataset, count: int, *, seed: int) -> np.ndarray:
    """Fold i8[n] of each row, 0..count-1; classes are spread evenly over the folds.

    Rows of a class that would be held out all at once get -1: they are always trained on and never predicted,
    since no model can be asked for a class it has never seen. Generated rows get -1 too: nobody is to be
    predicted from them, and the folds of the real rows are what they would be without them.
    """
    if train.has_synthetic:
        everyone = np.full(len(train), -1, dtype=np.int64)
        everyone[train.is_real] = make_folds(train.real, count, seed=seed)
        return everyone
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


def learned_from(train: Dataset, held: np.ndarray) -> np.ndarray:
    """Positions of the rows that may be learned from while those of `held` (bool[n]) are predicted.

    Left out are the rows held out, and generated rows for which any of them was shown.
    """
    if not train.has_synthetic:
        return np.flatnonzero(~held)
    refuse_held(train, held)
    hidden = frozenset(train.row_ids[held].tolist())
    shown = train.made_from if train.made_from is not None else [frozenset()] * len(train)
    free = np.array([hidden.isdisjoint(one) for one in shown])
    return np.flatnonzero(~held & free)


def refuse_held(train: Dataset, held: np.ndarray) -> None:
    """BrokenPromise where one of the rows held out (bool[n]) was generated."""
    if held[~train.is_real].any():
        raise BrokenPromise("Generated rows cannot be held out: they say nothing about people.")


def repeat_folds(
    train: Dataset, count: int, *, repeats: int, seed: int
) -> list[list[tuple[np.ndarray, np.ndarray]]]:
    """For each repeat its folds, as row positions (learned from, predicted).

    Random folds differ from repeat to repeat; the first repeat is `make_folds` with the seed itself. Rows in
    time have one order only: folds go forward in time, each predicted from all that came before, once.
    """
    if train.times is not None and train.groups is None:
        return [_forward(train, count)]
    found = []
    for repeat in range(repeats):
        folds = make_folds(train, count, seed=seed + 1_000 * repeat)
        pairs = [(np.flatnonzero(folds != k), np.flatnonzero(folds == k)) for k in range(count)]
        found.append([pair for pair in pairs if len(pair[1])])
    return found


def _forward(train: Dataset, count: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """count + 1 stretches of time; each but the first is predicted from the earlier ones.

    A fold that has not yet met every class is left out: no model can be asked for a class it has never seen.
    """
    times = np.asarray(train.times)
    ordered = np.sort(times)
    starts = [ordered[len(times) * k // (count + 1)] for k in range(1, count + 1)]
    block = np.searchsorted(np.array(starts), times, side="right")
    classes = 0 if train.task.kind == "regression" else len(np.unique(train.target))
    found = []
    for number in range(1, count + 1):
        before, now = np.flatnonzero(block < number), np.flatnonzero(block == number)
        if len(before) and len(now) and (not classes or len(np.unique(train.target[before])) == classes):
            found.append((before, now))
    return found


def draw_units(train: Dataset, *, most: int, seed: int) -> np.ndarray:
    """Positions of at most about `most` rows, groups and near-copies whole; all if there are no more."""
    if len(train) <= most:
        return np.arange(len(train))
    units, inverse = np.unique(_together(train), return_inverse=True)
    order = np.random.default_rng(seed).permutation(len(units))
    rank = np.empty(len(units), dtype=np.int64)
    rank[order] = np.arange(len(units))
    sizes = np.bincount(inverse)[order]
    kept = int(np.searchsorted(np.cumsum(sizes), most, side="right"))
    return np.flatnonzero(rank[inverse] < max(kept, 1))


def bootstrap_rows(train: Dataset, *, seed: int) -> np.ndarray | None:
    """Positions of a bootstrap sample, whole groups where there are any; None if a class is always lost."""
    random = np.random.default_rng(seed)
    units = np.arange(len(train)) if train.groups is None else group_keys(train.groups)
    order = np.argsort(units, kind="stable")
    _, starts, sizes = np.unique(units[order], return_index=True, return_counts=True)
    for _ in range(20):
        drawn = random.integers(0, len(starts), len(starts))
        rows = order[np.concatenate([np.arange(starts[u], starts[u] + sizes[u]) for u in drawn])]
        if train.task.kind == "regression" or len(np.unique(train.target[rows])) == len(train.classes):
            return rows
    return None

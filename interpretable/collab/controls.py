"""What generated rows must beat: as many rows made of the real ones alone, and themselves with any label."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from interpretable.records.dataset import Dataset
from interpretable.records.synthetic import Kind, Provenance, Synthetic

NEIGHBOURS = 5


@dataclass(frozen=True)
class Bootstrap:
    """Rows drawn again, numbers moved towards a near row of the same class (SMOTE: Chawla et al., 2002).

    Levels and texts are those of the row that was drawn. It holds no knowledge from elsewhere: what it gains,
    any generator of this kind would gain.
    """

    name: str = "bootstrap"

    def make(self, train: Dataset, rows: int, *, seed: int) -> Synthetic:
        random = np.random.default_rng(seed)
        rows = max(rows, len(train.classes))  # one of each class
        drawn = _stratified(train, rows, random)
        numbers = [
            c.name for c in train.task.features if c.kind == "number" and train.frame[c.name].notna().any()
        ]
        near = _neighbours(train, numbers, drawn, random) if numbers else drawn
        frame = train.frame.iloc[drawn].reset_index(drop=True)
        step = random.random(rows)
        for name in numbers:
            values = train.frame[name].to_numpy()
            moved = values[drawn] + step * (values[near] - values[drawn])
            frame[name] = np.where(np.isnan(moved), values[drawn], moved)
        target = train.target[drawn]
        if train.task.kind == "regression":
            target = target + step * (train.target[near] - target)
        kind: Kind = "smote" if numbers else "bootstrap"
        ids = train.row_ids
        shown = [tuple(dict.fromkeys((ids[i], ids[j]))) for i, j in zip(drawn, near, strict=True)]
        return Synthetic(
            task=train.task, classes=train.classes, frame=frame, target=target,
            provenance=tuple(Provenance(kind=kind, maker=self.name, shown=one) for one in shown),
        )  # fmt: skip


def shuffled(made: Synthetic, *, seed: int) -> Synthetic:
    """The same rows, their outcomes dealt anew among them."""
    order = np.random.default_rng(seed).permutation(len(made))
    told = tuple(replace(one, kind="shuffled") for one in made.provenance)
    return replace(made, target=made.target[order], provenance=told)


def _stratified(train: Dataset, rows: int, random: np.random.Generator) -> np.ndarray:
    """Positions drawn with replacement; every class has its share, and one row at least."""
    if train.task.kind == "regression":
        return random.integers(0, len(train), rows)
    labels, counts = np.unique(train.target, return_counts=True)
    least = int(rows >= len(labels))  # fewer rows than classes: some class has none
    wanted = np.maximum(np.round(rows * counts / counts.sum()).astype(int), least)
    wanted[np.argmax(wanted)] += rows - wanted.sum()
    pools = [np.flatnonzero(train.target == label) for label in labels]
    return np.concatenate([random.choice(pool, max(n, 0)) for pool, n in zip(pools, wanted, strict=True)])


def _neighbours(
    train: Dataset, numbers: list[str], drawn: np.ndarray, random: np.random.Generator
) -> np.ndarray:
    """For each row drawn one of its nearest rows of the same class, by standardised numbers."""
    matrix = train.frame[numbers].to_numpy(dtype=float)
    matrix = matrix - np.nan_to_num(np.nanmean(matrix, axis=0)) if len(matrix) else matrix
    spread = np.nanstd(matrix, axis=0)
    matrix = np.nan_to_num(matrix / np.where(spread > 0, spread, 1.0))
    found = np.empty(len(drawn), dtype=np.int64)
    near: dict[int, np.ndarray] = {}
    for place, row in enumerate(drawn):
        if row not in near:
            pool = np.arange(len(train))
            if train.task.kind != "regression":
                pool = np.flatnonzero(train.target == train.target[row])
            pool = pool[pool != row]
            distance = ((matrix[pool] - matrix[row]) ** 2).sum(axis=1)
            near[row] = pool[np.argsort(distance, kind="stable")[:NEIGHBOURS]]
        found[place] = random.choice(near[row]) if len(near[row]) else row
    return found

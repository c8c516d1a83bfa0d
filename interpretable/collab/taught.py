"""A pool of unlabelled rows as a generator: the rows are real, their outcomes are a teacher's.

The control has the same rows with labels of the small model itself (self-training): what a teacher adds must
be more than what the small model already believes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from interpretable.collab.teacher import Teacher, surest
from interpretable.models.base import LINKS, Effort, families
from interpretable.models.features import describe
from interpretable.records.dataset import Dataset
from interpretable.records.synthetic import Provenance, Synthetic
from interpretable.score.output import to_prediction


def fitting(pool: Dataset, real: Dataset) -> np.ndarray:
    """bool[m]: rows of the pool with a text and without levels that the real rows do not have."""
    fits = np.ones(len(pool), dtype=bool)
    for column in pool.task.features:
        values = pool.frame[column.name].to_numpy()
        if column.kind == "text":
            fits &= np.array([isinstance(v, str) and bool(v.strip()) for v in values], dtype=bool)
        elif column.kind != "number":
            known = {*column.levels, *real.frame[column.name].dropna()}
            fits &= np.array([v is None or v != v or v in known for v in values], dtype=bool)
    return fits


@dataclass(frozen=True, eq=False, kw_only=True)
class Taught:
    """Rows of the pool with the teacher's labels, the surest share of each label."""

    teacher: Teacher
    pool: Dataset
    fitting: np.ndarray  # bool[m]
    share: float = 1.0

    @property
    def name(self) -> str:
        return self.teacher.name

    def make(self, train: Dataset, rows: int, *, seed: int) -> Synthetic:
        """At most `rows` rows of the pool, drawn by the seed."""
        labels = self.teacher.label(train)
        kept = surest(labels, self.share)
        kept = kept[self.fitting[kept]]
        if len(kept) > rows:
            kept = np.sort(np.random.default_rng(seed).permutation(kept)[:rows])
        told = Provenance(kind="labelled", maker=self.name, shown=self.teacher.shown(train))
        return Synthetic(
            task=train.task, classes=train.classes, frame=self.pool.frame.iloc[kept].reset_index(drop=True),
            target=labels.said[kept], provenance=(told,) * len(kept),
        )  # fmt: skip


@dataclass(frozen=True, eq=False, kw_only=True)
class SelfTaught:
    """The same rows, labelled by a small model that learned from the same real rows."""

    taught: Taught
    family: str
    everything: Dataset  # names the levels
    name: str = "self-training"

    def make(self, train: Dataset, rows: int, *, seed: int) -> Synthetic:
        made = self.taught.make(train, rows, seed=seed)
        if not len(made):
            return made
        effort = Effort(seed=seed, level="quick", refits=0)
        fitted = families[self.family].fit(train, describe(train, self.everything), effort)
        asked = Dataset(
            task=train.task, frame=made.frame, row_ids=np.arange(len(made)).astype(str).astype(object),
            target=None, classes=train.classes,
        )  # fmt: skip
        predicted = to_prediction(LINKS[train.task.kind], fitted.library_scores(asked))
        said = predicted.argmax(axis=1) if predicted.ndim == 2 else (predicted >= 0.5).astype(np.int64)
        told = tuple(replace(one, maker=self.name) for one in made.provenance)
        return replace(made, target=said, provenance=told)
